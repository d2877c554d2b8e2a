// SPDX-License-Identifier: MIT
// Products that are broken on purpose, to see that a run notices.
#pragma once

#include "tests/fault/actors/actor_stage.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::fault {

[[nodiscard]] std::vector<std::string_view> broken_parts();

/// Changes the stage so that the product on it is broken in this way. @pre it is one of them, or
/// empty
void break_part(std::string_view how, actor_stage::options& stage);

} // namespace nats_mcp::fault
