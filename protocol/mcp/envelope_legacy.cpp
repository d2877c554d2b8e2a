// SPDX-License-Identifier: MIT
#include "protocol/mcp/envelope_legacy.hpp"

#include "protocol/json/writer.hpp"
#include "protocol/mcp/members.hpp"

namespace nats_mcp::mcp {

void append_legacy_result(std::string& out, std::string_view members) {
  out += '{';
  out += members;
  out += '}';
}

std::string initialize_members(std::string_view version, const implementation& server,
                               const server_capabilities& offered, std::string_view instructions) {
  std::string members = R"("protocolVersion":)";
  json::append_string(members, version);
  members += R"(,"serverInfo":)";
  append_implementation(members, server);
  members += ',';
  append_capabilities(members, offered, instructions);
  return members;
}

} // namespace nats_mcp::mcp
