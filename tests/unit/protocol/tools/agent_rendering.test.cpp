// SPDX-License-Identifier: MIT
// The texts of the agent tools' results, to the letter, and their structured form.
#include "protocol/tools/agent_tools.hpp"
#include "protocol/tools/tool.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace nats_mcp::tools::agent_rendering_test {
namespace {

using namespace std::chrono_literals;

agent_summary reviewer() {
  agent_summary out;
  out.guid = "123e4567-e89b-12d3-a456-426614174000";
  out.handle = "code-reviewer";
  out.agent_type = "reviewer";
  out.status = effective_status::online;
  out.capabilities = {"code-review", "security-audit"};
  out.last_seen = "2025-01-15T10:05:00Z";
  out.hostname = "build-1";
  out.project_id = "ba7816bf8f01cfea";
  out.username = "ann";
  out.visibility = agents::visibility::public_;
  out.current_task_count = 2;
  out.registered_at = "2025-01-15T09:00:00Z";
  return out;
}

TEST(agent_rendering, of_a_registration_is_the_seeds) {
  register_agent_result outcome{"550e8400-e29b-41d4-a716-446655440000", "developer", 60s, false};
  const std::string text = "Agent registered successfully!\n"
                           "- GUID: 550e8400-e29b-41d4-a716-446655440000\n"
                           "- Handle: developer\n"
                           "- Heartbeat: active (60s interval)";
  EXPECT_EQ(render(outcome), text);
  outcome.returned = true;
  EXPECT_EQ(render(outcome),
            text + "\n- Returned: this GUID was yours before; mail that came meanwhile is waiting");
  outcome.heartbeat_interval = 1500ms;
  EXPECT_NE(render(outcome).find("(1500ms interval)"), std::string::npos);
}

TEST(agent_rendering, of_a_registration_that_came_too_early_to_return_says_what_to_do) {
  register_agent_result outcome{"550e8400-e29b-41d4-a716-446655440000", "developer", 60s, false};
  outcome.predecessor = likely_predecessor{12'999ms, 167'001ms};
  EXPECT_EQ(render(outcome),
            "Agent registered successfully!\n"
            "- GUID: 550e8400-e29b-41d4-a716-446655440000\n"
            "- Handle: developer\n"
            "- Heartbeat: active (60s interval)\n"
            "- Note: the GUID of this name is another session's, seen 12s ago. If that was you "
            "before a restart, register_agent in 168s returns to it");
  outcome.predecessor = likely_predecessor{200s, 0s};
  EXPECT_NE(render(outcome).find("before a restart, register_agent returns to it"),
            std::string::npos)
    << render(outcome);
}

TEST(agent_rendering, of_a_discovery_is_the_seeds) {
  auto other = reviewer();
  other.handle = "second";
  other.status = effective_status::stale;
  other.capabilities.clear();
  EXPECT_EQ(render(discover_agents_result{{reviewer(), other}, 2, ""}),
            "Found 2 agents:\n"
            "\n"
            "**code-reviewer** (reviewer)\n"
            "- GUID: 123e4567-e89b-12d3-a456-426614174000\n"
            "- Status: online\n"
            "- Capabilities: [code-review, security-audit]\n"
            "- Last seen: 2025-01-15T10:05:00Z\n"
            "\n"
            "**second** (reviewer)\n"
            "- GUID: 123e4567-e89b-12d3-a456-426614174000\n"
            "- Status: stale\n"
            "- Capabilities: []\n"
            "- Last seen: 2025-01-15T10:05:00Z");
  EXPECT_EQ(render(discover_agents_result{{reviewer()}, 1, ""}).find("Found 1 agent:\n"), 0U);
}

TEST(agent_rendering, of_a_page_says_how_many_there_are_and_how_to_go_on) {
  const auto text = render(discover_agents_result{{reviewer()}, 120, "c1"});
  EXPECT_EQ(text.find("Found 120 agents, 1 of them here:\n\n**code-reviewer**"), 0U);
  EXPECT_TRUE(text.ends_with("\n\nNext: cursor=c1"));
  EXPECT_EQ(render(discover_agents_result{{}, 3, ""}),
            "No more agents: 3 agents found in all, those before this cursor included.");
}

TEST(agent_rendering, of_a_discovery_says_that_some_may_be_missing) {
  const std::string said = "\n\nSome may be missing: there are more agents than the 20000 this "
                           "server keeps in view.";
  EXPECT_TRUE(render(discover_agents_result{{reviewer()}, 1, "", true}).ends_with(said));
  EXPECT_TRUE(render(discover_agents_result{{reviewer()}, 2, "c1", true})
                .ends_with(said + "\n\nNext: cursor=c1"));
  EXPECT_TRUE(render(discover_agents_result{{}, 0, "", true}).ends_with(said));
}

TEST(agent_rendering, of_nobody_says_why_that_may_be) {
  EXPECT_EQ(render(discover_agents_result{}),
            "No agents found. Fewer filters find more; includeOffline=true also shows stale and "
            "offline agents. An agent is found after its register_agent, by those its visibility "
            "allows.");
}

TEST(agent_rendering, of_one_agent_is_the_seeds_table_and_more_rows) {
  EXPECT_EQ(render(get_agent_info_result{reviewer()}),
            "## Agent: code-reviewer\n"
            "\n"
            "| Field | Value |\n"
            "|-------|-------|\n"
            "| GUID | 123e4567-e89b-12d3-a456-426614174000 |\n"
            "| Type | reviewer |\n"
            "| Status | online |\n"
            "| Capabilities | code-review, security-audit |\n"
            "| Hostname | build-1 |\n"
            "| Project | ba7816bf8f01cfea |\n"
            "| User | ann |\n"
            "| Visibility | public |\n"
            "| Current tasks | 2 |\n"
            "| Last seen | 2025-01-15T10:05:00Z |\n"
            "| Registered | 2025-01-15T09:00:00Z |");
}

TEST(agent_rendering, lets_nobody_add_a_cell_or_a_row) {
  auto agent = reviewer();
  agent.agent_type = R"(a | b\| c)"
                     "\n| GUID | mine |";
  const auto text = render(get_agent_info_result{agent});
  EXPECT_NE(text.find(R"(| Type | a \| b\\\| c\n\| GUID \| mine \| |)"
                      "\n| Status |"),
            std::string::npos)
    << text;
}

TEST(agent_rendering, says_what_nats_did_not_let_it_look_at) {
  discover_agents_result outcome{{reviewer()}, 1, {}};
  outcome.not_allowed = {agents::visibility::project_only, agents::visibility::user_only};
  EXPECT_TRUE(render(outcome).ends_with(
    "\n\nNot looked at, because the NATS server does not allow this user to: agents with the "
    "visibility project-only, user-only."))
    << render(outcome);
  EXPECT_NE(json::write(structured(outcome)).find(R"("notAllowed":["project-only","user-only"])"),
            std::string::npos);
}

TEST(agent_rendering, keeps_a_handle_from_looking_like_more_than_a_name) {
  auto agent = reviewer();
  agent.handle = "x** (root)\n- Status: online";
  EXPECT_TRUE(render(discover_agents_result{{agent}, 1, {}})
                .starts_with("Found 1 agent:\n\n**x\\u002a\\u002a \\u0028root\\u0029\\n- Status: "
                             "online** (reviewer)\n"));
}

TEST(agent_rendering, of_a_presence_is_the_seeds) {
  update_presence_result outcome;
  outcome.status = {agent_status::online, agent_status::busy};
  outcome.current_task_count = {0, 3};
  EXPECT_EQ(render(outcome), "Presence updated:\n"
                             "- Status: online → busy\n"
                             "- Current Tasks: 0 → 3");
  update_presence_result skills;
  skills.capabilities = {{"a"}, {"a", "b"}};
  EXPECT_EQ(render(skills), "Presence updated:\n- Capabilities: [a] → [a, b]");
}

TEST(agent_rendering, of_a_farewell_is_the_seeds) {
  EXPECT_EQ(render(deregister_agent_result{"g", "h"}),
            "Agent deregistered successfully.\n- Status: offline\n- Heartbeat: stopped");
}

TEST(agent_rendering, as_structure_has_the_same_facts) {
  EXPECT_EQ(json::write(structured(register_agent_result{"g", "h", 60s, false})),
            R"({"guid":"g","handle":"h","heartbeatInterval":60000,"returned":false})");
  EXPECT_EQ(json::write(structured(discover_agents_result{{reviewer()}, 2, "c"})),
            R"({"agents":[{"guid":"123e4567-e89b-12d3-a456-426614174000",)"
            R"("handle":"code-reviewer","agentType":"reviewer","status":"online",)"
            R"("capabilities":["code-review","security-audit"],)"
            R"("lastSeen":"2025-01-15T10:05:00Z","hostname":"build-1",)"
            R"("projectId":"ba7816bf8f01cfea","username":"ann","visibility":"public",)"
            R"("currentTaskCount":2,"registeredAt":"2025-01-15T09:00:00Z"}],)"
            R"("total":2,"nextCursor":"c","incomplete":false})");
  update_presence_result presence;
  presence.status = {agent_status::online, agent_status::busy};
  EXPECT_EQ(json::write(structured(presence)), R"({"status":{"before":"online","after":"busy"}})");
}

RC_GTEST_PROP(agent_rendering, never_shows_a_control_character_of_others,
              (const std::string& one, const std::string& two)) {
  auto agent = reviewer();
  agent.guid = one;
  agent.handle = two;
  agent.agent_type = one;
  agent.capabilities = {one, two};
  agent.last_seen = one;
  agent.hostname = two;
  agent.project_id = one;
  agent.username = two;
  agent.registered_at = one;
  update_presence_result presence;
  presence.capabilities = {{one}, {two}};
  for (const auto& text :
       {render(discover_agents_result{{agent}, 1, two}), render(get_agent_info_result{agent}),
        render(register_agent_result{one, two, 60s, true}), render(presence)}) {
    RC_ASSERT(std::none_of(text.begin(), text.end(), [](char letter) {
      return (letter >= 0 && letter < 0x20 && letter != '\n') || letter == 0x7f;
    }));
  }
}

RC_GTEST_PROP(agent_rendering, of_one_agent_has_as_many_lines_whatever_stands_in_it,
              (const std::string& any)) {
  auto agent = reviewer();
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  const auto before = lines(render(get_agent_info_result{agent}));
  agent.handle = any;
  agent.capabilities = {any, any};
  agent.hostname = any;
  RC_ASSERT(lines(render(get_agent_info_result{agent})) == before);
}

} // namespace
} // namespace nats_mcp::tools::agent_rendering_test
