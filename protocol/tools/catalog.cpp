// SPDX-License-Identifier: MIT
#include "protocol/tools/catalog.hpp"

#include "protocol/tools/agent_tools.hpp"
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/dead_letter_tools.hpp"
#include "protocol/tools/direct_message_tools.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/status_tools.hpp"
#include "protocol/tools/tool_groups.hpp"
#include "protocol/tools/work_tools.hpp"

#include <algorithm>

namespace nats_mcp::tools {

namespace {

bool offered(tool_set set, const config::configuration& configuration) {
  switch (set) {
    case tool_set::always:
      return true;
    case tool_set::channels:
      return offers(configuration, config::tool_group::channels);
    case tool_set::agents:
      return offers(configuration, config::tool_group::agents);
    case tool_set::work:
      return offers(configuration, config::tool_group::work);
    case tool_set::dead_letters:
      return offers(configuration, config::tool_group::dead_letters);
  }
  return false;
}

} // namespace

const std::vector<tool_declaration>& catalog() {
  static const std::vector<tool_declaration> all = [] {
    std::vector<tool_declaration> out;
    for (auto&& part : {identity_tools(), channel_tools(), agent_tools(), direct_message_tools(),
                        work_tools(), dead_letter_tools(), status_tools()}) {
      out.insert(out.end(), part.begin(), part.end());
    }
    return out;
  }();
  return all;
}

std::vector<const tool_declaration*> selected_tools(const config::configuration& configuration) {
  std::vector<const tool_declaration*> out;
  for (const auto& tool : catalog()) {
    if (offered(tool.set, configuration)) {
      out.push_back(&tool);
    }
  }
  return out;
}

const tool_declaration* find_tool(std::string_view name) {
  const auto& all = catalog();
  const auto found =
    std::find_if(all.begin(), all.end(), [name](const auto& tool) { return tool.name == name; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace nats_mcp::tools
