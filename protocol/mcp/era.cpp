// SPDX-License-Identifier: MIT
#include "protocol/mcp/era.hpp"

namespace nats_mcp::mcp {

era era_of(const json::value& params) noexcept {
  const auto* meta = json::find(params, "_meta");
  return meta != nullptr && json::find(*meta, protocol_version_key) != nullptr ? era::modern
                                                                               : era::legacy;
}

} // namespace nats_mcp::mcp
