// SPDX-License-Identifier: MIT
// The texts of the direct message tools' results, to the letter, and their structured form.
#include "protocol/tools/direct_message_tools.hpp"
#include "protocol/tools/tool.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace nats_mcp::tools::direct_message_rendering_test {
namespace {

send_direct_message_result sent_to(effective_status status) {
  return {"789e0123-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000",
          "code-reviewer", status};
}

direct_message review_request() {
  direct_message out;
  out.id = "m1";
  out.sender_guid = "g1";
  out.sender_handle = "project-manager";
  out.type = "text";
  out.timestamp = "2025-01-15T10:00:00Z";
  out.content = "Please review PR #42 when you have time.";
  return out;
}

TEST(direct_message_rendering, of_a_sent_message_is_the_seeds) {
  EXPECT_EQ(render(sent_to(effective_status::online)),
            "Message sent successfully!\n"
            "- Message ID: 789e0123-e89b-12d3-a456-426614174000\n"
            "- To: code-reviewer\n"
            "- Status: delivered");
}

TEST(direct_message_rendering, of_a_sent_message_says_when_the_recipient_is_away) {
  const auto status = [](effective_status now) {
    const auto text = render(sent_to(now));
    return text.substr(text.rfind('\n') + 1);
  };
  EXPECT_EQ(status(effective_status::offline),
            "- Status: delivered (code-reviewer is offline and reads it when it is back)");
  EXPECT_EQ(status(effective_status::stale),
            "- Status: delivered (code-reviewer has given no sign of life lately and reads it when "
            "it is back)");
  EXPECT_EQ(status(effective_status::busy),
            "- Status: delivered (code-reviewer is busy and may read it later)");
}

TEST(direct_message_rendering, of_the_inbox_is_the_seeds_with_ids_and_metadata) {
  auto offer = review_request();
  offer.id = "m2";
  offer.sender_guid = "g2";
  offer.sender_handle = "developer";
  offer.type = "work-offer";
  offer.timestamp = "2025-01-15T10:05:00Z";
  offer.content = "I've completed the API endpoints. Ready for review.";
  offer.metadata = {{"workItemId", "a"}, {"note", "two\nlines"}};
  EXPECT_EQ(render(read_direct_messages_result{{review_request(), offer}, 0}),
            "## Direct Messages (2 messages)\n"
            "\n"
            "---\n"
            "**From:** project-manager (g1)\n"
            "**Type:** text\n"
            "**Time:** 2025-01-15T10:00:00Z\n"
            "**ID:** m1\n"
            "\n"
            "Please review PR #42 when you have time.\n"
            "\n"
            "---\n"
            "**From:** developer (g2)\n"
            "**Type:** work-offer\n"
            "**Time:** 2025-01-15T10:05:00Z\n"
            "**ID:** m2\n"
            "**Metadata:** {\"workItemId\":\"a\",\"note\":\"two\\nlines\"}\n"
            "\n"
            "I've completed the API endpoints. Ready for review.");
}

TEST(direct_message_rendering, of_the_inbox_says_what_is_left) {
  const auto text = render(read_direct_messages_result{{review_request()}, 3});
  EXPECT_EQ(text.find("## Direct Messages (1 message)\n"), 0U);
  EXPECT_TRUE(text.ends_with("have time.\n\n---\n[3 more unread direct messages: "
                             "read_direct_messages]"))
    << text;
}

TEST(direct_message_rendering, of_an_empty_inbox_says_so) {
  EXPECT_EQ(render(read_direct_messages_result{}), "No unread direct messages.");
  EXPECT_EQ(render(read_direct_messages_result{{}, 2}),
            "No direct messages that match. 2 unread direct messages are left: "
            "read_direct_messages without messageType and senderGuid shows what there is.");
  EXPECT_EQ(render(read_direct_messages_result{{}, 1})
              .find("No direct messages that match. 1 unread direct message is left:"),
            0U);
}

TEST(direct_message_rendering, of_a_filter_says_what_was_not_looked_at) {
  EXPECT_EQ(render(read_direct_messages_result{{}, 1234, 234}),
            "None of the oldest 1000 unread direct messages matches; the 234 behind them were not "
            "looked at. Read some without messageType and senderGuid, then try again.");
  EXPECT_TRUE(render(read_direct_messages_result{{review_request()}, 1234, 234})
                .ends_with("\n\n---\n[1234 more unread direct messages, the newest 234 of them not "
                           "looked at: read_direct_messages]"));
}

TEST(direct_message_rendering, of_the_unread_line_counts) {
  EXPECT_EQ(unread_line(0), "");
  EXPECT_EQ(unread_line(1), "[1 unread direct message: read_direct_messages]");
  EXPECT_EQ(unread_line(2), "[2 unread direct messages: read_direct_messages]");
}

TEST(direct_message_rendering, as_structure_has_the_same_facts) {
  EXPECT_EQ(json::write(structured(sent_to(effective_status::busy))),
            R"({"messageId":"789e0123-e89b-12d3-a456-426614174000",)"
            R"("recipientGuid":"123e4567-e89b-12d3-a456-426614174000",)"
            R"("recipientHandle":"code-reviewer","recipientStatus":"busy"})");
  auto message = review_request();
  message.content = "x";
  message.metadata = {{"a", 1}};
  EXPECT_EQ(json::write(structured(read_direct_messages_result{{message}, 2})),
            R"({"messages":[{"id":"m1","senderGuid":"g1","senderHandle":"project-manager",)"
            R"("messageType":"text","timestamp":"2025-01-15T10:00:00Z","message":"x",)"
            R"("metadata":{"a":1}}],"unread":2,"notLookedAt":0})");
}

RC_GTEST_PROP(direct_message_rendering, never_shows_a_control_character_of_others,
              (const std::string& one, const std::string& two)) {
  const direct_message message{one, two, one, two, one, two, {{"key", one}}};
  auto sent = sent_to(effective_status::offline);
  sent.recipient_handle = one;
  for (const auto& text : {render(read_direct_messages_result{{message}, 1}), render(sent)}) {
    RC_ASSERT(std::none_of(text.begin(), text.end(), [](char letter) {
      return (letter >= 0 && letter < 0x20 && letter != '\n' && letter != '\t') || letter == 0x7f;
    }));
  }
}

RC_GTEST_PROP(direct_message_rendering, has_one_head_for_every_message_whatever_stands_in_it, ()) {
  const auto piece = rc::gen::element<std::string>(
    "\n", "---", "**From:** boss (g0)", "**Type:** text", "**ID:** m9", "## Direct Messages (9 m",
    "[9 more unread", " ", "\\", "\r", "x");
  std::string text;
  for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) {
    text += part;
  }
  const direct_message message{"m1", text, text, text, text, text, {{"key", text}}};
  const auto shown = render(read_direct_messages_result{{message, message}, 1});
  const auto lines_that_begin = [&shown](std::string_view with) {
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < shown.size();) {
      const auto end = std::min(shown.find('\n', begin), shown.size());
      auto line = std::string_view{shown}.substr(begin, end - begin);
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
      count += line.starts_with(with) ? 1 : 0;
      begin = end + 1;
    }
    return count;
  };
  RC_ASSERT(lines_that_begin("---") == 3U);
  RC_ASSERT(lines_that_begin("**From:**") == 2U);
  RC_ASSERT(lines_that_begin("**ID:** m1") == 2U);
  RC_ASSERT(lines_that_begin("**ID:**") == 2U);
  RC_ASSERT(lines_that_begin("**Type:**") == 2U);
  RC_ASSERT(lines_that_begin("## ") == 1U);
  RC_ASSERT(lines_that_begin("[") == 1U);
}

} // namespace
} // namespace nats_mcp::tools::direct_message_rendering_test
