// SPDX-License-Identifier: MIT
#include "protocol/tools/catalog.hpp"
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/status_tools.hpp"

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

template <class Result>
std::string answer(const std::string& title, const Result& outcome) {
  return "`" + title + "`\n\n```text\n" + tools::render(outcome) + "\n```\n\n";
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
  out.parts = {{"gateway", "running", 0, {}},
               {"channels", "running", 1, "the reason of the last failure"},
               {"session", "running", 0, {}}};
  return out;
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
         + answer("wait_for_messages", tools::wait_for_messages_result{{{"planning", 2}}, 3s})
         + answer("wait_for_messages, in vain", tools::wait_for_messages_result{{}, 30s})
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
