// SPDX-License-Identifier: MIT
#include "protocol/jsonrpc/request_id.hpp"

#include "protocol/json/writer.hpp"
#include "protocol/limits.hpp"

namespace nats_mcp::jsonrpc {

std::optional<request_id> read_request_id(const json::value& member) {
  request_id id;
  if (const auto* text = member.get_ptr<const std::string*>()) {
    id = {request_id::kind::string, *text};
  } else {
    id = {request_id::kind::integer, json::integer_text(member)};
    if (id.text.empty()) {
      return std::nullopt;
    }
  }
  if (id.text.size() > limits::request_id_bytes_max) {
    return std::nullopt;
  }
  return id;
}

void append_request_id(std::string& out, const request_id& id) {
  if (id.type == request_id::kind::string) {
    json::append_string(out, id.text);
  } else {
    out += id.text;
  }
}

} // namespace nats_mcp::jsonrpc
