// SPDX-License-Identifier: MIT
// The arguments of the tools: what is taken, and what a wrong one is answered.
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/status_tools.hpp"

#include "tests/unit/protocol/tools/decoding.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::tools::arguments_test {
namespace {

TEST(arguments, of_every_tool_are_taken) {
  EXPECT_EQ(decode<set_handle_arguments>(R"({"handle":"project-manager"})")->handle,
            "project-manager");
  EXPECT_TRUE(decode<get_my_handle_arguments>("{}"));
  EXPECT_TRUE(decode<list_channels_arguments>("{}"));
  EXPECT_TRUE(decode<server_status_arguments>("{}"));
  EXPECT_EQ(decode<send_message_arguments>(R"({"channel":"a","message":"b"})")->message, "b");
  const auto read = decode<read_messages_arguments>(R"({"channel":"a","after":9,"unread":true})");
  EXPECT_EQ(read->limit, 50);
  EXPECT_EQ(read->after, 9U);
  EXPECT_TRUE(read->unread);
  EXPECT_EQ(decode<read_messages_arguments>(R"({"channel":"a","limit":5.0})")->limit, 5);
  const auto wait = decode<wait_for_messages_arguments>(R"({"channels":["a","b"],"timeout":0})");
  EXPECT_EQ(wait->channels.size(), 2U);
  EXPECT_EQ(wait->timeout.count(), 0);
  EXPECT_TRUE(wait->direct_messages);
  EXPECT_FALSE(decode<wait_for_messages_arguments>(R"({"directMessages":false})")->direct_messages);
  EXPECT_EQ(decode<wait_for_messages_arguments>("{}")->timeout.count(), 30'000);
  EXPECT_FALSE(decode<wait_for_messages_arguments>("{}")->hook);
  EXPECT_TRUE(decode<wait_for_messages_arguments>(R"({"hook":true})")->hook);
}

TEST(arguments, that_are_wrong_are_answered_with_name_value_bounds_and_example) {
  EXPECT_EQ(refusal<read_messages_arguments>(R"({"channel":"a","limit":"5"})"),
            "Argument \"limit\" must be a whole number from 1 to 1000, but \"5\" (text) was given. "
            "Example: \"limit\": 10.");
  EXPECT_EQ(refusal<set_handle_arguments>(R"({"handle":"Project Manager"})"),
            "Argument \"handle\" must be 1 to 64 lowercase letters, digits and hyphens, but "
            "\"Project Manager\" (text) was given. Example: \"handle\": \"project-manager\".");
  EXPECT_EQ(refusal<send_message_arguments>(R"({"channel":"a","message":""})"),
            "Argument \"message\" must be text that is not empty, but \"\" (text) was "
            "given. Example: \"message\": \"Starting sprint 5.\".");
}

TEST(arguments, with_a_bad_channel_name_get_the_seeds_sentence_first) {
  constexpr auto sentence =
    "Invalid channel name. Must be lowercase alphanumeric with hyphens only. ";
  EXPECT_EQ(
    refusal<send_message_arguments>(R"({"channel":"My Channel","message":"m"})").find(sentence),
    0U);
  EXPECT_EQ(refusal<read_messages_arguments>(R"({"channel":"a.b"})").find(sentence), 0U);
  EXPECT_EQ(refusal<wait_for_messages_arguments>(R"({"channels":["a",">"]})").find(sentence), 0U);
}

TEST(arguments, that_nobody_knows_are_named_and_refused) {
  EXPECT_EQ(refusal<send_message_arguments>(R"({"chanel":"a","channel":"a","message":"b"})"),
            "Argument \"chanel\" is not known. Did you mean \"channel\"?");
  EXPECT_EQ(refusal<list_channels_arguments>(R"({"x":1})"),
            "Argument \"x\" is not known. Nothing may be given here.");
}

TEST(arguments, with_several_faults_hear_of_all_of_them) {
  const auto text = refusal<send_message_arguments>("{}");
  EXPECT_NE(text.find("\"channel\" is missing"), std::string::npos);
  EXPECT_NE(text.find("\n"), std::string::npos);
  EXPECT_NE(text.find("\"message\" is missing"), std::string::npos);
}

TEST(arguments, must_be_an_object) {
  EXPECT_EQ(refusal<list_channels_arguments>("[1]"),
            "The arguments as a whole must be an object, but a list of 1 was given.");
}

TEST(arguments, that_are_wrong_in_hundreds_of_ways_are_told_the_first_of_them) {
  std::string text = "{";
  for (int count = 0; count < 500; ++count) {
    text += (count == 0 ? "\"a" : ",\"a") + std::to_string(count) + "\":1";
  }
  const auto told = refusal<set_handle_arguments>(text + "}");
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 20);
  EXPECT_TRUE(told.ends_with("\nThere is more: 481 problems beyond these.")) << told;
}

} // namespace
} // namespace nats_mcp::tools::arguments_test
