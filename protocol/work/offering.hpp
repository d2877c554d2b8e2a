// SPDX-License-Identifier: MIT
// Offering an item: the queue message first, its acknowledgement, then the record and the entry of
// its task. With an idempotency key the id is the same each time and an item that is known is not
// offered again.
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
  };

  offering(work_item item, novelty is_new, script_world world);

  void on_answers(const work_round& round) override;

  /// Set as soon as the queue message is stored; the record may follow. Errors: those of the
  /// commands, in the offerer's words; `limit_exceeded` when the queue is full.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }

private:
  enum class step : std::uint8_t { looking, queueing, comparing, recording };

  void looked(const result<work_answer>& answer);
  void queue();
  void queued(const result<work_answer>& answer);
  void compared(const result<work_answer>& answer);
  void record();

  work_item item_;
  novelty is_new_;
  step step_ = step::looking;
  /// What the record's first write has to expect.
  std::uint64_t revision_ = 0;
  /// The queue message's place.
  std::uint64_t sequence_ = 0;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::work
