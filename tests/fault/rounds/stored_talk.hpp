// SPDX-License-Identifier: MIT
// What NATS holds of talk in the end, read over a plain socket (docs/wire.md), so that what the
// checker judges does not depend on the program under test.
#pragma once

#include "tests/fault/rounds/talk_checker.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// Reads these channels of the namespace `crew`, and every inbox. Throws when the server does not
/// answer.
[[nodiscard]] talk_content read_stored_talk(std::uint16_t port,
                                            const std::vector<std::string>& channels);

} // namespace nats_mcp::testing
