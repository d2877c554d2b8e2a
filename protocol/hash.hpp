// SPDX-License-Identifier: MIT
// SHA-256: how projects get names that say nothing about their paths (docs/wire.md, "Names").
#pragma once

#include "protocol/error.hpp"

#include <string>
#include <string_view>

namespace nats_mcp {

/// SHA-256 of `text` as 64 hex digits in lower case.
/// @returns `ec::system_error` when the system's crypto library refuses the algorithm.
[[nodiscard]] result<std::string> sha256(std::string_view text);

/// The first 16 hex digits of it: enough to tell the projects of an organisation apart.
[[nodiscard]] result<std::string> short_hash(std::string_view text);

} // namespace nats_mcp
