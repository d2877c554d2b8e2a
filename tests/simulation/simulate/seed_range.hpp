// SPDX-License-Identifier: MIT
// Which seeds to run, as a user writes them: `1..2000`, or one number.
#pragma once

#include "protocol/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp::simulation {

struct seed_range {
  std::uint64_t first = 1;
  /// Included.
  std::uint64_t last = 1;

  [[nodiscard]] std::uint64_t size() const noexcept { return last - first + 1; }
};

/// @returns `ec::invalid_argument` for anything but `N` and `A..B` with A not above B.
[[nodiscard]] result<seed_range> parse_seed_range(std::string_view text);

[[nodiscard]] std::string to_text(const seed_range& range);

} // namespace nats_mcp::simulation
