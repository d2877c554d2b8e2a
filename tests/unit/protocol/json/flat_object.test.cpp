// SPDX-License-Identifier: MIT
#include "protocol/json/flat_object.hpp"

#include "protocol/json/value.hpp"
#include "protocol/json/writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace nats_mcp::json::flat_object_test {

TEST(flat_object, reads_strings_and_integers_in_their_order) {
  const auto members = read_flat_object(R"({"v":1,"handle":"ada", "text":"a\n\"b\" \\ ü"})");
  ASSERT_TRUE(members);
  ASSERT_EQ(members->size(), 3U);
  EXPECT_EQ((*members)[0].key, "v");
  EXPECT_EQ((*members)[0].text, "1");
  EXPECT_FALSE((*members)[0].is_string);
  EXPECT_EQ((*members)[1].text, "ada");
  EXPECT_EQ((*members)[2].text, "a\n\"b\" \\ ü");
  EXPECT_TRUE((*members)[2].is_string);
}

TEST(flat_object, finds_the_last_of_two_members) {
  auto members = read_flat_object(R"({"a":"first","a":"last","b":7})");
  ASSERT_TRUE(members);
  ASSERT_NE(find_text(*members, "a"), nullptr);
  EXPECT_EQ(*find_text(*members, "a"), "last");
  EXPECT_EQ(find_text(*members, "b"), nullptr);
  EXPECT_EQ(find_text(*members, "c"), nullptr);
}

TEST(flat_object, leaves_everything_else_to_the_parser) {
  for (const auto* text : {"",
                           "{",
                           "{}",
                           "[]",
                           "1",
                           R"("a")",
                           R"({"a":true})",
                           R"({"a":null})",
                           R"({"a":{}})",
                           R"({"a":[]})",
                           R"({"a":-1})",
                           R"({"a":1.5})",
                           R"({"a":01})",
                           R"({"a":"\u0041"})",
                           R"({"a\n":"b"})",
                           R"({"a":"b"}x)",
                           R"({"a":"b",})",
                           R"({"a" :"b"})",
                           R"({"a":"b)",
                           R"({"a":"\)",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"\xC3\"}",
                           "{\"a\":\"\xED\xA0\x80\"}"}) {
    EXPECT_FALSE(read_flat_object(text)) << text;
  }
}

TEST(flat_object, leaves_large_numbers_to_the_parser) {
  EXPECT_TRUE(read_flat_object(R"({"seq":18446744073709551615})"));
  EXPECT_FALSE(read_flat_object(R"({"seq":)" + std::string(21, '1') + "}"));
  EXPECT_FALSE(parse(R"({"seq":)" + std::string(400, '1') + "}"));
}

TEST(flat_object, leaves_large_objects_to_the_parser) {
  std::string text = "{\"k\":0";
  for (int i = 1; i <= 16; ++i) {
    text += ",\"k" + std::to_string(i) + "\":" + std::to_string(i);
  }
  EXPECT_FALSE(read_flat_object(text + "}"));
}

RC_GTEST_PROP(flat_object, reads_back_what_the_writer_wrote,
              (const std::vector<std::string>& raw)) {
  auto document = value::object();
  for (std::size_t i = 0; i < raw.size() && i < 8; ++i) {
    document["m" + std::to_string(i)] = raw[i];
  }
  const auto text = write(document);
  const auto parsed = parse(text);
  RC_ASSERT(parsed.has_value());
  if (auto members = read_flat_object(text)) {
    RC_ASSERT(members->size() == parsed->size());
    for (auto& [key, expected] : parsed->items()) {
      const auto* found = find_text(*members, key);
      RC_ASSERT(found != nullptr);
      RC_ASSERT(*found == expected.get_ref<const std::string&>());
    }
  }
}

RC_GTEST_PROP(flat_object, accepts_nothing_the_parser_refuses, ()) {
  const auto text =
    "{" + *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"\"\"\"\\:,{}[]0 a1\n"}))
    + "}";
  if (read_flat_object(text)) {
    RC_ASSERT(parse(text).has_value());
  }
}

} // namespace nats_mcp::json::flat_object_test
