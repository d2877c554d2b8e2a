// SPDX-License-Identifier: MIT
// The protocol versions this server speaks and everything that depends on comparing them. "Legacy"
// and "modern" are the specification's words (MCP 2026-07-28, basic/versioning).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nats_mcp::mcp {

enum class era : std::uint8_t {
  /// Up to 2025-11-25: a handshake settles the version for the connection.
  legacy,
  /// From 2026-07-28: every request carries its version; nothing is remembered.
  modern,
};

/// Oldest first.
inline constexpr std::array<std::string_view, 4> legacy_versions{"2024-11-05", "2025-03-26",
                                                                 "2025-06-18", "2025-11-25"};
inline constexpr std::array<std::string_view, 1> modern_versions{"2026-07-28"};

/// The version `initialize` answers: the one asked for if it is a legacy one, else the newest
/// legacy one. Never a modern one, which a client of that era would not expect from `initialize`.
[[nodiscard]] std::string_view negotiate_legacy(std::string_view requested) noexcept;

/// Whether a modern request may name this version.
[[nodiscard]] bool is_served_modern(std::string_view version) noexcept;

/// Whether JSON-RPC batches exist in this legacy version: only in 2025-03-26.
[[nodiscard]] bool allows_batches(std::string_view legacy_version) noexcept;

} // namespace nats_mcp::mcp
