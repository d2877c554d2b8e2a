// SPDX-License-Identifier: MIT
// What coordinators promise (docs/wire.md, "Coordinator"), each promise a class: who acts, who has
// an item, and that every item that was handed to them ends.
#pragma once

#include "tests/simulation/checkers/checker.hpp"
#include "tests/simulation/checkers/work_journal.hpp"
#include "tests/simulation/world/request_history.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

struct coordination_history {
  std::vector<leader_act> acts;
  /// What records went through.
  work_journal journal;
  /// Items that were accepted, by the answers.
  std::vector<std::string> accepted;
  /// Requests that are there in the end.
  std::size_t requests_left = 0;
};

/// All but what is accepted and left.
[[nodiscard]] coordination_history read_coordination(const request_history& requests);

/// A checker over a `coordination_history` that outlives it.
class coordination_checker : public checker {
public:
  explicit coordination_checker(const coordination_history& history)
    : history_{history} {
    // nop
  }

protected:
  [[nodiscard]] const coordination_history& history() const noexcept { return history_; }

private:
  const coordination_history& history_;
};

/// Once another coordinator acts, the one before acts no more in its term, and the term is greater.
class one_leader_acts_at_a_time final : public coordination_checker {
public:
  using coordination_checker::coordination_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// An item goes to another worker in a new generation only, and never while somebody holds it;
/// whoever holds it is whom it was given to.
class one_worker_has_an_item final : public coordination_checker {
public:
  using coordination_checker::coordination_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// No leader changes what a later one decided.
class terms_only_grow final : public coordination_checker {
public:
  using coordination_checker::coordination_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// Every item that was accepted is over in the end, completed at most once, and its request gone.
class every_request_comes_to_an_end final : public coordination_checker {
public:
  using coordination_checker::coordination_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
