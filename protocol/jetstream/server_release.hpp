// SPDX-License-Identifier: MIT
// What is known of releases of nats-server that whoever runs one should know.
#pragma once

#include <cstdint>
#include <string_view>

namespace nats_mcp::jetstream {

/// Whether nats-server of this version, such as "2.9.10", may forget what it acknowledged when it
/// is started again (docs/operations.md, "Which nats-server"): seen with 2.9.10, not with 2.10.27
/// and 2.15.1. False for what is no version.
[[nodiscard]] bool forgets_at_start(std::string_view version) noexcept;

/// Whether nats-server of this version lets both of two writes over one revision win where streams
/// have so many copies: 2.9.10 always does with three, 2.10.27 and 2.15.1 never. False for what is
/// no version.
[[nodiscard]] bool lets_both_win(std::string_view version, std::uint32_t replicas) noexcept;

} // namespace nats_mcp::jetstream
