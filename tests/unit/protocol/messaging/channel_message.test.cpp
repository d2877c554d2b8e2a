// SPDX-License-Identifier: MIT
// Channel messages between value and bytes; anybody's bytes can be read.
#include "protocol/messaging/channel_message.hpp"

#include "protocol/json/value.hpp"
#include "protocol/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::messaging::channel_message_test {
namespace {

using namespace std::chrono_literals;

tools::channel_message read(std::string payload) {
  jetstream::delivery delivery;
  delivery.payload = std::move(payload);
  delivery.stream_sequence = 7;
  delivery.stored_at = wall_time{1'736'935'200s};
  return read_channel_message(delivery);
}

TEST(channel_message, is_written_as_the_wire_contract_says) {
  const channel_payload message{"planner", "", "Starting sprint 5.", wall_time{1'736'935'200s}};
  EXPECT_EQ(write_channel_message(message),
            R"({"v":1,"handle":"planner","message":"Starting sprint 5.",)"
            R"("timestamp":"2025-01-15T10:00:00.000Z"})");
  const channel_payload registered{"a", "550e8400-e29b-41d4-a716-446655440000", "b", {}};
  EXPECT_NE(write_channel_message(registered).find(R"("guid":"550e8400)"), std::string::npos);
}

RC_GTEST_PROP(channel_message, is_read_back_as_it_was_written,
              (const std::u32string& handle, std::int32_t seconds)) {
  channel_payload written;
  for (const auto letter : handle) {
    written.handle += static_cast<char>('a' + letter % 26);
    written.message += letter % 3 == 0 ? "ü\n" : letter % 3 == 1 ? "\x01\"" : "\\";
  }
  written.timestamp = wall_time{std::chrono::seconds{seconds}};
  RC_ASSERT(parse_channel_message(write_channel_message(written)).value() == written);
}

TEST(channel_message, of_a_newer_version_is_read_without_what_is_not_known) {
  const auto shown = read(R"({"v":9,"handle":"h","message":"m","mood":{"x":1},)"
                          R"("timestamp":"2025-01-15T10:00:00+01:00","guid":"g"})");
  EXPECT_EQ(shown.sequence, 7U);
  EXPECT_EQ(shown.handle, "h");
  EXPECT_EQ(shown.message, "m");
  EXPECT_EQ(shown.guid, "g");
  EXPECT_EQ(shown.timestamp, "2025-01-15T10:00:00+01:00");
}

TEST(channel_message, that_is_a_strangers_text_is_shown_as_it_is) {
  const auto shown = read("hello from the command line");
  EXPECT_EQ(shown.handle, "unknown");
  EXPECT_EQ(shown.message, "hello from the command line");
  EXPECT_EQ(shown.timestamp, "2025-01-15T10:00:00.000Z");
  EXPECT_EQ(read(R"({"message":5})").message, R"({"message":5})");
  EXPECT_EQ(read("[]").message, "[]");
}

TEST(channel_message, that_is_no_text_says_so) {
  EXPECT_EQ(read("\xff\xfe\x01").message, "(unreadable: 3 bytes that are no text)");
}

TEST(channel_message, with_faults_in_its_members_is_still_shown) {
  const auto shown = read(R"({"message":"m","handle":7,"timestamp":"yesterday","guid":[]})");
  EXPECT_EQ(shown.handle, "unknown");
  EXPECT_EQ(shown.timestamp, "2025-01-15T10:00:00.000Z");
  EXPECT_EQ(shown.guid, "");
}

TEST(channel_message, has_bounds_on_what_a_stranger_may_fill) {
  EXPECT_LT(read(std::string(100'000, 'x')).message.size(), 2100U);
  EXPECT_LT(read(R"({"message":"m","handle":")" + std::string(1000, 'h') + "\"}").handle.size(),
            80U);
  EXPECT_EQ(
    read(R"({"message":"m","timestamp":"2025-01-15T10:00:00.)" + std::string(1000, '1') + "Z\"}")
      .timestamp,
    "2025-01-15T10:00:00.000Z");
}

TEST(channel_message, is_cut_where_an_answer_has_no_room_for_it) {
  constexpr std::size_t mebibyte = 1024 * 1024;
  const auto text = [](const std::string& message) {
    return read(R"({"message":")" + message + "\"}").message;
  };
  EXPECT_EQ(text(std::string(2 * mebibyte, 'x')).size(), 2 * mebibyte);
  const auto swelling = text(std::string(mebibyte, '\x7f'));
  EXPECT_TRUE(swelling.ends_with("\x7f\n(cut off: 349525 of 1048576 bytes)"));
  EXPECT_LT(shown_bytes(swelling), 2 * mebibyte + 100);
  EXPECT_TRUE(
    text(std::string(3 * mebibyte, 'x')).ends_with("x\n(cut off: 2097152 of 3145728 bytes)"));
}

RC_GTEST_PROP(channel_message, reads_any_payload, (const std::string& anything)) {
  const auto shown = read(anything);
  RC_ASSERT(!shown.handle.empty());
  RC_ASSERT(parse_rfc3339(shown.timestamp).has_value());
}

} // namespace
} // namespace nats_mcp::messaging::channel_message_test
