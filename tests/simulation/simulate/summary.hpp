// SPDX-License-Identifier: MIT
// What the user sees on standard error while seeds run and when they are done.
#pragma once

#include "tests/simulation/simulate/seed_range.hpp"
#include "tests/simulation/simulate/seed_result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace nats_mcp::simulation {

class summary {
public:
  summary(const seed_range& seeds, const simulation_choice& choice);

  /// Describes a failure at once, and says now and then how far it is.
  void add(const seed_result& one);
  /// The last line: what went on in all these worlds.
  void finish() const;

  /// Of the lowest seed that failed.
  [[nodiscard]] seed_outcome outcome() const noexcept { return outcome_; }

private:
  [[nodiscard]] double seconds() const;

  seed_range seeds_;
  const simulation_choice& choice_;
  std::chrono::steady_clock::time_point began_;
  std::uint64_t done_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t lowest_failed_ = ~std::uint64_t{0};
  seed_outcome outcome_ = seed_outcome::passed;
  std::uint64_t requests_ = 0;
  std::uint64_t answers_ = 0;
  std::uint64_t turns_ = 0;
  std::chrono::milliseconds busy_{0};
  std::chrono::milliseconds healing_max_{0};
  std::map<std::string, std::uint64_t> events_;
};

} // namespace nats_mcp::simulation
