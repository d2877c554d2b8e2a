// SPDX-License-Identifier: MIT
#include "protocol/work/capability_token.hpp"

#include "protocol/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

namespace nats_mcp::work::capability_token_test {
namespace {

/// Any bytes at all, among them those that subjects are made of.
std::string any_capability() {
  return *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::oneOf(
    rc::gen::arbitrary<char>(), rc::gen::element('.', '*', '>', '=', '@', ' ', 'A', 'z', '\0'))));
}

bool is_one_token(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')
           || (letter >= 'A' && letter <= 'F') || letter == '_' || letter == '-' || letter == '=';
  });
}

TEST(a_capability, is_a_token_people_can_read) {
  EXPECT_EQ(capability_token("typescript"), "typescript");
  EXPECT_EQ(capability_token("TypeScript"), "typescript");
  EXPECT_EQ(capability_token("c++"), "c=2B=2B");
  EXPECT_EQ(capability_token("node.js"), "node=2Ejs");
  EXPECT_EQ(capability_token("Köln"), "k=C3=B6ln");
}

TEST(a_capability, is_another_queue_than_what_looks_like_it) {
  EXPECT_EQ(capability_token("code-review"), "code-review");
  EXPECT_EQ(capability_token("code_review"), "code_review");
  EXPECT_EQ(capability_token("code review"), "code=20review");
}

TEST(a_capability, keeps_wildcards_and_dots_from_nats) {
  EXPECT_EQ(capability_token("*"), "=2A");
  EXPECT_EQ(capability_token(">"), "=3E");
  EXPECT_EQ(capability_token("a.b.*"), "a=2Eb=2E=2A");
  EXPECT_EQ(capability_token("@550e8400"), "=40550e8400");
  EXPECT_EQ(capability_token("a=2Eb"), "a=3D2eb");
  EXPECT_EQ(capability_token("\r\nPUB x"), "=0D=0Apub=20x");
}

RC_GTEST_PROP(a_capability, comes_back_from_its_token_in_lower_case, ()) {
  const auto capability = any_capability();
  const auto token = capability_token(capability);
  RC_ASSERT(is_one_token(token));
  const auto back = capability_of(token);
  RC_ASSERT(back.has_value());
  RC_ASSERT(equal_but_for_case(*back, capability));
  RC_ASSERT(capability_token(*back) == token);
}

RC_GTEST_PROP(a_capability, shares_its_token_with_its_like_alone, ()) {
  const auto one = any_capability();
  const auto other = *rc::gen::element(any_capability(), one + "x", "X" + one);
  RC_ASSERT((capability_token(one) == capability_token(other)) == equal_but_for_case(one, other));
}

RC_GTEST_PROP(a_token, is_read_only_as_it_would_be_written, ()) {
  const auto text = *rc::gen::container<std::string>(
    rc::gen::element('a', 'b', '0', '2', '6', 'E', 'e', '=', '.', '-', '@', '*'));
  const auto capability = capability_of(text);
  if (capability) {
    RC_ASSERT(capability_token(*capability) == text);
  }
}

TEST(a_token, that_no_capability_has_is_none) {
  for (const auto* const text :
       {"", "=", "=2", "a=2", "=2e", "=GG", "=61", "=41", "=2D", "=5F", "=30", "A", "a.b", "a b",
        "*", ">", "a\n", "@550e8400-e29b-41d4-a716-446655440000",
        "AGENT-550e8400-e29b-41d4-a716-446655440000"}) {
    EXPECT_FALSE(capability_of(text)) << text;
  }
}

TEST(a_token, of_one_agent_can_be_no_capabilitys) {
  EXPECT_EQ(personal_token("550e8400-e29b-41d4-a716-446655440000"),
            "AGENT-550e8400-e29b-41d4-a716-446655440000");
  EXPECT_FALSE(capability_of(personal_token("550e8400-e29b-41d4-a716-446655440000")));
  EXPECT_NE(capability_token("AGENT-550e8400-e29b-41d4-a716-446655440000"),
            personal_token("550e8400-e29b-41d4-a716-446655440000"));
}

} // namespace
} // namespace nats_mcp::work::capability_token_test
