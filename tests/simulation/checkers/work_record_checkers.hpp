// SPDX-License-Identifier: MIT
// What must hold of the states an item's record goes through, whatever anybody was told. Each class
// is one promise of docs/wire.md, "Work".
#pragma once

#include "tests/simulation/checkers/work_history.hpp"

namespace nats_mcp::simulation {

/// One state follows on another as docs/wire.md says: what is over stays over, but for a dead item
/// that is retried or discarded; nobody takes an item before its time; the history only grows.
class records_follow_the_rules final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// An item is completed at most once.
class work_is_completed_once final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// Nobody but its holder or its offerer ends a claim before its lease is over, by the server's
/// time stamps.
class live_leases_are_kept final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What an agent reports, completes or fails it held just before; what it cancels it had offered.
class only_the_holder_finishes final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// Every claim is one attempt more, a release one less; there are never more than the item allows,
/// or a retry added.
class attempts_stay_within_the_limit final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
