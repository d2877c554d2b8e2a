// SPDX-License-Identifier: MIT
// One table per benchmark: the budget, the floor of the same run, what was measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::bench {

/// One line of a table. All numbers are in `unit`.
struct row {
  std::string what;
  std::string unit;
  /// The promise in words, such as "≤ 1.4 × floor".
  std::string budget;
  /// The limit the promise works out to in this run; none where there is no promise.
  std::optional<double> limit;
  /// Rates must reach their limit, everything else stay below it.
  enum class direction { at_most, at_least } better = direction::at_most;
  std::optional<double> floor;
  std::optional<double> measured;
};

/// Prints it to standard output; absent numbers as a dash.
void print_table(const std::string& title, const std::vector<row>& rows);

/// The value `share` (0…1) of the sorted samples stay below. Needs at least one sample.
double percentile(std::vector<double> samples, double share);

} // namespace nats_mcp::bench
