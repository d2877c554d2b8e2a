// SPDX-License-Identifier: MIT
#include "protocol/coordination/leader_entry.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

namespace nats_mcp::coordination {

namespace {

constexpr int entry_version = 1;

} // namespace

std::string write_leader_entry(const leader_entry& entry, std::string_view write_id) {
  json::value out{
    {"v", entry_version}, {"writeId", write_id}, {"guid", entry.guid}, {"host", entry.host}};
  if (entry.released) {
    out["released"] = true;
  }
  return json::write(out);
}

read_leader read_leader_entry(std::string_view value) {
  read_leader out;
  const auto document = json::parse(value);
  if (!document || !document->is_object()) {
    return out;
  }
  if (const auto guid = json::text_member(*document, "guid"); agents::is_guid(guid)) {
    out.entry.guid = guid;
  }
  out.entry.host =
    first_characters(json::text_member(*document, "host"), limits::hostname_characters_max);
  out.entry.released = json::true_member(*document, "released");
  out.write_id = json::text_member(*document, "writeId");
  return out;
}

} // namespace nats_mcp::coordination
