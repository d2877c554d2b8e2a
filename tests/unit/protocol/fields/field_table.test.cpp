// SPDX-License-Identifier: MIT
// Decoding by field table: what is taken, what is refused, and how the refusal reads.
#include "tests/unit/protocol/fields/sample.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::json::field_table_test {
namespace {

struct outcome {
  sample taken;
  std::vector<problem> problems;
};

outcome decode(std::string_view text) {
  outcome out;
  described<sample>::fields().decode(parse(text).value(), {}, out.problems, out.taken);
  return out;
}

/// The only problem of a sample whose channel is right.
problem only_problem(const std::string& members) {
  const auto out = decode(R"({"channel":"planning",)" + members + "}");
  EXPECT_EQ(out.problems.size(), 1U) << members;
  return out.problems.empty() ? problem{} : out.problems.front();
}

TEST(field_table, takes_every_type_of_member) {
  const auto out = decode(R"({"channel":"planning","limit":7,"after":0,"small":255,"share":0.25,
    "unread":true,"kind":"pear","tags":["a","bb"],"parts":[{"name":"x"},{"name":"y","size":9}],
    "nested":{"name":"n"},"wait":250,"age":"7d","free":{"any":[1]},"token":"abc"})");
  EXPECT_TRUE(out.problems.empty());
  sample expected;
  expected.channel = "planning";
  expected.limit = 7;
  expected.after = 0;
  expected.small = 255;
  expected.share = 0.25;
  expected.unread = true;
  expected.kind = fruit::pear;
  expected.tags = {"a", "bb"};
  expected.parts = {{"x", 3}, {"y", 9}};
  expected.nested.name = "n";
  expected.wait = std::chrono::milliseconds{250};
  expected.age = std::chrono::hours{168};
  expected.free = value::parse(R"({"any":[1]})");
  expected.token = "abc";
  EXPECT_EQ(out.taken, expected);
}

TEST(field_table, keeps_the_defaults_of_what_is_absent) {
  const auto out = decode(R"({"channel":"planning"})");
  EXPECT_TRUE(out.problems.empty());
  EXPECT_EQ(out.taken.limit, 50);
  EXPECT_EQ(out.taken.after, std::nullopt);
}

TEST(field_table, takes_whole_numbers_written_as_decimals) {
  EXPECT_EQ(decode(R"({"channel":"planning","limit":5.0})").taken.limit, 5);
}

TEST(field_table, refuses_a_number_in_quotes_with_what_is_allowed_and_an_example) {
  const auto found = only_problem(R"("limit":"5")");
  EXPECT_EQ(found.key, "limit");
  EXPECT_EQ(found.pointer, "/limit");
  EXPECT_EQ(found.reason, R"(must be a whole number from 1 to 1000, but "5" (text) was given)");
  EXPECT_EQ(found.advice, R"(example: "limit": 10)");
}

TEST(field_table, refuses_numbers_that_are_not_whole_or_out_of_range) {
  EXPECT_NE(only_problem(R"("limit":5.5)").reason.find("5.5"), std::string::npos);
  EXPECT_NE(only_problem(R"("limit":0)").reason.find("1 to 1000"), std::string::npos);
  EXPECT_NE(only_problem(R"("limit":1001)").reason.find("1001"), std::string::npos);
  EXPECT_NE(only_problem(R"("limit":1e300)").reason.find("1e+300"), std::string::npos);
  EXPECT_EQ(only_problem(R"("after":-1)").key, "after");
  EXPECT_EQ(only_problem(R"("after":18446744073709551615)").key, "after");
  EXPECT_EQ(only_problem(R"("small":256)").key, "small");
  EXPECT_EQ(only_problem(R"("share":1.5)").reason,
            "must be a number from 0 to 1, but 1.5 was given");
}

TEST(field_table, advises_to_leave_out_an_optional_null) {
  const auto found = only_problem(R"("limit":null)");
  EXPECT_NE(found.reason.find("but null was given"), std::string::npos);
  EXPECT_EQ(found.advice, "leave it out instead");
}

TEST(field_table, names_an_unknown_member_and_what_it_may_have_meant) {
  EXPECT_EQ(only_problem(R"("limt":5)").reason, "is not known");
  EXPECT_EQ(only_problem(R"("limt":5)").advice, R"(did you mean "limit"?)");
  EXPECT_EQ(only_problem(R"("zzzzzzzz":5)").advice.substr(0, 23), "allowed: channel, limit");
}

