// SPDX-License-Identifier: MIT
// At which message which actor of one process fails: the probe of its tree
// (actors/supervision/actor_shell.hpp), counting down to a number the dice gave.
#pragma once

#include "tests/simulation/world/dice.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace nats_mcp::simulation {

class crash_points {
public:
  /// @param every see `world_plan::crash_every`.
  crash_points(dice chance, const std::map<std::string, std::uint64_t>& every);

  /// A message is about to reach `part`. Throws if the part is to fail there.
  void look(std::string_view part);

  /// Nobody fails any more.
  void heal() noexcept { points_.clear(); }

  [[nodiscard]] std::uint64_t crashes() const noexcept { return crashes_; }

private:
  struct point {
    std::uint64_t every = 0;
    std::uint64_t left = 0;
  };

  dice chance_;
  std::map<std::string, point, std::less<>> points_;
  std::uint64_t crashes_ = 0;
};

} // namespace nats_mcp::simulation
