// SPDX-License-Identifier: MIT
// The arguments of the direct message tools, and the metadata of the hand-off protocol.
#include "protocol/limits.hpp"
#include "protocol/tools/direct_message_tools.hpp"
#include "protocol/tools/hand_off_metadata.hpp"

#include "tests/unit/protocol/tools/decoding.hpp"

#include <gtest/gtest.h>

#include <array>

namespace nats_mcp::tools::direct_message_arguments_test {
namespace {

constexpr std::array hand_off_types{
  message_type::work_offer,      message_type::work_claim,    message_type::work_accept,
  message_type::work_reject,     message_type::work_complete, message_type::work_error,
  message_type::progress_update,
};

result<void> checked(message_type type, std::string_view metadata) {
  return check_metadata(type, json::parse(metadata).value());
}

/// What is answered to metadata that lacks something; empty if nothing is.
std::string refused(message_type type, std::string_view metadata) {
  const auto outcome = checked(type, metadata);
  return outcome ? std::string{} : outcome.error().message;
}

TEST(direct_message_arguments, of_the_seeds_examples_are_taken) {
  const auto sent = decode<send_direct_message_arguments>(
    R"({"recipientGuid":"123e4567-e89b-12d3-a456-426614174000","message":"Please review"})");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->recipient_guid, "123e4567-e89b-12d3-a456-426614174000");
  EXPECT_EQ(sent->message, "Please review");
  EXPECT_EQ(sent->type, message_type::text);
  EXPECT_EQ(sent->metadata, json::value::object());
  EXPECT_TRUE(check(*sent));
  EXPECT_EQ(decode<read_direct_messages_arguments>(R"({"limit":5})")->limit, 5);
}

TEST(direct_message_arguments, that_are_left_out_have_the_documented_defaults) {
  const auto read = decode<read_direct_messages_arguments>("{}");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->limit, 10);
  EXPECT_EQ(read->timeout.count(), 0);
  EXPECT_FALSE(read->type);
  EXPECT_FALSE(read->sender_guid);
  EXPECT_TRUE(check(*read));
}

TEST(direct_message_arguments, that_are_wrong_are_answered_with_name_value_bounds_and_example) {
  EXPECT_EQ(refusal<send_direct_message_arguments>(R"({"recipientGuid":"x","message":"m"})"),
            "Argument \"recipientGuid\" must be a GUID: 32 hex digits in lower case, in groups of "
            "8-4-4-4-12, but \"x\" (text) was given. Example: \"recipientGuid\": "
            "\"123e4567-e89b-12d3-a456-426614174000\".");
  EXPECT_EQ(refusal<read_direct_messages_arguments>(R"({"limit":101})"),
            "Argument \"limit\" must be a whole number from 1 to 100, but 101 was given. Example: "
            "\"limit\": 5.");
  EXPECT_EQ(refusal<read_direct_messages_arguments>(R"({"timeout":60001})"),
            "Argument \"timeout\" must be a whole number of milliseconds from 0 to 60000, but "
            "60001 was given. Example: \"timeout\": 30000.");
  EXPECT_NE(refusal<send_direct_message_arguments>(R"({"message":"m","messageType":"work-ofer"})")
              .find("Did you mean \"work-offer\"?"),
            std::string::npos);
  EXPECT_NE(refusal<send_direct_message_arguments>(R"({"message":"m","metadata":"x"})")
              .find("\"metadata\" must be an object"),
            std::string::npos);
}

TEST(direct_message_arguments, name_the_recipient_in_one_way) {
  send_direct_message_arguments nobody;
  EXPECT_EQ(check(nobody).error(),
            (error{ec::invalid_argument,
                   "Neither \"recipientGuid\" nor \"recipientHandle\" was given; one of them is "
                   "needed to say who the message is for. Example: \"recipientHandle\": "
                   "\"code-reviewer\". discover_agents shows who is there.",
                   0}));
  send_direct_message_arguments both;
  both.recipient_guid = "g";
  both.recipient_handle = "h";
  EXPECT_EQ(check(both).error(),
            (error{ec::invalid_argument,
                   "Arguments \"recipientGuid\" and \"recipientHandle\" were both given, but only "
                   "one of them is allowed. Leave \"recipientHandle\" out; nothing was sent.",
                   0}));
  send_direct_message_arguments one;
  one.recipient_handle = "h";
  EXPECT_TRUE(check(one));
  one.type = message_type::work_claim;
  EXPECT_FALSE(check(one)) << "its metadata names no work item";
}

