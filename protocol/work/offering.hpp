// SPDX-License-Identifier: MIT
// Offering an item: the queue message first, its acknowledgement, then the record and the entry of
// its task. With an idempotency key the id is the same each time, and the record comes first: of
// two that offer under one key at one moment, whose record is there first has it.
#pragma once

#include "protocol/work/work_script.hpp"

#include <cstdint>
#include <optional>

namespace nats_mcp::work {

class offering final : public work_script {
public:
  enum class novelty : std::uint8_t {
    /// A random id.
    certain,
    /// An id made of an idempotency key: look first.
    to_be_seen,
  };
  struct outcome {
    /// As it is known: of an item offered before, what was offered then.
    work_item item;
    bool offered_before = false;
    /// A coordinator sees to it.
    bool is_coordinated = false;
    /// What had become of it by then; an item that is over is not worked on again.
    item_state state = item_state::pending;
  };

  offering(work_item item, novelty is_new, script_world world);

  void on_answers(const work_round& round) override;

  /// Set when the queue message is stored and the item can be looked up, or could not be recorded:
  /// then its claim does that. Errors: those of the commands, in the offerer's words;
  /// `limit_exceeded` when the queue is full.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }

private:
  enum class step : std::uint8_t { looking, reserving, queueing, recording, placing };

  void look();
  void looked(const result<work_answer>& answer);
  void reserve();
  void reserved(const result<work_answer>& answer);
  void queue();
  void queued(const result<work_answer>& answer);
  void fail_with(error why);

  work_item item_;
  novelty is_new_;
  step step_ = step::looking;
  unsigned conflicts_ = 0;
  bool offered_before_ = false;
  /// As it stands, or is to be written; its next write has to expect the revision.
  item_record record_;
  std::uint64_t revision_ = 0;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::work
