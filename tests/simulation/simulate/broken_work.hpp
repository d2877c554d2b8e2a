// SPDX-License-Identifier: MIT
// Products that share work and are broken on purpose, see broken_product.hpp.
#pragma once

#include "tests/simulation/world/server_tree.hpp"

namespace nats_mcp::simulation {

/// Acknowledges the queue message of an item before the record says that the item is done.
[[nodiscard]] link_filter acknowledging_before_done();

/// Writes results and failures over whatever stands in the record: whoever comes late, too.
[[nodiscard]] link_filter finishing_blindly();

/// Writes letters of the dead without what happened to them.
[[nodiscard]] link_filter forgetting_history();

/// Believes that the lease of another is over.
[[nodiscard]] link_filter taking_live_leases();

/// Believes so as soon as the queue delivers an item a second time.
[[nodiscard]] link_filter leasing_by_delivery_count();

} // namespace nats_mcp::simulation
