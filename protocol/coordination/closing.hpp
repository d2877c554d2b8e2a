// SPDX-License-Identifier: MIT
// What is left to do about an item that is over before its request may go: what its state asks for
// (protocol/work/follow_up.hpp), and the removal of queue messages nobody may ever be handed, since
// they lie in the lane of one worker. Doing it again does no harm. Part of a script.
#pragma once

#include "protocol/work/follow_up.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nats_mcp::coordination {

class closing {
public:
  /// Its offerer may have been told already.
  enum class news : bool { perhaps_told, told_long_ago };

  /// @param is_worker_gone whether nobody looks after what lies in its worker's lane.
  closing(work::item_record record, news told, bool is_worker_gone);

  /// What to ask now, at once; nothing when all is done.
  [[nodiscard]] std::vector<work::work_command> next(const work::script_world& world);
  /// The answers to it, in its order.
  void on_answers(const std::vector<result<work::work_answer>>& answers);

  [[nodiscard]] bool owes_letter() const noexcept { return following_.owes_letter(); }
  /// Why the dead letter could not be stored; the rest was left out.
  [[nodiscard]] const std::optional<error>& failure() const noexcept {
    return following_.failure();
  }
  [[nodiscard]] bool notice_lost() const noexcept { return following_.notice_lost(); }

private:
  work::follow_up following_;
  news told_;
  /// The sequences of queue messages to be removed.
  std::vector<std::uint64_t> left_;
  bool is_removing_ = false;
};

} // namespace nats_mcp::coordination
