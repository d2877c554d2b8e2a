// SPDX-License-Identifier: MIT
#include "protocol/tools/agent_tools.hpp"

#include "protocol/json/reference.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_fields.hpp"
#include "protocol/tools/shown_text.hpp"
#include "protocol/tools/tool_fields.hpp"

#include <algorithm>

namespace nats_mcp::tools {

template result<register_agent_arguments> decode_arguments(const json::value&);
template result<discover_agents_arguments> decode_arguments(const json::value&);
template result<get_agent_info_arguments> decode_arguments(const json::value&);
template result<update_presence_arguments> decode_arguments(const json::value&);
template result<deregister_agent_arguments> decode_arguments(const json::value&);
template json::value structured(const register_agent_result&);
template json::value structured(const discover_agents_result&);
template json::value structured(const get_agent_info_result&);
template json::value structured(const update_presence_result&);
template json::value structured(const deregister_agent_result&);

namespace {

/// The seed says `60s`, where the shortest text would be `1m`.
std::string in_seconds(std::chrono::milliseconds span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  return seconds == span ? std::to_string(seconds.count()) + "s" : nats_mcp::to_text(span);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) {
    out += (&text == &texts.front() ? "" : ", ") + one_line(text);
  }
  return out;
}

std::string in_brackets(const std::vector<std::string>& texts) { return "[" + joined(texts) + "]"; }

std::string block(const agent_summary& agent) {
  return "**" + shown_name(agent.handle) + "** (" + one_line(agent.agent_type) + ")\n- GUID: "
         + one_line(agent.guid) + "\n- Status: " + std::string{to_text(agent.status)}
         + "\n- Capabilities: " + in_brackets(agent.capabilities)
         + "\n- Last seen: " + one_line(agent.last_seen);
}

std::string row(const std::string& field, std::string_view content) {
  return "| " + field + " | " + json::table_cell(content) + " |\n";
}

/// Why somebody may not stand in the list who is there.
std::string missing_agents(const discover_agents_result& outcome) {
  std::string out;
  if (outcome.incomplete) {
    out += "\n\nSome may be missing: there are more agents than the "
           + std::to_string(limits::agents_in_view_max) + " this server keeps in view.";
  }
  if (!outcome.not_allowed.empty()) {
    out +=
      "\n\nNot looked at, because the NATS server does not allow this user to: agents with the "
      "visibility ";
    for (const auto& one : outcome.not_allowed) {
      out += (&one == &outcome.not_allowed.front() ? "" : ", ") + std::string{to_text(one)};
    }
    out += '.';
  }
  return out;
}

std::string change_line(const std::string& what, std::string_view before, std::string_view after) {
  return "\n- " + what + ": " + std::string{before} + " → " + std::string{after};
}

} // namespace

result<void> check(const get_agent_info_arguments& arguments) {
  if (arguments.guid && arguments.handle) {
    return fail(ec::invalid_argument, "Arguments \"guid\" and \"handle\" were both given, but only "
                                      "one of them is allowed. Leave \"handle\" out.");
  }
  if (!arguments.guid && !arguments.handle) {
    return fail(ec::invalid_argument,
                "Neither \"guid\" nor \"handle\" was given; one of them is needed to say which "
                "agent is meant. Example: \"handle\": \"code-reviewer\".");
  }
  return {};
}

result<void> check(const update_presence_arguments& arguments) {
  if (!arguments.status && !arguments.current_task_count && !arguments.capabilities) {
    return fail(ec::invalid_argument,
                "None of \"status\", \"currentTaskCount\" and \"capabilities\" was given; at least "
                "one of them is needed. Example: \"status\": \"busy\".");
  }
  return {};
}

std::string handle_of_type(std::string_view agent_type) {
  std::string out;
  for (const char letter : agent_type) {
    if (out.size() == limits::name_characters_max) {
      break;
    }
    const auto byte = static_cast<unsigned char>(letter);
    if (letter >= 'A' && letter <= 'Z') {
      out += static_cast<char>(letter - 'A' + 'a');
    } else if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
      out += letter;
    } else if ((byte & 0xc0U) != 0x80U) { // one `-` for a character of several bytes
      out += '-';
    }
  }
  return out.empty() ? "agent" : out;
}

error not_registered() {
  return {ec::not_found,
          "You are not registered, so other agents cannot find you or write to you. Call "
          "register_agent first, for example with \"agentType\": \"developer\".",
          0};
}

std::string_view to_text(agent_status status) noexcept { return json::choice_text(status); }

std::string_view to_text(effective_status status) noexcept { return json::choice_text(status); }

std::string_view to_text(agents::visibility seen_by) noexcept { return json::choice_text(seen_by); }

std::string remark(const likely_predecessor& who) {
  using std::chrono::seconds;
  const auto wait = std::chrono::ceil<seconds>(who.free_in);
  return "the GUID of this name is another session's, seen "
         + in_seconds(std::chrono::floor<seconds>(who.seen_ago))
         + " ago. If that was you before a restart, register_agent"
         + (wait.count() > 0 ? " in " + in_seconds(wait) : std::string{}) + " returns to it";
}

