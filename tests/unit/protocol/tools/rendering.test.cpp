// SPDX-License-Identifier: MIT
// The texts of results, to the letter, and their structured form.
#include "protocol/tools/catalog.hpp"
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/status_tools.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace nats_mcp::tools::rendering_test {
namespace {

using namespace std::chrono_literals;

read_messages_result two_messages() {
  read_messages_result out;
  out.channel = "planning";
  out.messages = {{1, "2025-01-15T10:00:00Z", "project-manager", "Starting Sprint 5.", ""},
                  {2, "2025-01-15T10:05:00Z", "business-analyst", "Prioritizing.", "g"}};
  out.next_after = 2;
  return out;
}

TEST(rendering, of_identity_is_the_seeds) {
  EXPECT_EQ(render(set_handle_result{"project-manager"}), "Handle set to: project-manager");
  EXPECT_EQ(render(get_my_handle_result{"project-manager"}),
            "Your current handle: project-manager");
  EXPECT_EQ(render(get_my_handle_result{}), "No handle set. Use set_handle first.");
}

TEST(rendering, of_channels_is_the_seeds) {
  EXPECT_EQ(render(list_channels_result{{{"planning", "Sprint planning"}, {"review", ""}}}),
            "Available channels:\n- **planning**: Sprint planning\n- **review**");
  EXPECT_EQ(render(send_message_result{"planning", "project-manager", 7}),
            "Message sent to #planning by project-manager");
  EXPECT_EQ(render(two_messages()),
            "Messages from #planning:\n"
            "\n"
            "[2025-01-15T10:00:00Z] **project-manager**: Starting Sprint 5.\n"
            "[2025-01-15T10:05:00Z] **business-analyst**: Prioritizing.\n"
            "\n"
            "Next: after=2");
  EXPECT_EQ(render(read_messages_result{"planning", {}, 41}),
            "No messages in #planning\n\nNext: after=41");
}

TEST(rendering, of_a_wait_says_what_came_or_that_nothing_did) {
  EXPECT_EQ(render(wait_for_messages_result{{{"planning", 2}, {"errors", 1}}, 3s}),
            "New messages:\n- #planning: 2 unread\n- #errors: 1 unread\n"
            "Read them with read_messages and unread=true.");
  EXPECT_EQ(render(wait_for_messages_result{{}, 30s}), "No new messages within 30s.");
  EXPECT_EQ(render(wait_for_messages_result{{}, 3s, 2}),
            "New messages:\n- Direct messages: 2 unread\nRead them with read_direct_messages.");
  EXPECT_EQ(render(wait_for_messages_result{{{"planning", 2}}, 3s, 1}),
            "New messages:\n- #planning: 2 unread\n- Direct messages: 1 unread\n"
            "Read them with read_messages and unread=true, direct messages with "
            "read_direct_messages.");
}

TEST(rendering, of_a_wait_says_that_direct_messages_were_not_waited_for) {
  const std::string said = "\nDirect messages were not waited for: you are not registered. Call "
                           "register_agent first, so that others can write to you.";
  EXPECT_EQ(render(wait_for_messages_result{{}, 30s, 0, true}),
            "No new messages within 30s." + said);
  EXPECT_EQ(render(wait_for_messages_result{{{"planning", 2}}, 3s, 0, true}),
            "New messages:\n- #planning: 2 unread\n"
            "Read them with read_messages and unread=true."
              + said);
}

TEST(rendering, of_a_wait_for_a_hook_is_the_hooks_json) {
  EXPECT_EQ(render(wait_for_messages_result{{}, 0s, 0, true, true}), "{}");
  const auto told = json::parse(render(wait_for_messages_result{{}, 0s, 2, false, true}));
  ASSERT_TRUE(told);
  const std::string news =
    "New messages:\n- Direct messages: 2 unread\nRead them with read_direct_messages.";
  EXPECT_EQ(*told,
            (json::value{{"systemMessage", news},
                         {"hookSpecificOutput",
                          {{"hookEventName", "UserPromptSubmit"}, {"additionalContext", news}}}}));
}

TEST(rendering, of_the_status_tells_everything_there_is) {
  server_status_result status;
  status.version = "0.1.0";
  status.nats = {"connected", "nats://127.0.0.1:4222", "2.10.27", 0.42, 1, ""};
  status.handle = "dev";
  status.guid = "550e8400-e29b-41d4-a716-446655440000";
  status.project_id = "ba7816bf8f01cfea";
  status.channel_namespace = "my-project";
  status.unread = 3;
  status.unread_channels = {{"planning", 3}, {"review", 0}};
  status.held_work = {"550e8400-e29b-41d4-a716-446655440001", "seq-17"};
  status.parts = {{"gateway", "running", 0, ""}, {"channels", "running", 1, "it threw"}};
  EXPECT_EQ(render(status),
            "nats-mcp-server 0.1.0\n"
            "- NATS: connected to nats://127.0.0.1:4222 (nats-server 2.10.27, round trip 0.4 ms, 1 "
            "reconnect)\n"
            "- Handle: dev\n"
            "- GUID: 550e8400-e29b-41d4-a716-446655440000\n"
            "- Project: ba7816bf8f01cfea, namespace my-project\n"
            "- Unread: 3 channel messages (#planning 3, #review 0)\n"
            "- Work held: 2 (550e8400-e29b-41d4-a716-446655440001, seq-17)\n"
            "- Configuration: no problems\n"
            "- Parts:\n"
            "  - gateway: running, 0 restarts\n"
            "  - channels: running, 1 restart, last failure: it threw");
}

TEST(rendering, of_the_status_leaves_out_what_is_not_known) {
  server_status_result status;
  status.version = "0.1.0";
  status.nats.state = "idle";
  status.project_id = "p";
  status.channel_namespace = "n";
  status.configuration_problems = {"f:1: a: bad"};
  EXPECT_EQ(render(status), "nats-mcp-server 0.1.0\n"
                            "- NATS: not connected yet; the first tool call that needs it"
                            " connects\n"
                            "- Handle: not set\n"
                            "- Project: p, namespace n\n"
                            "- Configuration: 1 problem\n"
                            "  - f:1: a: bad\n"
                            "- Parts:");
}

TEST(rendering, of_the_status_says_why_nats_is_away) {
  server_status_result status;
  status.nats.state = "disconnected";
  status.nats.reason = "No server answers.";
  EXPECT_NE(render(status).find("- NATS: disconnected\n- NATS problem: No server answers.\n"),
            std::string::npos)
    << render(status);
}

TEST(rendering, as_structure_has_the_same_facts) {
  EXPECT_EQ(json::write(structured(two_messages())),
            R"({"channel":"planning","messages":[{"sequence":1,"timestamp":"2025-01-15T10:00:00Z",)"
            R"("handle":"project-manager","message":"Starting Sprint 5."},{"sequence":2,)"
            R"("timestamp":"2025-01-15T10:05:00Z","handle":"business-analyst",)"
            R"("message":"Prioritizing.","guid":"g"}],"nextAfter":2})");
  EXPECT_EQ(json::write(structured(wait_for_messages_result{{}, 30s})),
            R"({"channels":[],"waited":30000,"directMessages":0,"noInbox":false})");
  EXPECT_EQ(json::write(structured(get_my_handle_result{})), "{}");
  EXPECT_EQ(json::write(structured(send_message_result{"a", "b", 7})),
            R"({"channel":"a","handle":"b","sequence":7})");
}

RC_GTEST_PROP(rendering, never_shows_a_control_character_of_others,
              (const std::string& one, const std::string& two, const std::string& three)) {
  const read_messages_result read{one, {{1, two, three, one + "\n" + two, three}}, 1};
  server_status_result status;
  status.nats = {one, two, three, 1.0, 1, one};
  status.parts = {{one, two, 1, three}};
  status.configuration_problems = {one};
  status.held_work = {two};
  for (const auto& text :
       {render(read), render(status), render(list_channels_result{{{one, two}}}),
        render(send_message_result{one, two, 1}), render(set_handle_result{three}),
        render(wait_for_messages_result{{{one, 1}}, 1s})}) {
    RC_ASSERT(std::none_of(text.begin(), text.end(), [](char letter) {
      return (letter >= 0 && letter < 0x20 && letter != '\n' && letter != '\t') || letter == 0x7f;
    }));
  }
}

RC_GTEST_PROP(rendering, has_one_head_for_every_message_whatever_stands_in_it, ()) {
  const auto piece =
    rc::gen::element<std::string>("\n", "[2025-01-15T10:00:00Z] **boss**: ", "Next: after=9", " ",
                                  "\\", "Messages from #a:", "x", "\r", "---", "\t");
  std::string text;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) {
    text += part;
  }
  const auto shown =
    render(read_messages_result{"a", {{1, "2025-01-15T10:00:00Z", "h", text, ""}}, 1});
  std::size_t heads = 0;
  std::size_t ends = 0;
  std::size_t begin = 0;
  while (begin < shown.size()) {
    const auto end = std::min(shown.find('\n', begin), shown.size());
    auto line = std::string_view{shown}.substr(begin, end - begin);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    heads += line.substr(0, 1) == "[" ? 1 : 0;
    ends += line.substr(0, 5) == "Next:" ? 1 : 0;
    begin = end + 1;
  }
  RC_ASSERT(heads == 1U);
  RC_ASSERT(ends == 1U);
}

TEST(errors, say_what_to_do) {
  EXPECT_EQ(no_handle().message, "No handle set. Use set_handle first.");
}

} // namespace
} // namespace nats_mcp::tools::rendering_test