TEST(hand_off_metadata, names_the_work_item_whatever_the_type) {
  for (const auto type : hand_off_types) {
    EXPECT_EQ(refused(type, R"({"capability":"c","reason":"r","progress":1,"error":"e"})"),
              "Argument \"metadata.workItemId\" is missing; it must be text of 1 to 64 characters. "
              "Example: \"workItemId\": \"550e8400-e29b-41d4-a716-446655440000\".\n"
              "That is what a message of the type \""
                + std::string{to_text(type)} + "\" carries; nothing was sent.");
    EXPECT_NE(refused(type, R"({"workItemId":""})"), "");
    EXPECT_NE(refused(type, R"({"workItemId":")" + std::string(65, 'x') + "\"}"), "");
    EXPECT_NE(refused(type, R"({"workItemId":7})"), "");
  }
}

TEST(hand_off_metadata, with_what_the_type_needs_is_taken) {
  using type = message_type;
  EXPECT_TRUE(checked(type::work_offer, R"({"workItemId":"a","capability":"c++"})"));
  EXPECT_TRUE(checked(type::work_offer, R"({"workItemId":"a","capability":"c++","priority":10,)"
                                        R"("deadline":"2026-01-15T10:00:00+01:00"})"));
  EXPECT_TRUE(checked(type::work_claim, R"({"workItemId":"a"})"));
  EXPECT_TRUE(checked(type::work_accept, R"({"workItemId":"a"})"));
  EXPECT_TRUE(checked(type::work_reject, R"({"workItemId":"a","reason":"busy"})"));
  EXPECT_TRUE(checked(type::progress_update, R"({"workItemId":"a","progress":33.5})"));
  EXPECT_TRUE(checked(type::work_complete, R"({"workItemId":"a"})"));
  EXPECT_TRUE(checked(type::work_complete, R"({"workItemId":"a","result":{"x":1}})"));
  EXPECT_TRUE(checked(type::work_error, R"({"workItemId":"a","error":"e","retryable":false})"));
}

TEST(hand_off_metadata, without_what_the_type_needs_is_refused_by_name) {
  const auto says = [](message_type type, std::string_view metadata, std::string_view sentence) {
    const auto text = refused(type, metadata);
    EXPECT_EQ(text.find(sentence), 0U) << text;
  };
  using type = message_type;
  says(type::work_offer, R"({"workItemId":"a"})",
       "Argument \"metadata.capability\" is missing; it must be text of 1 to 64 bytes. Example: "
       "\"capability\": \"typescript\".");
  says(type::work_offer, R"({"workItemId":"a","capability":"c","priority":11})",
       "Argument \"metadata.priority\" must be a whole number from 1 to 10, but 11 was given. "
       "Example: \"priority\": 7.");
  says(type::work_offer, R"({"workItemId":"a","capability":"c","deadline":"tomorrow"})",
       "Argument \"metadata.deadline\" must be a time as RFC 3339 writes it, but \"tomorrow\" "
       "(text) was given. Example: \"deadline\": \"2026-01-15T10:00:00Z\".");
  says(type::work_reject, R"({"workItemId":"a"})", "Argument \"metadata.reason\" is missing;");
  says(type::progress_update, R"({"workItemId":"a"})",
       "Argument \"metadata.progress\" is missing; it must be a number from 0 to 100.");
  says(type::progress_update, R"({"workItemId":"a","progress":101})",
       "Argument \"metadata.progress\" must be a number from 0 to 100, but 101 was given.");
  says(type::work_complete, R"({"workItemId":"a","result":"done"})",
       "Argument \"metadata.result\" must be an object, but \"done\" (text) was given.");
  says(type::work_error, R"({"workItemId":"a"})", "Argument \"metadata.error\" is missing;");
  says(type::work_error, R"({"workItemId":"a","error":"e","retryable":"yes"})",
       "Argument \"metadata.retryable\" must be true or false, but \"yes\" (text) was given.");
}

TEST(hand_off_metadata, may_hold_more_than_we_know_of) {
  EXPECT_TRUE(checked(message_type::work_claim, R"({"workItemId":"a","mood":["fine",{}]})"));
  EXPECT_TRUE(checked(message_type::text, R"({"anything":{"at":"all"}})"));
}

TEST(hand_off_metadata, has_a_bound_on_its_size) {
  auto metadata = json::value::object();
  metadata["x"] = std::string(limits::metadata_bytes_max - 8, 'x');
  EXPECT_TRUE(check_metadata(message_type::text, metadata));
  metadata["x"] = std::string(limits::metadata_bytes_max - 7, 'x');
  const auto outcome = check_metadata(message_type::text, metadata);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::invalid_argument);
  EXPECT_EQ(outcome.error().message.find(
              "Argument \"metadata\" must be at most 65536 bytes when written as JSON, but 65537 "
              "bytes were given."),
            0U)
    << outcome.error().message;
}

} // namespace
} // namespace nats_mcp::tools::direct_message_arguments_test
