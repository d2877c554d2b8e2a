// SPDX-License-Identifier: MIT
// What must hold of what agents see of work without changing it, and of what they are told unasked.
// Each class is one promise of docs/delivery-semantics.md, "Work".
#pragma once

#include "tests/simulation/checkers/work_history.hpp"

namespace nats_mcp::simulation {

/// What an answer shows of items and dead letters was so at some moment of the call.
class looks_at_work_are_true final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// A notice tells the offerer, once, of what had happened to its item.
class notices_of_work_are_true final : public work_checker {
public:
  using work_checker::work_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
