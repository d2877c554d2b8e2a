// SPDX-License-Identifier: MIT
// Line numbers in JSON texts.
#include "protocol/json/locate.hpp"

#include "protocol/json/value.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::json::locate_test {
namespace {

constexpr std::string_view text = R"({
  "namespace": "a \" } , \\",
  "channels": [
    {"name": "one"},
    {
      "name": "two",
      "a/b~c": [1, -2.5e3,
        true]
    }
  ]
})";

TEST(locate, knows_the_line_of_every_member_and_item) {
  const auto found = locate(text);
  EXPECT_EQ(line_of(found, "/namespace"), 2U);
  EXPECT_EQ(line_of(found, "/channels"), 3U);
  EXPECT_EQ(line_of(found, "/channels/0/name"), 4U);
  EXPECT_EQ(line_of(found, "/channels/1"), 5U);
  EXPECT_EQ(line_of(found, "/channels/1/name"), 6U);
  EXPECT_EQ(line_of(found, "/channels/1/a~1b~0c/2"), 8U);
  EXPECT_TRUE(found.repeated.empty());
}

TEST(locate, takes_the_nearest_thing_around_what_is_not_there) {
  const auto found = locate(text);
  EXPECT_EQ(line_of(found, "/channels/0/maxAge"), 4U);
  EXPECT_EQ(line_of(found, "/nothing"), 1U);
}

TEST(locate, notices_a_key_that_stands_twice) {
  const auto found = locate("{\"a\": 1,\n\"b\": {\"a\": 2},\n\"a\": 3}");
  EXPECT_EQ(found.repeated, std::vector<std::string>{"/a"});
  EXPECT_EQ(line_of(found, "/a"), 3U);
}

TEST(locate, finds_the_line_of_a_syntax_fault) {
  const auto fault = find_syntax_fault("{\n  \"a\": 1,\n  // no\n  \"b\": 2\n}");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->line, 3U);
  EXPECT_FALSE(fault->reason.empty());
  EXPECT_EQ(find_syntax_fault("").value().line, 1U);
  EXPECT_FALSE(find_syntax_fault(text));
}

TEST(locate, keeps_its_places_small_whatever_the_text) {
  // A megabyte: places of a hundred gigabytes.
  std::string deep = "{\"" + std::string(500'000, 'k') + "\":[0";
  while (deep.size() < 1'000'000) {
    deep += ",0";
  }
  const auto found = locate(deep + "]}");
  std::size_t bytes = 0;
  for (const auto& [pointer, line] : found.lines) {
    bytes += pointer.size();
  }
  EXPECT_LT(bytes, 8'000'000U);
  EXPECT_EQ(line_of(found, "/unknown"), 1U);
}

RC_GTEST_PROP(locate, survives_any_text, (const std::string& anything)) {
  const auto found = locate(anything);
  RC_ASSERT(line_of(found, "/a/b") >= 1U);
  RC_ASSERT(find_syntax_fault(anything).has_value() || parse(anything).has_value());
}

TEST(locate, repeats_nothing_of_a_text_that_is_no_json) {
  for (const auto* broken :
       {"{\"natsToken\": \"hunter2,\n\"a\": 1}", "{\"natsPassword\": \"hunter2", "{\"a\": hunter2}",
        "{\"a\": \"hunter2\x01\"}", "{\"a\": \"hunter2\xff\"}"}) {
    const auto fault = find_syntax_fault(broken);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->reason.find("hunter"), std::string::npos) << fault->reason;
    EXPECT_LT(fault->reason.size(), 200U);
  }
}

} // namespace
} // namespace nats_mcp::json::locate_test
