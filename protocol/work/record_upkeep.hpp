// SPDX-License-Identifier: MIT
// What a sweep does about a record that lies untouched although it should not: buries what is out
// of attempts or past its deadline wherever it waits in its lane, and puts back into the queue what
// has lost its queue message (docs/wire.md, "The order of writes"). Whoever does it, and however
// many at once: each change is a compare-and-set.
#pragma once

#include "protocol/work/follow_up.hpp"
#include "protocol/work/lane_facts.hpp"
#include "protocol/work/work_script.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nats_mcp::work {

/// What may be wrong with a record, told from it alone.
enum class upkeep : std::uint8_t {
  /// It is over, somebody holds it, or it was touched a moment ago.
  none,
  /// Nobody may take it any more.
  bury,
  /// Its queue message should be there: see whether it is.
  check_message,
  /// It waits without a place in the queue: a retry did not come to its end.
  queue,
};

/// @param server_now the server's present, or earlier.
[[nodiscard]] upkeep upkeep_of(const found_record& found, wall_time server_now);

class record_upkeep final : public work_script {
public:
  enum class outcome : std::uint8_t { nothing_to_do, buried, queued_again };

  record_upkeep(std::string item_id, script_world world);

  void on_answers(const work_round& round) override;

  /// Set when it is decided; the notice follows. Errors: those of the commands. What was begun and
  /// failed goes on with the next sweep.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }

private:
  enum class step : std::uint8_t {
    looking,
    asking,
    burying,
    following,
    renumbering,
    queueing,
    placing
  };

  void looked(const result<work_answer>& answer);
  void bury();
  void asked(const work_round& round);
  void renumber();
  void queue();
  void queued(const result<work_answer>& answer);
  void go_on();
  void finish(outcome what) { end_ = what; }
  void fail_with(error why) { end_ = tl::make_unexpected(std::move(why)); }
  /// The revision of the write just answered; absent when the script is over: somebody was faster,
  /// or it failed.
  [[nodiscard]] std::optional<std::uint64_t> written(const result<work_answer>& answer);

  std::string item_id_;
  step step_ = step::looking;
  found_record found_;
  std::optional<follow_up> following_;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::work
