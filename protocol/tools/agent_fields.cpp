// SPDX-License-Identifier: MIT
#include "protocol/tools/agent_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"

namespace nats_mcp::json {

using namespace tools;

namespace {

/// A text to compare with.
constexpr field_rules filter(std::string_view name, std::string_view example) {
  return {
    .name = name, .length_min = 1, .length_max = limits::filter_characters_max, .example = example};
}

field_rules capabilities_argument(std::string_view doc) {
  return {.name = "capabilities",
          .doc = doc,
          .length_min = 1,
          .length_max = limits::capability_bytes_max,
          .items_max = limits::capabilities_max,
          .rule = &capability_rule(),
          .example = R"(["coding", "testing"])"};
}

} // namespace

const field_table<register_agent_arguments>& described<register_agent_arguments>::fields() {
  using arguments = register_agent_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::agent_type, {.name = "agentType",
                                               .doc = "What you are.",
                                               .need = presence::required,
                                               .length_min = 1,
                                               .length_max = limits::agent_type_characters_max,
                                               .example = R"("developer")"}),
    member<arguments>(&arguments::capabilities, capabilities_argument("What you can do.")),
    member<arguments>(
      &arguments::visibility,
      {.name = "visibility", .doc = "Who can find you.", .example = R"("project-only")"}),
    member<arguments>(&arguments::handle,
                      {.name = "handle",
                       .doc = "Your name; without it that of set_handle, else the type.",
                       .rule = &handle_rule(),
                       .example = R"("project-manager")"}),
  }};
  return table;
}

const field_table<register_agent_result>& described<register_agent_result>::fields() {
  using outcome = register_agent_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::guid, required("guid")),
    member<outcome>(&outcome::handle, required("handle")),
    member<outcome>(&outcome::heartbeat_interval,
                    fact("heartbeatInterval", "Time between two signs of life, ms.")),
    member<outcome>(&outcome::returned,
                    fact("returned", "The GUID is that of an earlier process of this agent.")),
    member<outcome>(
      &outcome::predecessor,
      {.name = "likelyPredecessor",
       .doc = "One of this name that may have been this agent before a restart; absent without."}),
  }};
  return table;
}

const field_table<likely_predecessor>& described<likely_predecessor>::fields() {
  static const field_table<likely_predecessor> table{{
    member<likely_predecessor>(&likely_predecessor::seen_ago,
                               fact("seenAgo", "Since its last sign of life, ms.")),
    member<likely_predecessor>(
      &likely_predecessor::free_in,
      fact("freeIn", "When register_agent returns to its GUID if it stays silent, ms.")),
  }};
  return table;
}

const field_table<agent_summary>& described<agent_summary>::fields() {
  using agent = agent_summary;
  static const field_table<agent> table{{
    member<agent>(&agent::guid, required("guid")),
    member<agent>(&agent::handle, required("handle")),
    member<agent>(&agent::agent_type, required("agentType")),
    member<agent>(&agent::status, required("status")),
    member<agent>(&agent::capabilities, required("capabilities")),
    member<agent>(&agent::last_seen, required("lastSeen")),
    member<agent>(&agent::hostname, required("hostname")),
    member<agent>(&agent::project_id, required("projectId")),
    member<agent>(&agent::username, {.name = "username", .doc = "Absent: not known."}),
    member<agent>(&agent::visibility, required("visibility")),
    member<agent>(&agent::current_task_count, required("currentTaskCount")),
    member<agent>(&agent::registered_at, required("registeredAt")),
  }};
  return table;
}

const field_table<discover_agents_arguments>& described<discover_agents_arguments>::fields() {
  using arguments = discover_agents_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::agent_type, filter("agentType", R"("reviewer")")),
    member<arguments>(
      &arguments::capability,
      {.name = "capability", .rule = &capability_rule(), .example = R"("code-review")"}),
    member<arguments>(&arguments::hostname, filter("hostname", R"("build-1")")),
    member<arguments>(&arguments::project_id, filter("projectId", R"("ba7816bf8f01cfea")")),
    member<arguments>(&arguments::status, {.name = "status", .example = R"("online")"}),
    member<arguments>(
      &arguments::include_offline,
      {.name = "includeOffline", .doc = "Stale and offline agents too.", .example = "true"}),
    member<arguments>(
      &arguments::limit,
      {.name = "limit", .minimum = 1, .maximum = limits::agents_listed_max, .example = "10"}),
    member<arguments>(&arguments::cursor,
                      {.name = "cursor",
                       .doc = "The \"Next\" of an earlier answer; its filters stay.",
                       .length_min = 1,
                       .length_max = limits::filter_characters_max}),
  }};
  return table;
}

const field_table<discover_agents_result>& described<discover_agents_result>::fields() {
  using outcome = discover_agents_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::agents, fact("agents", "Most recently seen first.")),
    member<outcome>(&outcome::total, fact("total", "How many match in all.")),
    member<outcome>(&outcome::next_cursor,
                    {.name = "nextCursor", .doc = "Absent: these were the last."}),
    member<outcome>(&outcome::incomplete,
                    fact("incomplete", "There are too many agents: some may be missing.")),
    member<outcome>(
      &outcome::not_allowed,
      {.name = "notAllowed", .doc = "Visibilities NATS does not let you look at. Absent: none."}),
  }};
  return table;
}

const field_table<get_agent_info_arguments>& described<get_agent_info_arguments>::fields() {
  using arguments = get_agent_info_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::guid, {.name = "guid",
                                         .doc = "Either this or handle.",
                                         .rule = &guid_rule(),
                                         .example = R"("550e8400-e29b-41d4-a716-446655440000")"}),
    member<arguments>(&arguments::handle,
                      {.name = "handle", .rule = &handle_rule(), .example = R"("code-reviewer")"}),
  }};
  return table;
}

const field_table<get_agent_info_result>& described<get_agent_info_result>::fields() {
  static const field_table<get_agent_info_result> table{{
    member<get_agent_info_result>(&get_agent_info_result::agent, required("agent")),
  }};
  return table;
}

const field_table<update_presence_arguments>& described<update_presence_arguments>::fields() {
  using arguments = update_presence_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::status, {.name = "status", .example = R"("busy")"}),
    member<arguments>(
      &arguments::current_task_count,
      {.name = "currentTaskCount", .minimum = 0, .maximum = limits::tasks_max, .example = "3"}),
    member<arguments>(&arguments::capabilities, capabilities_argument("Replaces those you have.")),
  }};
  return table;
}

const field_table<update_presence_result>& described<update_presence_result>::fields() {
  using outcome = update_presence_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::status, {.name = "status"}),
    member<outcome>(&outcome::current_task_count, {.name = "currentTaskCount"}),
    member<outcome>(&outcome::capabilities, {.name = "capabilities"}),
  }};
  return table;
}

const field_table<deregister_agent_arguments>& described<deregister_agent_arguments>::fields() {
  static const field_table<deregister_agent_arguments> table{{}};
  return table;
}

const field_table<deregister_agent_result>& described<deregister_agent_result>::fields() {
  static const field_table<deregister_agent_result> table{{
    member<deregister_agent_result>(&deregister_agent_result::guid, required("guid")),
    member<deregister_agent_result>(&deregister_agent_result::handle, required("handle")),
  }};
  return table;
}

} // namespace nats_mcp::json
