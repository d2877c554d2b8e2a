// SPDX-License-Identifier: MIT
#include "protocol/tools/work_tools.hpp"

#include "protocol/tools/tool.hpp"

namespace nats_mcp::tools {

std::vector<tool_declaration> work_tools() {
  std::vector<tool_declaration> out;
  for (auto&& part : {work_offer_tools(), work_holding_tools(), work_lookup_tools()}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

} // namespace nats_mcp::tools
