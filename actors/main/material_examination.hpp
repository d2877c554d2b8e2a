// SPDX-License-Identifier: MIT
// What `doctor` tells of the files that are to let us in, before it tries whether they do.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/time.hpp"

#include "actors/main/examination.hpp"

namespace nats_mcp {

/// Whose the credentials are, until when they and the certificates are valid, and who may read
/// them.
void examine_material(examination& report, const config::nats_settings& nats, wall_time now);

} // namespace nats_mcp
