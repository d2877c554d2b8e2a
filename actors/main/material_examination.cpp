// SPDX-License-Identifier: MIT
#include "actors/main/material_examination.hpp"

#include "transport/nats/material.hpp"

#include "actors/main/nats_endpoint.hpp"

namespace nats_mcp {

void examine_material(examination& report, const config::nats_settings& nats, wall_time now) {
  for (const auto& fact : transport::look_at_material(configured_endpoint(nats, {}), now)) {
    if (fact.how == transport::material_fact::mark::odd) {
      report.odd(fact.sentence);
    } else {
      report.fine(fact.sentence);
    }
  }
}

} // namespace nats_mcp