TEST(field_table, says_what_is_missing) {
  const auto out = decode("{}");
  ASSERT_EQ(out.problems.size(), 1U);
  EXPECT_EQ(out.problems[0].key, "channel");
  EXPECT_EQ(out.problems[0].reason.substr(0, 10), "is missing");
  EXPECT_EQ(out.problems[0].advice, R"(example: "channel": "planning")");
}

TEST(field_table, puts_the_refusal_of_a_rule_first) {
  const auto out = decode(R"({"channel":"My Channel"})");
  ASSERT_EQ(out.problems.size(), 1U);
  EXPECT_EQ(out.problems[0].headline,
            "Invalid channel name. Must be lowercase alphanumeric with hyphens only");
  EXPECT_NE(out.problems[0].reason.find(R"("My Channel" (text) was given)"), std::string::npos);
}

TEST(field_table, reports_every_problem_with_its_place) {
  const auto out = decode(R"({"channel":"planning","tags":["a","toolong"],"kind":"aple",
    "parts":[{"name":"x"},{"size":-1}],"age":"7w","wait":9000,"unread":1,"nested":[]})");
  std::vector<std::string> keys;
  for (const auto& found : out.problems) {
    keys.push_back(found.pointer + " " + found.key);
  }
  const std::vector<std::string> expected{"/tags/1 tags[1]",
                                          "/kind kind",
                                          "/parts/1/size parts[1].size",
                                          "/parts/1/name parts[1].name",
                                          "/age age",
                                          "/wait wait",
                                          "/unread unread",
                                          "/nested nested"};
  EXPECT_EQ(keys, expected);
  EXPECT_EQ(out.problems[1].advice, R"(did you mean "apple"?)");
}

TEST(field_table, refuses_too_long_a_list) {
  EXPECT_EQ(only_problem(R"("tags":["a","b","c"])").reason,
            "must be a list of at most 2 texts, but a list of 3 was given");
}

TEST(field_table, counts_characters_not_bytes) {
  EXPECT_TRUE(decode(R"({"channel":"planning","tags":["äöüß"]})").problems.empty());
}

TEST(field_table, never_repeats_a_secret) {
  const auto found = only_problem(R"("token":"x!")");
  EXPECT_EQ(found.reason.find("x!"), std::string::npos);
  EXPECT_EQ(found.reason, "must be text of at least 3 characters");
}

TEST(field_table, shows_wrong_values_short_and_without_control_characters) {
  const auto found = only_problem(R"("limit":"\u001b[31m)" + std::string(1000, 'x') + "\"");
  EXPECT_LT(found.reason.size(), 200U);
  EXPECT_EQ(found.reason.find('\x1b'), std::string::npos);
}

TEST(field_table, refuses_a_document_that_is_no_object) {
  const auto out = decode("[]");
  ASSERT_EQ(out.problems.size(), 1U);
  EXPECT_EQ(out.problems[0].reason, "must be an object, but a list of 0 was given");
}

RC_GTEST_PROP(field_table, decodes_what_it_encoded, ()) {
  sample written;
  written.channel = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', 'z')));
  RC_PRE(written.channel.size() <= 64U);
  written.limit = *rc::gen::inRange<std::int64_t>(1, 1001);
  written.unread = *rc::gen::arbitrary<bool>();
  written.small = *rc::gen::arbitrary<std::uint8_t>();
  written.kind = *rc::gen::element(fruit::apple, fruit::pear);
  written.wait = std::chrono::milliseconds{*rc::gen::inRange(0, 5001)};
  written.age = std::chrono::milliseconds{*rc::gen::inRange(1, 1'000'000)};
  written.nested.name = *rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
  written.nested.size = *rc::gen::inRange(0, 100);
  if (*rc::gen::arbitrary<bool>()) {
    written.after = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
  }
  const auto& table = described<sample>::fields();
  sample read;
  std::vector<problem> problems;
  RC_ASSERT(table.decode(parse(write(table.encode(written))).value(), {}, problems, read));
  RC_ASSERT(read == written);
}

} // namespace
} // namespace nats_mcp::json::field_table_test
