// SPDX-License-Identifier: MIT
#include "protocol/tools/agent_tools.hpp"
#include "protocol/tools/catalog.hpp"
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/direct_message_tools.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/status_tools.hpp"

#include "tests/reference/answers.hpp"
#include "tests/reference/pages.hpp"

namespace nats_mcp::reference {

namespace {

std::string set_name(tools::tool_set set) {
  switch (set) {
    case tools::tool_set::always:
      return "always";
    case tools::tool_set::channels:
      return "channels";
    case tools::tool_set::agents:
      return "agents";
    case tools::tool_set::work:
      return "work";
    case tools::tool_set::dead_letters:
      return "dead-letters";
  }
  return {};
}

std::string section(const tools::tool_declaration& tool) {
  std::string out = "\n## `" + std::string{tool.name} + "`\n\n" + std::string{tool.description};
  out += "\n\nOffered with: " + set_name(tool.set) + ". ";
  out += tool.nats == tools::nats_need::required ? "Needs NATS. " : "Works without NATS. ";
  out += tool.annotations.read_only     ? "Only reads."
         : tool.annotations.destructive ? "May delete or overwrite."
                                        : "Adds or sets, deletes nothing.";
  return out + "\n\n" + tool.reference();
}

tools::server_status_result status() {
  tools::server_status_result out;
  out.version = "0.1.0";
  out.nats = {"connected", "nats://127.0.0.1:4222", "2.10.27", 0.4, 0, {}};
  out.handle = "project-manager";
  out.project_id = "ba7816bf8f01cfea";
  out.channel_namespace = "my-project";
  out.unread = 2;
  out.unread_channels = {{"planning", 2}};
  out.held_work = {"550e8400-e29b-41d4-a716-446655440000"};
  out.parts = {{"gateway", "running", 0, {}},
               {"channels", "running", 1, "the reason of the last failure"},
               {"session", "running", 0, {}}};
  return out;
}

constexpr const char* reviewer_guid = "123e4567-e89b-12d3-a456-426614174000";

std::string agent_examples() {
  using std::chrono_literals::operator""s;
  tools::agent_summary agent;
  agent.guid = reviewer_guid;
  agent.handle = "code-reviewer";
  agent.agent_type = "reviewer";
  agent.status = tools::effective_status::online;
  agent.capabilities = {"code-review", "security-audit"};
  agent.last_seen = "2025-01-15T10:05:00.000Z";
  agent.hostname = "build-1";
  agent.project_id = "ba7816bf8f01cfea";
  agent.registered_at = "2025-01-15T09:00:00.000Z";
  tools::update_presence_result presence;
  presence.status = {tools::agent_status::online, tools::agent_status::busy};
  presence.current_task_count = {0, 3};
  return answer("register_agent",
                tools::register_agent_result{"550e8400-e29b-41d4-a716-446655440000", "developer",
                                             60s, false})
         + answer("register_agent, as an agent that was there before",
                  tools::register_agent_result{"550e8400-e29b-41d4-a716-446655440000", "developer",
                                               60s, true})
         + answer("register_agent, a moment after a restart",
                  tools::register_agent_result{reviewer_guid, "developer", 60s, false,
                                               tools::likely_predecessor{12s, 168s}})
         + answer("discover_agents", tools::discover_agents_result{{agent}, 1, {}})
         + answer("discover_agents, in vain", tools::discover_agents_result{})
         + answer("get_agent_info", tools::get_agent_info_result{agent})
         + answer("update_presence", presence)
         + answer("deregister_agent", tools::deregister_agent_result{});
}

std::string direct_message_examples() {
  constexpr const char* offer_id = "789e0123-e89b-42d3-a456-426614174001";
  tools::send_direct_message_result sent;
  sent.message_id = "789e0123-e89b-42d3-a456-426614174000";
  sent.recipient_guid = reviewer_guid;
  sent.recipient_handle = "code-reviewer";
  auto to_one_away = sent;
  to_one_away.recipient_status = tools::effective_status::offline;
  tools::read_direct_messages_result read;
  read.messages = {{sent.message_id, "550e8400-e29b-41d4-a716-446655440000", "project-manager",
                    "text", "2025-01-15T10:00:00.000Z", "Please review PR #42 when you have time.",
                    json::value::object()},
                   {offer_id,
                    "550e8400-e29b-41d4-a716-446655440001",
                    "developer",
                    "work-offer",
                    "2025-01-15T10:05:00.000Z",
                    "I've completed the API endpoints. Ready for review.",
                    {{"workItemId", "feature-123"}, {"capability", "code-review"}}}};
  read.unread = 3;
  return answer("send_direct_message", sent)
         + answer("send_direct_message, to an agent that is away", to_one_away)
         + answer("read_direct_messages", read)
         + answer("read_direct_messages, in vain", tools::read_direct_messages_result{});
}

/// Answers, from the functions that make them.
std::string examples() {
  tools::read_messages_result read;
  read.channel = "planning";
  read.messages = {
    {122, "2025-01-15T10:00:00.000Z", "project-manager", "Starting sprint 5.", {}},
    {123, "2025-01-15T10:05:00.000Z", "business-analyst", "Prioritizing requirements.", {}},
  };
  read.next_after = 123;
  const tools::list_channels_result channels{{{"planning", "Sprint planning and prioritization"}}};
  using std::chrono_literals::operator""s;
  return "\n## Answers\n\n" + answer("set_handle", tools::set_handle_result{"project-manager"})
         + answer("get_my_handle", tools::get_my_handle_result{"project-manager"})
         + answer("get_my_handle, before set_handle", tools::get_my_handle_result{})
         + answer("list_channels", channels)
         + answer("send_message", tools::send_message_result{"planning", "project-manager", 123})
         + answer("read_messages", read)
         + answer("wait_for_messages", tools::wait_for_messages_result{{{"planning", 2}}, 3s, 1})
         + answer("wait_for_messages, in vain", tools::wait_for_messages_result{{}, 30s})
         + agent_examples() + direct_message_examples() + work_examples() + dead_letter_examples()
         + answer("server_status", status());
}

} // namespace

std::string tools_page() {
  std::string out =
    "# Tools\n\n"
    "Generated from the declarations in `protocol/tools/`; do not edit. Which sets of tools are "
    "offered is decided by\n[`NATS_MCP_TOOLS`](configuration.md).\n\n"
    "A wrong argument is answered with its name, what was given, what is allowed and an example; "
    "nothing has happened then.\nAn argument that is not listed here is refused.\n";
  for (const auto& tool : tools::catalog()) {
    out += section(tool);
  }
  return out + examples();
}

} // namespace nats_mcp::reference
