// SPDX-License-Identifier: MIT
// What must have become of work when all is over. Each class is one promise of
// docs/delivery-semantics.md, "Work".
#pragma once

#include "tests/simulation/checkers/work_history.hpp"

namespace nats_mcp::simulation {

/// An accepted item was put into the queue as it was offered, once, unless it had ended before and
/// whoever offered it again was told so; and whatever is in the queue is over in the end or still
/// there, or can be retried again where a retry broke off.
class accepted_work_is_kept final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// When nothing goes wrong any more everything comes to an end: completed, dead, cancelled or
/// discarded. Only what is for an agent that does not come back may wait.
class all_work_ends final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// Whatever is dead lies with the dead letters, with its reason and its whole history, unless it
/// waits for a sweep in the lane of an agent that does not come back; and nothing else does, but
/// for a retry that broke off.
class dead_letters_are_complete final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