std::string render(const register_agent_result& outcome) {
  auto out = "Agent registered successfully!\n- GUID: " + one_line(outcome.guid)
             + "\n- Handle: " + one_line(outcome.handle) + "\n- Heartbeat: active ("
             + in_seconds(outcome.heartbeat_interval) + " interval)";
  if (outcome.returned) {
    out += "\n- Returned: this GUID was yours before; mail that came meanwhile is waiting";
  }
  return outcome.predecessor ? out + "\n- Note: " + remark(*outcome.predecessor) : out;
}

std::string render(const discover_agents_result& outcome) {
  const auto shown = outcome.agents.size();
  const auto missing = missing_agents(outcome);
  if (shown == 0) {
    return (outcome.total == 0
              ? "No agents found. Fewer filters find more; includeOffline=true also shows stale "
                "and offline agents. An agent is found after its register_agent, by those its "
                "visibility allows."
              : "No more agents: " + counted(outcome.total, "agent") + " found in all, "
                  + "those before this cursor included.")
           + missing;
  }
  auto out = "Found " + counted(std::max<std::uint64_t>(outcome.total, shown), "agent");
  out += outcome.total > shown ? ", " + std::to_string(shown) + " of them here:" : ":";
  for (const auto& agent : outcome.agents) {
    out += "\n\n" + block(agent);
  }
  out += missing;
  return outcome.next_cursor.empty() ? out
                                     : out + "\n\nNext: cursor=" + one_line(outcome.next_cursor);
}

std::string render(const get_agent_info_result& outcome) {
  const auto& agent = outcome.agent;
  auto out =
    "## Agent: " + one_line(agent.handle) + "\n\n| Field | Value |\n|-------|-------|\n"
    + row("GUID", one_line(agent.guid)) + row("Type", one_line(agent.agent_type))
    + row("Status", to_text(agent.status)) + row("Capabilities", joined(agent.capabilities))
    + row("Hostname", one_line(agent.hostname)) + row("Project", one_line(agent.project_id));
  if (!agent.username.empty()) {
    out += row("User", one_line(agent.username));
  }
  out += row("Visibility", to_text(agent.visibility))
         + row("Current tasks", std::to_string(agent.current_task_count))
         + row("Last seen", one_line(agent.last_seen))
         + row("Registered", one_line(agent.registered_at));
  out.pop_back(); // the last line feed
  return out;
}

std::string render(const update_presence_result& outcome) {
  std::string out = "Presence updated:";
  if (const auto& status = outcome.status) {
    out += change_line("Status", to_text(status->before), to_text(status->after));
  }
  if (const auto& tasks = outcome.current_task_count) {
    out +=
      change_line("Current Tasks", std::to_string(tasks->before), std::to_string(tasks->after));
  }
  if (const auto& skills = outcome.capabilities) {
    out += change_line("Capabilities", in_brackets(skills->before), in_brackets(skills->after));
  }
  return out;
}

std::string render(const deregister_agent_result& /*outcome*/) {
  return "Agent deregistered successfully.\n- Status: offline\n- Heartbeat: stopped";
}

std::vector<tool_declaration> agent_tools() {
  return {
    // The handle it gives the session counts for the client's next line.
    declared<register_agent_arguments, register_agent_result>(
      {.name = "register_agent",
       .title = "Register me",
       .description =
         "Register yourself so that other agents can find you and send you direct "
         "messages. Needed once before direct messages and work. Again: changes your entry.",
       .annotations = {.destructive = false, .idempotent = true},
       .set = tool_set::agents,
       .order = dispatch_order::exclusive}),
    declared<discover_agents_arguments, discover_agents_result>(
      {.name = "discover_agents",
       .title = "Find agents",
       .description = "Find agents you may see, yourself included, most recently seen first. All "
                      "filters given have to match.",
       .annotations = {.read_only = true},
       .set = tool_set::agents}),
    declared<get_agent_info_arguments, get_agent_info_result>(
      {.name = "get_agent_info",
       .title = "Show an agent",
       .description = "Show everything known of one agent: by guid, or by handle.",
       .annotations = {.read_only = true},
       .set = tool_set::agents}),
    declared<update_presence_arguments, update_presence_result>(
      {.name = "update_presence",
       .title = "Update my presence",
       .description = "Tell others how you are: your status, how many tasks you have, what you "
                      "can do. At least one.",
       .annotations = {.destructive = false, .idempotent = true},
       .set = tool_set::agents}),
    declared<deregister_agent_arguments, deregister_agent_result>(
      {.name = "deregister_agent",
       .title = "Deregister me",
       .description = "Go offline for other agents. Messages to you are kept; register_agent "
                      "brings you back.",
       .annotations = {.destructive = false},
       .set = tool_set::agents}),
  };
}

} // namespace nats_mcp::tools
