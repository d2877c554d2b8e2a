// SPDX-License-Identifier: MIT
#include "protocol/jetstream/server_identity.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

namespace nats_mcp::jetstream {

server_identity parse_server_identity(std::string_view body) {
  server_identity out;
  const auto document = json::parse(body);
  const auto* server = document ? json::find(*document, "server") : nullptr;
  if (server == nullptr) {
    return out;
  }
  out.version = json::text_member(*server, "ver");
  if (const auto time = parse_rfc3339(json::text_member(*server, "time"))) {
    out.time = *time;
  }
  return out;
}

} // namespace nats_mcp::jetstream
