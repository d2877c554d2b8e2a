// SPDX-License-Identifier: MIT
// The documented examples of the seven tools around agents, in one conversation of two processes in
// different folders: of one user, and of two. The shipped binary, a real nats-server.
#include "tests/integration/agent.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace nats_mcp::testing {
namespace {

const std::string guid_pattern = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";
const std::string time_pattern = R"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)";

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_search(text, std::regex{"^" + pattern});
}

/// Of each, the second user.
class the_documented_examples : public ::testing::TestWithParam<const char*> {
protected:
  [[nodiscard]] agent::options run_by(const std::string& user) const {
    return {nats_.url(), "demo", {{"USER", user}}};
  }

  nats_server nats_;
  agent developer_{run_by("ann")};
  agent reviewer_{run_by(GetParam())};
};

TEST_P(the_documented_examples, are_answered_to_the_letter) {
  const auto registered =
    developer_.call("register_agent", {{"agentType", "developer"},
                                       {"capabilities", {"coding", "testing"}},
                                       {"visibility", "project-only"}});
  EXPECT_TRUE(matches(registered.text, "Agent registered successfully!\n- GUID: " + guid_pattern
                                         + "\n- Handle: developer\n- Heartbeat: active \\(60s "
                                           "interval\\)$"))
    << registered.text;
  ASSERT_FALSE(reviewer_.call("set_handle", {{"handle", "code-reviewer"}}).is_error);
  const auto reviewer = reviewer_.register_as(
    {{"agentType", "reviewer"}, {"capabilities", {"code-review", "security-audit"}}});

  const auto found =
    developer_.call("discover_agents", {{"agentType", "reviewer"}, {"status", "online"}});
  EXPECT_TRUE(matches(found.text, "Found 1 agent:\n\n\\*\\*code-reviewer\\*\\* \\(reviewer\\)\n"
                                  "- GUID: "
                                    + reviewer
                                    + "\n- Status: online\n"
                                      "- Capabilities: \\[code-review, security-audit\\]\n"
                                      "- Last seen: "
                                    + time_pattern + "$"))
    << found.text;

  const auto info = developer_.call("get_agent_info", {{"guid", reviewer}});
  EXPECT_EQ(info.text.rfind("## Agent: code-reviewer\n\n| Field | Value |\n|-------|-------|\n"
                            "| GUID | "
                              + reviewer
                              + " |\n| Type | reviewer |\n| Status | online |\n"
                                "| Capabilities | code-review, security-audit |\n",
                            0),
            0U)
    << info.text;

  const auto sent = developer_.call(
    "send_direct_message", {{"recipientGuid", reviewer}, {"message", "Please review PR #42"}});
  EXPECT_TRUE(matches(sent.text, "Message sent successfully!\n- Message ID: " + guid_pattern
                                   + "\n- To: code-reviewer\n- Status: delivered$"))
    << sent.text;
  ASSERT_FALSE(developer_
                 .call("send_direct_message",
                       {{"recipientGuid", reviewer},
                        {"message", "I've completed the API endpoints. Ready for review."},
                        {"messageType", "work-offer"},
                        {"metadata", {{"workItemId", "feature-123"}, {"capability", "review"}}}})
                 .is_error);

  const auto read = reviewer_.call("read_direct_messages", {{"limit", 5}});
  const auto head =
    "---\n\\*\\*From:\\*\\* developer \\(" + guid_pattern + "\\)\n\\*\\*Type:\\*\\* ";
  EXPECT_TRUE(matches(read.text, "## Direct Messages \\(2 messages\\)\n\n" + head
                                   + "text\n\\*\\*Time:\\*\\* " + time_pattern
                                   + "\n(\\*\\*.*\n)*\nPlease review PR #42\n\n" + head
                                   + "work-offer\n\\*\\*Time:\\*\\* " + time_pattern
                                   + "\n(\\*\\*.*\n)*\nI've completed the API endpoints. Ready for "
                                     "review."))
    << read.text;

  EXPECT_EQ(reviewer_.call("update_presence", {{"status", "busy"}, {"currentTaskCount", 3}}).text,
            "Presence updated:\n- Status: online → busy\n- Current Tasks: 0 → 3");
  EXPECT_EQ(reviewer_.call("deregister_agent", json::value::object()).text,
            "Agent deregistered successfully.\n- Status: offline\n- Heartbeat: stopped");
}

INSTANTIATE_TEST_SUITE_P(of_two_processes, the_documented_examples, ::testing::Values("ann", "bob"),
                         [](const auto& who) {
                           return std::string{who.param} == "ann" ? "of_one_user" : "of_two_users";
                         });

} // namespace
} // namespace nats_mcp::testing
