// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/round_figures.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace nats_mcp::testing {

void round_figures::print(std::ostream& out) const {
  out << std::left << std::setw(56) << "fault" << std::right << std::setw(6) << "tried"
      << std::setw(22) << "works again: median" << std::setw(12) << "longest" << '\n';
  for (const auto& [kind, all] : recoveries_) {
    auto sorted = all;
    std::sort(sorted.begin(), sorted.end());
    out << std::left << std::setw(56) << kind << std::right << std::setw(6) << sorted.size()
        << std::setw(19) << sorted[sorted.size() / 2].count() << " ms" << std::setw(9)
        << sorted.back().count() << " ms\n";
  }
}

} // namespace nats_mcp::testing
