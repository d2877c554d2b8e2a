// SPDX-License-Identifier: MIT
#include "protocol/mcp/method_table.hpp"

#include <algorithm>

namespace nats_mcp::mcp {

namespace {

bool is_met(method_need need, const server_capabilities& offered) noexcept {
  switch (need) {
    case method_need::nothing:
      return true;
    case method_need::resources:
      return offered.resources;
    case method_need::prompts:
      return offered.prompts;
  }
  return false;
}

} // namespace

const method_entry* find_method(std::string_view name, era of,
                                const server_capabilities& offered) noexcept {
  const auto* found = std::find_if(methods.begin(), methods.end(), [&](const method_entry& entry) {
    const auto when = of == era::legacy ? entry.in_legacy : entry.in_modern;
    return entry.name == name && when != availability::never && is_met(entry.need, offered);
  });
  return found == methods.end() ? nullptr : found;
}

} // namespace nats_mcp::mcp
