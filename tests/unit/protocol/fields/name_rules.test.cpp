// SPDX-License-Identifier: MIT
// The rules for names: the function that decides and the pattern in the schema say the same.
#include "protocol/name_rules.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>

namespace nats_mcp::name_rules_test {
namespace {

void agrees(const json::text_rule& rule, const std::string& text) {
  const std::regex pattern{std::string{rule.pattern}, std::regex::ECMAScript};
  RC_ASSERT(rule.holds(text) == std::regex_search(text, pattern));
}

RC_GTEST_PROP(name_rules, decide_what_their_patterns_say, ()) {
  const auto text = *rc::gen::container<std::string>(
    rc::gen::element('a', 'z', '0', '9', '-', 'A', '_', '.', ' ', '*', '\n', '$'));
  agrees(channel_name_rule(), text);
  agrees(handle_rule(), text);
  agrees(namespace_rule(), text);
}

RC_GTEST_PROP(name_rules, know_a_guid_as_its_pattern_does, ()) {
  std::string text = "550e8400-e29b-41d4-a716-446655440000";
  agrees(guid_rule(), text);
  text[*rc::gen::inRange<std::size_t>(0, text.size())] =
    *rc::gen::element('0', 'a', 'f', 'g', 'A', '-', '.', '\n');
  agrees(guid_rule(), text);
  text.resize(*rc::gen::inRange<std::size_t>(0, 38), '0');
  agrees(guid_rule(), text);
}

TEST(name_rules, count_the_bytes_of_capabilities) {
  EXPECT_TRUE(capability_rule().holds("code review"));
  EXPECT_TRUE(capability_rule().holds(std::string(64, 'a')));
  EXPECT_FALSE(capability_rule().holds(""));
  EXPECT_FALSE(capability_rule().holds("\u00fc" + std::string(63, 'a')));
}

TEST(name_rules, allow_64_characters_and_no_more) {
  EXPECT_TRUE(channel_name_rule().holds(std::string(64, 'a')));
  EXPECT_FALSE(channel_name_rule().holds(std::string(65, 'a')));
  EXPECT_FALSE(channel_name_rule().holds(""));
}

TEST(name_rules, keep_the_systems_own_namespaces) {
  const std::regex pattern{std::string{namespace_rule().pattern}, std::regex::ECMAScript};
  for (const auto* name : {"global", "inbox", "work", "dead", "coord", "_x", "$sys"}) {
    EXPECT_FALSE(namespace_rule().holds(name)) << name;
    EXPECT_FALSE(std::regex_search(name, pattern)) << name;
  }
  EXPECT_TRUE(namespace_rule().holds("workshop"));
  EXPECT_TRUE(std::regex_search("workshop", pattern));
  EXPECT_TRUE(channel_name_rule().holds("work"));
}

} // namespace
} // namespace nats_mcp::name_rules_test
