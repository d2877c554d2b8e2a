// SPDX-License-Identifier: MIT
// Direct messages between value and bytes; anybody's bytes can be read, and nobody's bytes say who
// sent them.
#include "protocol/messaging/direct_message_codec.hpp"

#include "protocol/identifiers.hpp"
#include "protocol/jetstream/stream_comparison.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::messaging::direct_message_codec_test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view ann = "123e4567-e89b-12d3-a456-426614174000";
constexpr std::string_view bob = "550e8400-e29b-41d4-a716-446655440000";

jetstream::delivery delivered(std::string payload) {
  jetstream::delivery out;
  out.subject = inbox_subject(ann, bob);
  out.payload = std::move(payload);
  out.stream_sequence = 7;
  out.stored_at = wall_time{1'736'935'200s};
  return out;
}

tools::direct_message read(std::string payload) {
  return read_direct_message(delivered(std::move(payload)));
}

direct_message_payload review_request() {
  direct_message_payload out;
  out.id = "789e0123-e89b-12d3-a456-426614174000";
  out.sender_guid = bob;
  out.sender_handle = "bob";
  out.recipient_guid = ann;
  out.content = "Please review.";
  out.timestamp = wall_time{1'736'935'200s};
  return out;
}

std::string any_guid() {
  return make_uuid([] { return *rc::gen::arbitrary<std::uint64_t>(); });
}

TEST(inbox, is_kept_in_one_stream_as_the_wire_contract_says) {
  const auto stream = inbox_stream(3);
  EXPECT_EQ(
    json::write(jetstream::to_json(stream)),
    R"({"name":"AGENT_INBOX","subjects":["inbox.*.*"],"retention":"workqueue",)"
    R"("max_consumers":100000,"max_msgs":-1,"max_bytes":1073741824,"max_age":604800000000000,)"
    R"("max_msgs_per_subject":1000,"discard":"new","discard_new_per_subject":true,)"
    R"("storage":"file","num_replicas":3,"duplicate_window":3600000000000,"allow_direct":true})");
}

TEST(inbox, has_a_subject_for_each_sender_and_a_reader_of_its_own) {
  EXPECT_EQ(inbox_subject(ann, bob), "inbox.123e4567-e89b-12d3-a456-426614174000."
                                     "550e8400-e29b-41d4-a716-446655440000");
  EXPECT_EQ(inbox_pattern(ann), "inbox.123e4567-e89b-12d3-a456-426614174000.*");
  EXPECT_EQ(inbox_consumer(ann), "inbox-123e4567-e89b-12d3-a456-426614174000");
  EXPECT_TRUE(jetstream::covers(inbox_stream(1).subjects.at(0), inbox_subject(ann, bob)));
  EXPECT_TRUE(jetstream::covers(inbox_pattern(ann), inbox_subject(ann, bob)));
  EXPECT_FALSE(jetstream::covers(inbox_pattern(bob), inbox_subject(ann, bob)));
}

RC_GTEST_PROP(inbox, is_found_again_in_its_subject, ()) {
  const inbox_address address{any_guid(), any_guid()};
  const auto parsed =
    parse_inbox_subject(inbox_subject(address.recipient_guid, address.sender_guid));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == address);
}

TEST(inbox, is_not_found_in_other_subjects) {
  const std::string one{ann};
  const std::string two{bob};
  for (const auto& subject :
       {std::string{}, std::string{"inbox."}, std::string{"inbox.."}, "inbox." + one,
        "inbox." + one + ".", "inbox." + one + ".*", "inbox." + one + "." + two + ".x",
        "outbox." + one + two, "inbox.bob." + two, "inbox." + one + "." + two + " "}) {
    EXPECT_FALSE(parse_inbox_subject(subject)) << subject;
  }
}

TEST(direct_message, is_written_as_the_wire_contract_says) {
  auto message = review_request();
  EXPECT_EQ(write_direct_message(message),
            R"({"v":1,"id":"789e0123-e89b-12d3-a456-426614174000",)"
            R"("senderGuid":"550e8400-e29b-41d4-a716-446655440000","senderHandle":"bob",)"
            R"("recipientGuid":"123e4567-e89b-12d3-a456-426614174000","messageType":"text",)"
            R"("content":"Please review.","timestamp":"2025-01-15T10:00:00.000Z"})");
  message.type = tools::message_type::work_claim;
  message.metadata = {{"workItemId", "a"}};
  const auto text = write_direct_message(message);
  EXPECT_NE(text.find(R"("messageType":"work-claim")"), std::string::npos);
  EXPECT_NE(text.find(R"("metadata":{"workItemId":"a"})"), std::string::npos);
}

RC_GTEST_PROP(direct_message, is_read_back_as_it_was_written, (std::int32_t seconds)) {
  using type = tools::message_type;
  auto written = review_request();
  written.id = any_guid();
  written.content =
    *rc::gen::container<std::string>(rc::gen::element('a', '\n', '"', '\\', '\x01', '{', '}'));
  written.type = *rc::gen::element(type::text, type::work_offer, type::work_claim,
                                   type::work_accept, type::work_reject, type::progress_update,
                                   type::work_complete, type::work_error);
  if (*rc::gen::arbitrary<bool>()) {
    written.metadata["k"] = {{"deep", {1, 2.5, nullptr, written.content}}};
  }
  written.timestamp = wall_time{std::chrono::seconds{seconds}};
  const auto shown = read(write_direct_message(written));
  RC_ASSERT(shown.id == written.id);
  RC_ASSERT(shown.sender_guid == written.sender_guid);
  RC_ASSERT(shown.sender_handle == written.sender_handle);
  RC_ASSERT(shown.type == tools::to_text(written.type));
  RC_ASSERT(shown.timestamp == to_rfc3339(written.timestamp));
  RC_ASSERT(shown.content == written.content);
  RC_ASSERT(shown.metadata == written.metadata);
}

TEST(direct_message, is_from_whom_the_subject_says_whatever_the_payload_says) {
  const auto shown = read(R"({"content":"m","senderGuid":"123e4567-e89b-12d3-a456-426614174000"})");
  EXPECT_EQ(shown.sender_guid, bob);
}

TEST(direct_message, from_a_sender_without_a_guid_is_shown_with_the_name_nats_vouches_for) {
  auto delivery = delivered("hello");
  delivery.subject = "inbox." + std::string{ann} + ".monitoring";
  EXPECT_EQ(read_direct_message(delivery).sender_guid, "monitoring");
  delivery.subject = "nonsense";
  EXPECT_EQ(read_direct_message(delivery).sender_guid, "unknown");
}

TEST(direct_message, that_is_a_strangers_text_is_shown_as_it_is) {
  const auto shown = read("hello from the command line");
  EXPECT_EQ(shown.content, "hello from the command line");
  EXPECT_EQ(shown.sender_handle, "unknown");
  EXPECT_EQ(shown.type, "text");
  EXPECT_EQ(shown.timestamp, "2025-01-15T10:00:00.000Z");
  EXPECT_EQ(shown.id, "seq-7");
  EXPECT_EQ(read(R"({"content":5})").content, R"({"content":5})");
  EXPECT_EQ(read("\xff\xfe\x01").content, "(unreadable: 3 bytes that are no text)");
}

TEST(direct_message, without_an_id_has_that_under_which_it_was_stored) {
  auto delivery = delivered(R"({"content":"m"})");
  delivery.headers = {{"X", "y"}, {"Nats-Msg-Id", "m-9"}};
  EXPECT_EQ(read_direct_message(delivery).id, "m-9");
}

TEST(direct_message, of_a_type_nobody_knows_keeps_it) {
  const auto shown = read(R"({"v":9,"content":"m","messageType":"greeting","mood":{"x":1}})");
  EXPECT_EQ(shown.type, "greeting");
  EXPECT_EQ(shown.content, "m");
}

TEST(direct_message, with_faults_in_its_members_is_still_shown) {
  const auto shown = read(R"({"content":"m","id":{},"senderHandle":7,"messageType":[],)"
                          R"("timestamp":"yesterday","metadata":"none"})");
  EXPECT_EQ(shown.id, "seq-7");
  EXPECT_EQ(shown.sender_handle, "unknown");
  EXPECT_EQ(shown.type, "text");
  EXPECT_EQ(shown.timestamp, "2025-01-15T10:00:00.000Z");
  EXPECT_TRUE(shown.metadata.is_object());
  EXPECT_TRUE(shown.metadata.empty());
}

TEST(direct_message, has_bounds_on_what_a_stranger_may_fill) {
  const std::string lot(1000, 'x');
  EXPECT_LT(read(std::string(100'000, 'x')).content.size(), 2100U);
  const auto shown = read(R"({"content":"m","id":")" + lot + R"(","senderHandle":")" + lot
                          + R"(","messageType":")" + lot + R"(","timestamp":")" + lot + "\"}");
  EXPECT_LT(shown.id.size(), 80U);
  EXPECT_LT(shown.sender_handle.size(), 80U);
  EXPECT_LT(shown.type.size(), 80U);
  EXPECT_EQ(shown.timestamp, "2025-01-15T10:00:00.000Z");
}

TEST(direct_message, always_fits_into_an_answer) {
  const std::string lot(1'000'000, '\x7f');
  const auto shown = read(R"({"content":")" + lot + R"(","metadata":{"a":")" + lot + "\"}}");
  EXPECT_TRUE(shown.content.ends_with("\x7f\n(cut off: 349525 of 1000000 bytes)"));
  EXPECT_EQ(json::write(shown.metadata), R"({"leftOut":"6000008 bytes of metadata"})");
  const auto usual =
    read(R"({"content":"m","metadata":{"a":")" + std::string(60'000, 'x') + "\"}}");
  EXPECT_EQ(json::write(usual.metadata).size(), 60'008U);
}

RC_GTEST_PROP(direct_message, reads_any_payload_under_any_subject,
              (const std::string& anything, const std::string& subject)) {
  auto delivery = delivered(anything);
  delivery.subject = subject;
  const auto shown = read_direct_message(delivery);
  RC_ASSERT(!shown.id.empty());
  RC_ASSERT(!shown.sender_guid.empty());
  RC_ASSERT(!shown.sender_handle.empty());
  RC_ASSERT(!shown.type.empty());
  RC_ASSERT(shown.metadata.is_object());
  RC_ASSERT(parse_rfc3339(shown.timestamp).has_value());
}

} // namespace
} // namespace nats_mcp::messaging::direct_message_codec_test
