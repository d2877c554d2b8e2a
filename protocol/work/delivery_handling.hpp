// SPDX-License-Identifier: MIT
// What a process does with one delivery of the work queue: reads the record, decides
// (delivery_decision.hpp), writes, and settles. A worker takes what is free; a sweep leaves it and
// only buries what is dead.
#pragma once

#include "protocol/work/follow_up.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/work_script.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace nats_mcp::work {

class delivery_handling final : public work_script {
public:
  enum class purpose : std::uint8_t { take, sweep };
  struct request {
    lane where;
    jetstream::delivery delivery;
    open_delivery handle;
    purpose why = purpose::take;
    /// Of whom the item is to be, with `take`; `claim::id` is random and new.
    claim taker;
  };

  /// The item is ours. `handle` is what the delivery can be settled by.
  struct taken_item {
    found_record found;
    open_delivery handle;
  };
  /// Not for us: somebody holds it, it is over, or (a sweep) it is free and back in its lane.
  struct passed_on {
    /// It was a left-over and is out of the queue.
    bool for_good = false;
  };
  /// It was dead, or cannot be read, and lies with the dead letters now.
  struct buried {
    std::string item_id;
    std::string reason;
  };
  /// Whether the claim took place is not known: `item_id` may be held under the claim's id, which
  /// should be released when NATS answers again.
  struct doubtful {
    std::string item_id;
    error why;
  };
  using outcome = std::variant<taken_item, passed_on, buried, doubtful>;

  delivery_handling(request what, script_world world);

  void on_answers(const work_round& round) override;

  /// Set when it is decided, which may be before the script is over: settlements and notices
  /// follow. Errors: those of the commands; the delivery comes again by itself then.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }

private:
  enum class step : std::uint8_t { looking, taking, burying, settling, following };

  void look();
  void looked(const result<work_answer>& answer);
  /// @param found null: there is no record.
  [[nodiscard]] delivery_meaning meaning(const result<std::optional<found_record>>& read) const;
  void take(const found_record* before);
  void took(const result<work_answer>& answer);
  /// @param before null: there was no record that can be read.
  void bury(const found_record* before, std::string reason);
  void buried_it(const result<work_answer>& answer);
  void write(item_record record, const found_record* before, step what);
  /// The write took place.
  void written(std::uint64_t revision);
  /// Somebody else wrote the record first: looks again, or leaves it.
  void look_again();
  /// No server of this size will ever take the record: what can be told of it goes to the dead
  /// letters. @returns whether that is why it failed.
  bool is_too_large_for(const error& why);
  void pass_on(jetstream::ack_kind kind, std::chrono::milliseconds delay);
  /// Says and does what the record's state asks for.
  void follow(item_record record, std::optional<open_delivery> handle);
  void go_on();

  request what_;
  /// Absent: the payload cannot be read.
  std::optional<delivered_item> delivered_;
  std::string item_id_;
  step step_ = step::looking;
  unsigned conflicts_ = 0;
  /// Why the record as a whole cannot be written.
  std::optional<std::string> too_large_;
  /// What the next write has to expect.
  std::uint64_t revision_ = 0;
  /// What is being written, and since when it may be there.
  found_record written_;
  std::optional<follow_up> following_;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::work
