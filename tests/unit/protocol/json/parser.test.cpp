// SPDX-License-Identifier: MIT
// What reading JSON promises: bounds, exact ids, strictness where the library is lax, forgiveness
// where real clients need it.
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::json::parser_test {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string object_with(std::size_t members) {
  std::string text = "{";
  for (std::size_t i = 0; i < members; ++i) {
    text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  }
  return text + "}";
}

ec code_of(std::string_view text) {
  const auto document = parse(text);
  return document ? ec::none : document.error().code;
}

TEST(json_parser, keeps_every_kind_of_value_and_the_order_of_members) {
  const std::string text =
    R"({"z":null,"a":[true,false,-7,18446744073709551615,0.5],"m":{"x":"é\"\\\n"}})";
  const auto document = parse(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(write(*document), text);
}

TEST(json_parser, accepts_nesting_up_to_the_bound_and_refuses_one_more) {
  EXPECT_EQ(code_of(nested(limits::json_depth_max)), ec::none);
  EXPECT_EQ(code_of(nested(limits::json_depth_max + 1)), ec::limit_exceeded);
}

TEST(json_parser, refuses_a_million_open_brackets_without_building_them) {
  EXPECT_EQ(code_of(std::string(1'000'000, '[')), ec::limit_exceeded);
}

TEST(json_parser, accepts_members_up_to_the_bound_and_refuses_one_more) {
  EXPECT_EQ(code_of(object_with(limits::json_object_members_max)), ec::none);
  EXPECT_EQ(code_of(object_with(limits::json_object_members_max + 1)), ec::limit_exceeded);
}

TEST(json_parser, finds_every_member_of_a_large_object) {
  const auto document = parse(object_with(1000));
  ASSERT_TRUE(document);
  ASSERT_NE(find(*document, "k999"), nullptr);
  EXPECT_EQ(*find(*document, "k999"), 999);
}

TEST(json_parser, lets_the_last_of_two_equal_keys_win_in_the_place_of_the_first) {
  const auto document = parse(R"({"a":1,"b":2,"a":{"c":3}})");
  ASSERT_TRUE(document);
  EXPECT_EQ(write(*document), R"({"a":{"c":3},"b":2})");
}

TEST(json_parser, lets_the_last_of_two_equal_keys_win_in_a_large_object) {
  auto text = object_with(100);
  text.insert(text.size() - 1, R"(,"k3":"again")");
  const auto document = parse(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->size(), 100U);
  EXPECT_EQ(*find(*document, "k3"), "again");
}

TEST(json_parser, keeps_the_digits_of_ids_beyond_64_bits) {
  for (const std::string key : {"id", "requestId", "progressToken"}) {
    for (const std::string digits : {"9007199254740993", "18446744073709551616",
                                     "-9223372036854775809", "123456789012345678901234567890"}) {
      const auto text = "{\"" + key + "\":" + digits + "}";
      const auto document = parse(text);
      ASSERT_TRUE(document) << text;
      EXPECT_EQ(integer_text(*find(*document, key)), digits);
      EXPECT_EQ(write(*document), text);
    }
  }
}

TEST(json_parser, reads_other_large_integers_as_floating_point) {
  const auto document = parse(R"({"limit":123456789012345678901234567890,"id":[1e30]})");
  ASSERT_TRUE(document);
  EXPECT_TRUE(find(*document, "limit")->is_number_float());
  EXPECT_EQ(integer_text(*find(*document, "limit")), "");
}

TEST(json_parser, gives_no_integer_text_for_what_is_no_integer) {
  EXPECT_EQ(integer_text(value("7")), "");
  EXPECT_EQ(integer_text(value(7.0)), "");
  EXPECT_EQ(integer_text(value(true)), "");
  EXPECT_EQ(integer_text(value(-7)), "-7");
}

TEST(json_parser, refuses_text_that_is_not_json_and_says_where) {
  for (const auto* text : {"", "{", "[1,]", "{\"a\" 1}", "nul", "01", "'a'", "{} {}", "{}x",
                           "\"\n\"", "1e999", "// comment\n1", "[1,,2]", "\"\\x\""}) {
    EXPECT_EQ(code_of(text), ec::malformed) << text;
  }
  EXPECT_EQ(parse("{} x").error().message, "the text is not valid JSON at byte 4");
}

TEST(json_parser, does_not_take_a_nul_character_for_the_end_of_the_text) {
  EXPECT_EQ(code_of(std::string_view{"{}\0garbage", 10}), ec::malformed);
  EXPECT_EQ(code_of(std::string_view{"\"a\0b\"", 5}), ec::malformed);
}

TEST(json_parser, refuses_broken_utf8) {
  for (const auto* text : {"\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"\xc0\xaf\"",
                           "\"\xf4\x90\x80\x80\"", "\xff{}"}) {
    EXPECT_EQ(code_of(text), ec::malformed);
  }
}

TEST(json_parser, replaces_half_surrogate_pairs_that_javascript_clients_send) {
  const auto document = parse(R"(["\ud83d","\ude00x","\ud83d\ud83d\ude00","\\ud83d","\ud83d\\n"])");
  ASSERT_TRUE(document);
  EXPECT_EQ(write(*document), "[\"\uFFFD\",\"\uFFFDx\",\"\uFFFD😀\",\"\\\\ud83d\",\"\uFFFD\\\\n\"]");
}

TEST(json_parser, finds_nothing_in_what_is_no_object) {
  EXPECT_EQ(find(value(3), "a"), nullptr);
  EXPECT_EQ(find(value::array({1}), "a"), nullptr);
  EXPECT_EQ(find(value::object(), "a"), nullptr);
}

TEST(json_scan, reads_a_scalar_member_of_a_text_beyond_the_bounds) {
  const auto deep = nested(limits::json_depth_max + 1);
  const auto before = scan_member(R"({"id":7,"params":)" + deep + "}", "id");
  ASSERT_TRUE(before);
  EXPECT_EQ(*before, 7);
  const auto after =
    scan_member(R"({"params":{"x":[{"id":1}],"y":)" + deep + R"(},"id":"a"})", "id");
  ASSERT_TRUE(after);
  EXPECT_EQ(*after, "a");
}

TEST(json_scan, finds_nothing_where_the_member_is_missing_or_a_container) {
  EXPECT_FALSE(scan_member(R"({"a":{"id":1}})", "id"));
  EXPECT_FALSE(scan_member(R"({"id":{"a":1}})", "id"));
  EXPECT_FALSE(scan_member(R"([{"id":1}])", "id"));
  EXPECT_FALSE(scan_member(R"({"id":1)", "id"));
}

} // namespace
} // namespace nats_mcp::json::parser_test
