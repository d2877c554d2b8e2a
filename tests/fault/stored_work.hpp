// SPDX-License-Identifier: MIT
// What NATS holds of work items in the end, read over a plain socket (docs/wire.md), so that what
// the checker judges does not depend on the program under test.
#pragma once

#include "tests/fault/work_checker.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace nats_mcp::testing {

/// Reads what there is of these items. Throws when the server does not answer.
[[nodiscard]] work_content read_stored_work(std::uint16_t port, const std::set<std::string>& items);

/// Those of them that have a record. Throws likewise.
[[nodiscard]] std::set<std::string> items_with_records(std::uint16_t port,
                                                       const std::set<std::string>& items);

} // namespace nats_mcp::testing
