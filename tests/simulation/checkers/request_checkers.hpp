// SPDX-License-Identifier: MIT
// What must hold of every request, whatever it asks for.
#pragma once

#include "tests/simulation/checkers/checker.hpp"
#include "tests/simulation/world/request_history.hpp"

namespace nats_mcp::simulation {

/// Every request is answered exactly once; at most once if it was withdrawn or its process was
/// killed.
class requests_are_answered_once final : public checker {
public:
  /// @param history outlives the checker.
  explicit requests_are_answered_once(const request_history& history)
    : history_{history} {
    // nop
  }

  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;

private:
  const request_history& history_;
};

/// Every answer is in the era of its request.
class answers_keep_their_era final : public checker {
public:
  /// @param history outlives the checker.
  explicit answers_keep_their_era(const request_history& history)
    : history_{history} {
    // nop
  }

  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;

private:
  const request_history& history_;
};

} // namespace nats_mcp::simulation
