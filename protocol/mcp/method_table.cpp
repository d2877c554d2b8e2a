// SPDX-License-Identifier: MIT
#include "protocol/mcp/method_table.hpp"

#include <algorithm>

namespace nats_mcp::mcp {

const method_entry* find_method(std::string_view name, era of) noexcept {
  const auto* found = std::find_if(methods.begin(), methods.end(), [&](const method_entry& entry) {
    const auto when = of == era::legacy ? entry.in_legacy : entry.in_modern;
    return entry.name == name && when != availability::never;
  });
  return found == methods.end() ? nullptr : found;
}

} // namespace nats_mcp::mcp
