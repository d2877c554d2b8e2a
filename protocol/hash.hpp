// SPDX-License-Identifier: MIT
// SHA-256: how projects get names that say nothing about their paths (docs/wire.md, "Names"); and
// UUIDs that are made of a name instead of chance.
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

/// A UUID version 5 (RFC 9562) in lower case: the same for the same name in the same space,
/// whoever makes it. @param space a UUID.
/// @returns `ec::system_error` when the system's crypto library refuses SHA-1, which is no secret's
/// keeper here.
[[nodiscard]] result<std::string> make_uuid_of_name(std::string_view space, std::string_view name);

/// What anything is called that has this name in a project: a UUID version 5. No two projects share
/// one. @returns as `make_uuid_of_name`.
[[nodiscard]] result<std::string> make_name_uuid(std::string_view project_id,
                                                 std::string_view name);

} // namespace nats_mcp
