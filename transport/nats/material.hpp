// SPDX-License-Identifier: MIT
// What can be said of the files an endpoint names before anything is wrong: whose they are, until
// when they are valid, and whether too many may read them. For `doctor`.
#pragma once

#include "protocol/time.hpp"

#include "transport/nats/endpoint.hpp"

#include <string>
#include <vector>

namespace nats_mcp::transport {

struct material_fact {
  enum class mark { fine, odd };
  mark how = mark::fine;
  std::string sentence;
};

/// Shows nothing secret. A file that cannot be used is left out: the attempt to connect says why.
[[nodiscard]] std::vector<material_fact> look_at_material(const endpoint& where, wall_time now);

} // namespace nats_mcp::transport
