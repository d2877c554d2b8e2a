// SPDX-License-Identifier: MIT
#include "protocol/mcp/version.hpp"

#include <algorithm>

namespace nats_mcp::mcp {

std::string_view negotiate_legacy(std::string_view requested) noexcept {
  const auto* known = std::find(legacy_versions.begin(), legacy_versions.end(), requested);
  return known == legacy_versions.end() ? legacy_versions.back() : *known;
}

bool is_served_modern(std::string_view version) noexcept {
  return std::find(modern_versions.begin(), modern_versions.end(), version)
         != modern_versions.end();
}

bool allows_batches(std::string_view legacy_version) noexcept {
  return legacy_version == "2025-03-26";
}

} // namespace nats_mcp::mcp
