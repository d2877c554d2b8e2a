// SPDX-License-Identifier: MIT
// What follows from the state of a record once it is written (docs/wire.md, "The order of writes"):
// the dead letter, the notice, the removal of a cancelled item's queue message, the settlement of
// the delivery. Whoever finds an item that is over does all of it again: a crash may have come
// between. Part of a script, which asks what it says.
#pragma once

#include "protocol/work/work_script.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace nats_mcp::work {

class follow_up {
public:
  /// @param before what it was until now: nobody is told the same twice; absent: not known.
  /// @param handle the delivery to be settled, if there is one.
  follow_up(item_record record, std::optional<item_record> before,
            std::optional<open_delivery> handle);

  /// What to ask now, at once; nothing when all is done.
  [[nodiscard]] std::vector<work_command> next(const script_world& world);
  /// The answers to it, in its order.
  void on_answers(const std::vector<result<work_answer>>& answers);

  /// The dead letter is not stored yet: until then the item is in nobody's list of dead ones.
  [[nodiscard]] bool owes_letter() const noexcept;
  /// Why it could not be stored. Then the rest was left out: the delivery comes again.
  [[nodiscard]] const std::optional<error>& failure() const noexcept { return failure_; }
  /// The delivery, as long as it can still be settled.
  [[nodiscard]] const std::optional<open_delivery>& handle() const noexcept { return handle_; }
  /// A notice was not stored.
  [[nodiscard]] bool notice_lost() const noexcept { return notice_lost_; }

private:
  enum class step : std::uint8_t { letter, notice, removal, settlement };

  [[nodiscard]] std::optional<work_command> command_of(step what, const script_world& world);
  [[nodiscard]] std::optional<work_command> tell(const script_world& world) const;
  [[nodiscard]] std::optional<work_command> settle(const script_world& world);
  void on_answer(step what, const result<work_answer>& answer);

  item_record record_;
  std::optional<item_record> before_;
  std::optional<open_delivery> handle_;
  /// What is asked at once, one round after another.
  std::vector<std::vector<step>> rounds_;
  std::size_t at_ = 0;
  /// The steps of the round under way that had something to ask.
  std::vector<step> asked_;
  /// When the extension under way was sent.
  monotonic_time extended_at_{};
  std::optional<error> failure_;
  bool is_letter_stored_ = false;
  bool notice_lost_ = false;
};

} // namespace nats_mcp::work
