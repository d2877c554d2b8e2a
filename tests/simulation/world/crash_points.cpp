// SPDX-License-Identifier: MIT
#include "tests/simulation/world/crash_points.hpp"

#include <stdexcept>

namespace nats_mcp::simulation {

crash_points::crash_points(dice chance, const std::map<std::string, std::uint64_t>& every)
  : chance_{chance} {
  for (const auto& [part, messages] : every) {
    points_[part] = {messages, chance_.between(1, 2 * messages)};
  }
}

void crash_points::look(std::string_view part) {
  const auto found = points_.find(part);
  if (found == points_.end() || --found->second.left > 0) {
    return;
  }
  found->second.left = chance_.between(1, 2 * found->second.every);
  ++crashes_;
  throw std::runtime_error{"the simulation wants it so"};
}

} // namespace nats_mcp::simulation
