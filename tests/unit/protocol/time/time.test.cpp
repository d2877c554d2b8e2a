// SPDX-License-Identifier: MIT
// RFC 3339 and durations: what is read, what is refused, and that writing and reading are inverse.
#include "protocol/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::time_test {
namespace {

using namespace std::chrono_literals;

constexpr wall_time morning =
  std::chrono::sys_days{std::chrono::year{2025} / 1 / 15} + 10h + 5min + 7s + 89ms;

TEST(time, writes_utc_with_milliseconds) {
  EXPECT_EQ(to_rfc3339(morning), "2025-01-15T10:05:07.089Z");
  EXPECT_EQ(to_rfc3339(wall_time{}), "1970-01-01T00:00:00.000Z");
}

TEST(time, reads_any_offset_and_any_fraction) {
  for (const auto* text :
       {"2025-01-15T10:05:07.089Z", "2025-01-15T10:05:07.089999999Z", "2025-01-15t10:05:07.089z",
        "2025-01-15T12:35:07.0890+02:30", "2025-01-14T23:05:07.089-11:00"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(*time, morning) << text;
  }
  EXPECT_EQ(parse_rfc3339("2025-01-15T10:05:07.5Z").value() - morning, 411ms);
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.999Z").value(), wall_time{-1ms});
}

TEST(time, refuses_what_is_no_time) {
  for (const auto* text :
       {"", "now", "2025-01-15", "2025-01-15T10:05:07", "2025-01-15 10:05:07Z",
        "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-10T00:00:00Z",
        "2025-01-15T24:00:00Z", "2025-01-15T10:60:00Z", "2016-12-31T23:59:60Z",
        "2025-01-15T10:05:07.Z", "2025-01-15T10:05:07+24:00", "2025-01-15T10:05:07Zx",
        "25-01-15T10:05:07Z", "2025-1-15T10:05:07Z", "+025-01-15T10:05:07Z",
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, ec::malformed);
    EXPECT_NE(time.error().message.find("RFC 3339"), std::string::npos);
  }
}

TEST(time, keeps_times_out_of_range_within_four_year_digits) {
  EXPECT_EQ(to_rfc3339(wall_time::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(wall_time::min()), "0000-01-01T00:00:00.000Z");
}

RC_GTEST_PROP(time, reads_back_every_time_it_wrote, ()) {
  const auto written = wall_time{std::chrono::milliseconds{
    *rc::gen::inRange<std::int64_t>(-62'167'219'200'000, 253'402'300'800'000)}};
  const auto read = parse_rfc3339(to_rfc3339(written));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == written);
}

TEST(duration, reads_one_number_with_one_unit) {
  EXPECT_EQ(parse_duration("7d").value(), 168h);
  EXPECT_EQ(parse_duration("24h").value(), 24h);
  EXPECT_EQ(parse_duration("30m").value(), 30min);
  EXPECT_EQ(parse_duration("45s").value(), 45s);
  EXPECT_EQ(parse_duration("500ms").value(), 500ms);
}

TEST(duration, refuses_everything_else) {
  for (const auto* text : {"", "d", "7", "7 d", "0d", "-1d", "1.5h", "7w", "1d2h", "+7d", "7D",
                           "99999999999999999999d", "36501d", "9223372036854775807d"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_NE(duration.error().message.find("7d, 24h, 30m"), std::string::npos);
  }
}

TEST(duration, is_written_with_the_largest_unit_that_fits) {
  EXPECT_EQ(to_text(168h), "7d");
  EXPECT_EQ(to_text(90s), "90s");
  EXPECT_EQ(to_text(1500ms), "1500ms");
  EXPECT_EQ(to_text(0ms), "0ms");
}

RC_GTEST_PROP(duration, reads_back_every_duration_it_wrote, ()) {
  const std::chrono::milliseconds written{
    *rc::gen::inRange<std::int64_t>(1, 3'153'600'000'000) * *rc::gen::element(1, 1000) / 1000 + 1};
  RC_ASSERT(parse_duration(to_text(written)).value() == written);
}

TEST(time, repeats_what_is_none_in_a_form_that_can_be_shown) {
  EXPECT_EQ(parse_rfc3339("\x1b[2J\xff").error().message,
            "\"\\u001b[2J\xef\xbf\xbd\" is no RFC 3339 time such as 2025-01-15T10:00:00Z.");
  EXPECT_EQ(parse_duration("\x1b[2J").error().message,
            R"("\u001b[2J" is no duration such as 7d, 24h, 30m, 45s or 500ms.)");
}

} // namespace
} // namespace nats_mcp::time_test
