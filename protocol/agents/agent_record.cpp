// SPDX-License-Identifier: MIT
#include "protocol/agents/agent_record.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/utf8.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::agents {

namespace {

constexpr int payload_version = 1;

constexpr std::array<std::pair<visibility, std::string_view>, 4> visibilities{{
  {visibility::private_, "private"},
  {visibility::project_only, "project-only"},
  {visibility::user_only, "user-only"},
  {visibility::public_, "public"},
}};
constexpr std::array<std::pair<tools::agent_status, std::string_view>, 3> statuses{{
  {tools::agent_status::online, "online"},
  {tools::agent_status::busy, "busy"},
  {tools::agent_status::offline, "offline"},
}};

template <class Table, class Value>
std::string name_of(const Table& table, Value wanted) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [wanted](const auto& entry) { return entry.first == wanted; });
  return std::string{found->second};
}

std::string text(const json::value& document, std::string_view key) {
  return first_characters(json::text_member(document, key), limits::name_characters_max);
}

std::string host(const json::value& document) {
  return first_characters(json::text_member(document, "hostname"), limits::hostname_characters_max);
}

wall_time time(const json::value& document, std::string_view key) {
  return parse_rfc3339(json::text_member(document, key)).value_or(wall_time{});
}

std::vector<std::string> capabilities(const json::value& document) {
  std::vector<std::string> out;
  const auto* given = json::find(document, "capabilities");
  if (given == nullptr || !given->is_array()) {
    return out;
  }
  for (const auto& one : *given) {
    if (one.is_string() && out.size() < limits::capabilities_max) {
      out.push_back(
        json::shortened(one.get_ref<const std::string&>(), limits::capability_bytes_max));
    }
  }
  return out;
}

/// What makes sense of the interval somebody else claims to have.
std::chrono::milliseconds interval(const json::value& document) {
  const auto given = json::unsigned_member(document, "heartbeatIntervalMs");
  const auto longest = static_cast<std::uint64_t>(limits::heartbeat_interval_max.count());
  const auto shortest = static_cast<std::uint64_t>(limits::heartbeat_interval_min.count());
  return std::chrono::milliseconds{std::clamp(given.value_or(longest), shortest, longest)};
}

} // namespace

std::string write_agent_record(const agent_record& record, std::string_view write_id) {
  auto out = json::value::object();
  out["v"] = payload_version;
  out["writeId"] = write_id;
  out["guid"] = record.guid;
  out["sessionId"] = record.session_id;
  if (record.ended) {
    out["ended"] = true;
  }
  out["agentType"] = record.agent_type;
  out["handle"] = record.handle;
  out["hostname"] = record.hostname;
  out["projectId"] = record.project_id;
  if (!record.username.empty()) {
    out["username"] = record.username;
  }
  out["capabilities"] = record.capabilities;
  out["visibility"] = name_of(visibilities, record.seen_by);
  out["status"] = name_of(statuses, record.status);
  out["currentTaskCount"] = record.current_task_count;
  out["heartbeatIntervalMs"] = record.heartbeat_interval.count();
  out["registeredAt"] = to_rfc3339(record.registered_at);
  return json::write(out);
}

result<agent_record> read_agent_record(std::string_view key, std::string_view value) {
  const auto where = parse_agent_key(key);
  const auto document = json::parse(value);
  if (!where || !document || json::text_member(*document, "guid") != where->guid) {
    return fail(ec::malformed, "The entry \""
                                 + one_line(json::shortened(key, limits::quoted_bytes_max))
                                 + "\" is no agent's.");
  }
  agent_record out;
  out.guid = where->guid;
  out.seen_by = where->seen_by;
  out.session_id = text(*document, "sessionId");
  out.ended = json::true_member(*document, "ended");
  out.agent_type = text(*document, "agentType");
  out.handle = text(*document, "handle");
  out.hostname = host(*document);
  out.project_id = where->seen_by == visibility::project_only
                     ? first_characters(where->owner, limits::name_characters_max)
                     : text(*document, "projectId");
  out.username = text(*document, "username");
  out.capabilities = capabilities(*document);
  const auto status = json::text_member(*document, "status");
  for (const auto& [known, name] : statuses) {
    if (name == status) {
      out.status = known;
    }
  }
  out.current_task_count =
    std::max<std::int64_t>(json::signed_member(*document, "currentTaskCount").value_or(0), 0);
  out.heartbeat_interval = interval(*document);
  out.registered_at = time(*document, "registeredAt");
  return out;
}

std::string write_presence(std::string_view session_id, std::string_view write_id) {
  return json::write({{"v", payload_version}, {"sessionId", session_id}, {"writeId", write_id}});
}

std::string read_presence(std::string_view value) {
  const auto document = json::parse(value);
  return document ? text(*document, "sessionId") : std::string{};
}

std::string write_anchor(const anchor& held, std::string_view write_id) {
  return json::write({{"v", payload_version},
                      {"writeId", write_id},
                      {"sessionId", held.session_id},
                      {"agentKey", held.agent_key},
                      {"since", to_rfc3339(held.since)},
                      {"heartbeatIntervalMs", held.heartbeat_interval.count()}});
}

result<anchor> read_anchor(std::string_view value) {
  const auto document = json::parse(value);
  if (!document || json::text_member(*document, "sessionId").empty()) {
    return fail(ec::malformed, "The entry that says whose an agent's GUID is cannot be read.");
  }
  return anchor{text(*document, "sessionId"), std::string{json::text_member(*document, "agentKey")},
                time(*document, "since"), interval(*document)};
}

} // namespace nats_mcp::agents
