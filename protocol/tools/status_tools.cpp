// SPDX-License-Identifier: MIT
#include "protocol/tools/status_tools.hpp"

#include "protocol/text.hpp"
#include "protocol/tools/channel_fields.hpp"
#include "protocol/tools/tool_fields.hpp"

#include <array>
#include <cstdio>

namespace nats_mcp::json {

using namespace tools;

template <>
struct described<server_status_arguments> {
  static const field_table<server_status_arguments>& fields() {
    static const field_table<server_status_arguments> table{{}};
    return table;
  }
};

template <>
struct described<nats_summary> {
  static const field_table<nats_summary>& fields() {
    static const field_table<nats_summary> table{{
      member<nats_summary>(&nats_summary::state, {.name = "state", .need = presence::required}),
      member<nats_summary>(&nats_summary::server, {.name = "server"}),
      member<nats_summary>(&nats_summary::server_version, {.name = "serverVersion"}),
      member<nats_summary>(&nats_summary::round_trip_ms, {.name = "roundTripMs"}),
      member<nats_summary>(&nats_summary::reconnects, {.name = "reconnects"}),
      member<nats_summary>(&nats_summary::reason,
                           {.name = "reason", .doc = "Why there is no connection."}),
    }};
    return table;
  }
};

template <>
struct described<part_summary> {
  static const field_table<part_summary>& fields() {
    static const field_table<part_summary> table{{
      member<part_summary>(&part_summary::name, {.name = "name", .need = presence::required}),
      member<part_summary>(&part_summary::state, {.name = "state", .need = presence::required}),
      member<part_summary>(&part_summary::restarts, {.name = "restarts"}),
      member<part_summary>(&part_summary::last_failure, {.name = "lastFailure"}),
    }};
    return table;
  }
};

template <>
struct described<server_status_result> {
  static const field_table<server_status_result>& fields() {
    using status = server_status_result;
    static const field_table<status> table{{
      member<status>(&status::version, {.name = "version", .need = presence::required}),
      member<status>(&status::nats, {.name = "nats", .need = presence::required}),
      member<status>(&status::handle, {.name = "handle"}),
      member<status>(&status::guid, {.name = "guid"}),
      member<status>(&status::project_id, {.name = "projectId"}),
      member<status>(&status::channel_namespace, {.name = "namespace"}),
      member<status>(&status::configuration_problems, {.name = "configurationProblems"}),
      member<status>(&status::unread, {.name = "unread", .doc = "Channel messages not shown yet."}),
      member<status>(
        &status::unread_channels,
        {.name = "unreadChannels", .doc = "The same for each channel that was read with unread."}),
      member<status>(&status::unread_mail,
                     {.name = "unreadDirectMessages", .doc = "Absent while not registered."}),
      member<status>(&status::held_work,
                     {.name = "heldWork", .doc = "Ids of the work items you hold."}),
      member<status>(&status::parts, {.name = "parts", .need = presence::required}),
    }};
    return table;
  }
};

} // namespace nats_mcp::json

namespace nats_mcp::tools {

template result<server_status_arguments> decode_arguments(const json::value&);
template json::value structured(const server_status_result&);

namespace {

std::string shown_milliseconds(double span) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f ms", span);
  return text.data();
}

std::string nats_line(const nats_summary& nats) {
  if (nats.state == "idle" && nats.reason.empty()) {
    return "- NATS: not connected yet; the first tool call that needs it connects";
  }
  std::string out = "- NATS: " + one_line(nats.state);
  if (!nats.server.empty()) {
    out += (nats.state == "connected" ? " to " : ", last to ") + one_line(nats.server);
  }
  std::vector<std::string> facts;
  if (!nats.server_version.empty()) {
    facts.push_back("nats-server " + one_line(nats.server_version));
  }
  if (nats.round_trip_ms) {
    facts.push_back("round trip " + shown_milliseconds(*nats.round_trip_ms));
  }
  if (!nats.server.empty()) {
    facts.push_back(counted(nats.reconnects, "reconnect"));
  }
  for (const auto& fact : facts) {
    out += (&fact == &facts.front() ? " (" : ", ") + fact;
  }
  out += facts.empty() ? "" : ")";
  return nats.reason.empty() ? out : out + "\n- NATS problem: " + one_line(nats.reason);
}

std::string part_line(const part_summary& part) {
  auto out = "\n  - " + one_line(part.name) + ": " + one_line(part.state) + ", "
             + counted(part.restarts, "restart");
  return part.last_failure.empty() ? out : out + ", last failure: " + one_line(part.last_failure);
}

} // namespace

std::string render(const server_status_result& outcome) {
  std::string out = "nats-mcp-server " + one_line(outcome.version) + "\n" + nats_line(outcome.nats);
  out += "\n- Handle: " + (outcome.handle.empty() ? "not set" : one_line(outcome.handle));
  if (!outcome.guid.empty()) {
    out += "\n- GUID: " + one_line(outcome.guid);
  }
  out += "\n- Project: " + one_line(outcome.project_id) + ", namespace "
         + one_line(outcome.channel_namespace);
  if (outcome.unread) {
    out += "\n- Unread: " + counted(*outcome.unread, "channel message");
    std::string list;
    for (const auto& news : outcome.unread_channels) {
      list +=
        (list.empty() ? " (#" : ", #") + one_line(news.channel) + " " + std::to_string(news.unread);
    }
    out += list.empty() ? " (no channel was read with unread yet)" : list + ")";
  }
  if (outcome.unread_mail) {
    out += "\n- Inbox: " + counted(*outcome.unread_mail, "unread direct message");
  }
  if (!outcome.held_work.empty()) {
    out += "\n- Work held: " + std::to_string(outcome.held_work.size());
    for (const auto& id : outcome.held_work) {
      out += (&id == &outcome.held_work.front() ? " (" : ", ") + one_line(id);
    }
    out += ")";
  }
  out += "\n- Configuration: ";
  out += outcome.configuration_problems.empty()
           ? "no problems"
           : counted(outcome.configuration_problems.size(), "problem");
  for (const auto& problem : outcome.configuration_problems) {
    out += "\n  - " + one_line(problem);
  }
  out += "\n- Parts:";
  for (const auto& part : outcome.parts) {
    out += part_line(part);
  }
  return out;
}

std::vector<tool_declaration> status_tools() {
  return {
    declared<server_status_arguments, server_status_result>(
      {.name = "server_status",
       .title = "Show server status",
       .description = "Show how this server is doing: NATS connection, identity, configuration "
                      "problems, every part with its restarts. Works without NATS.",
       .annotations = {.read_only = true, .open_world = false},
       .nats = nats_need::none}),
  };
}

} // namespace nats_mcp::tools
