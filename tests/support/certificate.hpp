// SPDX-License-Identifier: MIT
// A certificate for 127.0.0.1 that is its own authority, for servers that speak TLS in tests.
#pragma once

#include <filesystem>

namespace nats_mcp::testing {

/// Writes `certificate.pem` and `key.pem` into a new temporary folder, which the caller removes.
/// Throws `std::runtime_error` if that fails.
[[nodiscard]] std::filesystem::path make_certificate();

} // namespace nats_mcp::testing
