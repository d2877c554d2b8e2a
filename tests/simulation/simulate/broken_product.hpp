// SPDX-License-Identifier: MIT
// Products that are broken on purpose, to see that the checkers notice. Each breaks what the
// gateway's connection does; none of them is part of the server that ships.
#pragma once

#include "tests/simulation/world/server_tree.hpp"

#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

/// The names `--break` takes.
[[nodiscard]] std::vector<std::string_view> broken_products();

/// The breakage of that name; an empty function for an empty name. @pre it is empty or known
[[nodiscard]] link_filter broken_product(std::string_view name);

/// The workload whose checkers catch it. @pre it is known
[[nodiscard]] std::string_view workload_that_notices(std::string_view name);

} // namespace nats_mcp::simulation
