// SPDX-License-Identifier: MIT
#include "protocol/logging/event.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::logging::event_test {

namespace {

const wall_time morning{std::chrono::milliseconds{1736935200123}}; // 2025-01-15T10:00:00.123Z

event disconnected() {
  return {
    level::warning,
    "gateway",
    "gateway.disconnected",
    "The connection to nats://bob:secret@host:4222 was lost.",
    {{"attempt", std::int64_t{3}}, {"reason", std::string{"stale connection"}}, {"again", true}}};
}

} // namespace

TEST(log_event, is_one_json_object_on_one_line) {
  EXPECT_EQ(to_json_line(disconnected(), morning),
            R"({"time":"2025-01-15T10:00:00.123Z","level":"WARN","component":"gateway",)"
            R"("event":"gateway.disconnected",)"
            R"("message":"The connection to nats://***@host:4222 was lost.",)"
            R"("fields":{"attempt":3,"reason":"stale connection","again":true}})");
}

TEST(log_event, is_one_line_for_people) {
  EXPECT_EQ(to_text_line(disconnected(), morning),
            "2025-01-15T10:00:00.123Z WARN gateway gateway.disconnected: The connection to "
            "nats://***@host:4222 was lost. attempt=3 reason=\"stale connection\" again=true");
}

TEST(log_event, stays_on_one_line_and_sends_nothing_to_a_terminal) {
  const event odd{
    level::info, "session", "session.odd", "a\nb\x1b[31m", {{"x", std::string{"c\td"}}}};
  EXPECT_EQ(to_text_line(odd, morning),
            "2025-01-15T10:00:00.123Z INFO session session.odd: a\\nb\\u001b[31m x=c\\td");
  EXPECT_EQ(to_json_line(odd, morning).find('\n'), std::string::npos);
}

TEST(log_event, hides_a_field_whose_name_says_secret_whatever_it_holds) {
  const event login{level::info,
                    "gateway",
                    "gateway.login",
                    "m",
                    {{"token", std::string{"abc"}}, {"user_password", std::int64_t{42}}}};
  EXPECT_EQ(to_text_line(login, morning),
            "2025-01-15T10:00:00.123Z INFO gateway gateway.login: m token=*** user_password=***");
}

TEST(log_event, cuts_a_text_that_is_too_long_and_leaves_valid_json) {
  const event endless{level::info, "session", "session.long", std::string(100'000, 'x'), {}};
  const auto line = to_json_line(endless, morning);
  EXPECT_LT(line.size(), limits::log_text_bytes_max + 200);
  const auto parsed = json::parse(line);
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)["event"], "session.long");
}

TEST(log_level, is_read_without_regard_to_case_and_written_as_configured) {
  for (const auto each : {level::debug, level::info, level::warning, level::error}) {
    EXPECT_EQ(parse_level(to_string(each)), each);
  }
  EXPECT_EQ(parse_level("warn"), level::warning);
  EXPECT_EQ(parse_level("loud"), std::nullopt);
  EXPECT_EQ(parse_level(""), std::nullopt);
}

TEST(log_format, is_json_or_text) {
  EXPECT_EQ(parse_format("JSON"), format::json);
  EXPECT_EQ(parse_format("text"), format::text);
  EXPECT_EQ(parse_format("xml"), std::nullopt);
}

TEST(event, as_text_shows_nothing_that_a_terminal_obeys) {
  const event odd{level::info,
                  "session",
                  "session.odd",
                  "\xc2\x9b"
                  "31m\xe2\x80\xae\xff",
                  {{"x", std::string{"\xc2\x9b "}}, {"y", std::string{"\xe2\x80\xa8"}}}};
  EXPECT_EQ(to_text_line(odd, wall_time{}),
            "1970-01-01T00:00:00.000Z INFO session session.odd: \\u009b31m\\u202e\xef\xbf\xbd"
            " x=\"\\u009b \" y=\\u2028");
}

} // namespace nats_mcp::logging::event_test
