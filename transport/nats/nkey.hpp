// SPDX-License-Identifier: MIT
// The public key that belongs to an nkey seed: nats.c signs with a seed file but wants to be told
// the public key, which users have no other reason to write down.
#pragma once

#include "protocol/error.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// The public user key (`U…`) of a user seed (`SU…`). @returns `ec::authentication_failed` with a
/// sentence that does not show the seed.
[[nodiscard]] result<std::string> public_nkey(std::string_view seed);

/// Reads the first line that is a user seed from `path`, and its public key.
[[nodiscard]] result<std::string> public_nkey_of_file(const std::string& path);

} // namespace nats_mcp::transport
