// SPDX-License-Identifier: MIT
// What must hold of what agents are told about work. Each class is one promise of
// docs/delivery-semantics.md, "Work".
#pragma once

#include "tests/simulation/checkers/work_history.hpp"

namespace nats_mcp::simulation {

/// Whoever is shown an item holds it: its process made the claim while it was asked, no other
/// answer shows the same claim, and the agent may do this work.
class work_is_shown_to_its_winner final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What an answer says was done stands in the item's record.
class work_that_is_said_done_is_done final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What an answer refuses changed nothing, then or later.
class refused_work_changes_nothing final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// One key in one project is one item, however often it is offered; without a key every offer is
/// one.
class a_key_gives_one_item final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
