// SPDX-License-Identifier: MIT
// All chance of a simulated world. The same numbers on every platform: splitmix64, and no
// distribution of the standard library, which may differ between implementations.
#pragma once

#include <cstdint>

namespace nats_mcp::simulation {

class dice {
public:
  explicit dice(std::uint64_t seed) noexcept
    : state_{seed} {
    // nop
  }

  std::uint64_t operator()() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
  }

  /// 0 … `count` - 1. The bias of the remainder is far below what a simulation could notice.
  std::uint64_t below(std::uint64_t count) noexcept { return (*this)() % count; }

  /// `least` … `most`.
  std::uint64_t between(std::uint64_t least, std::uint64_t most) noexcept {
    return least + below(most - least + 1);
  }

  /// True in so many of ten thousand cases.
  bool chance(std::uint64_t ten_thousandths) noexcept { return below(10'000) < ten_thousandths; }

  /// Dice of their own for a part, so that what one part rolls does not move another's numbers.
  dice fork() noexcept { return dice{(*this)()}; }

private:
  std::uint64_t state_;
};

} // namespace nats_mcp::simulation
