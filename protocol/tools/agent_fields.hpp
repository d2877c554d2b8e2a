// SPDX-License-Identifier: MIT
// The field tables of the agent tools' arguments and results: names, limits, examples and words of
// every member, from which schema, decoding and reference page follow (json/field_table.hpp).
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/tools/agent_tools.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::json {

template <>
struct choices<agents::visibility> {
  static constexpr std::array<std::pair<agents::visibility, std::string_view>, 4> names{{
    {agents::visibility::private_, "private"},
    {agents::visibility::project_only, "project-only"},
    {agents::visibility::user_only, "user-only"},
    {agents::visibility::public_, "public"},
  }};
};

template <>
struct choices<tools::agent_status> {
  static constexpr std::array<std::pair<tools::agent_status, std::string_view>, 3> names{{
    {tools::agent_status::online, "online"},
    {tools::agent_status::busy, "busy"},
    {tools::agent_status::offline, "offline"},
  }};
};

template <>
struct choices<tools::effective_status> {
  static constexpr std::array<std::pair<tools::effective_status, std::string_view>, 4> names{{
    {tools::effective_status::online, "online"},
    {tools::effective_status::busy, "busy"},
    {tools::effective_status::stale, "stale"},
    {tools::effective_status::offline, "offline"},
  }};
};

/// The type is required; everything else has a default.
template <>
struct described<tools::register_agent_arguments> {
  static const field_table<tools::register_agent_arguments>& fields();
};
/// Another that speaks as this agent, or did.
template <>
struct described<tools::likely_predecessor> {
  static const field_table<tools::likely_predecessor>& fields();
};
/// Who this agent is from now on.
template <>
struct described<tools::register_agent_result> {
  static const field_table<tools::register_agent_result>& fields();
};
/// Another agent: nothing in it is ours but the status.
template <>
struct described<tools::agent_summary> {
  static const field_table<tools::agent_summary>& fields();
};
/// Filters, all of which have to match.
template <>
struct described<tools::discover_agents_arguments> {
  static const field_table<tools::discover_agents_arguments>& fields();
};
/// A page of agents and where the next one begins.
template <>
struct described<tools::discover_agents_result> {
  static const field_table<tools::discover_agents_result>& fields();
};
/// One of the two.
template <>
struct described<tools::get_agent_info_arguments> {
  static const field_table<tools::get_agent_info_arguments>& fields();
};
/// The agent.
template <>
struct described<tools::get_agent_info_result> {
  static const field_table<tools::get_agent_info_result>& fields();
};
/// At least one of them.
template <>
struct described<tools::update_presence_arguments> {
  static const field_table<tools::update_presence_arguments>& fields();
};
/// A value before and after; `Value` has a codec of its own.
template <class Value>
struct described<tools::change_of<Value>> {
  static const field_table<tools::change_of<Value>>& fields() {
    using change = tools::change_of<Value>;
    static const field_table<change> table{{
      member<change>(&change::before, {.name = "before", .need = presence::required}),
      member<change>(&change::after, {.name = "after", .need = presence::required}),
    }};
    return table;
  }
};
/// What was named in the arguments, before and after.
template <>
struct described<tools::update_presence_result> {
  static const field_table<tools::update_presence_result>& fields();
};
/// `deregister_agent` takes nothing.
template <>
struct described<tools::deregister_agent_arguments> {
  static const field_table<tools::deregister_agent_arguments>& fields();
};
/// Who this agent was.
template <>
struct described<tools::deregister_agent_result> {
  static const field_table<tools::deregister_agent_result>& fields();
};

} // namespace nats_mcp::json
