// SPDX-License-Identifier: MIT
// The checks of the fuzz targets notice what they are there for.
#include "tests/fuzz/promises.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::fuzz::promises_test {
namespace {

TEST(promises, end_the_process_when_they_are_broken) {
  EXPECT_DEATH(require(false, "two is three", "\x1b"), "BROKEN PROMISE: two is three");
  EXPECT_DEATH(require_sentence("", 10), "BROKEN PROMISE");
  EXPECT_DEATH(require_sentence("too long", 5), "BROKEN PROMISE");
  EXPECT_DEATH(require_sentence("\x1b", 5), "BROKEN PROMISE");
  EXPECT_DEATH(require_showable("\xff", "text is text"), "BROKEN PROMISE: text is text");
  require(true, "two is two", {});
  require_sentence("fine", 5);
}

TEST(promises, know_what_can_be_shown) {
  for (const auto* shown : {"", "a b", "ä→🦊", "a\nb\tc", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_showable(shown)) << shown;
  }
  for (const auto* hidden :
       {"\x01", "\r", "\x1b", "\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\xa8", "\xef\xbb\xbf",
        "\xf3\xa0\x81\x81", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80"}) {
    EXPECT_FALSE(is_showable(hidden)) << hidden;
    EXPECT_FALSE(is_showable_line(hidden)) << hidden;
  }
  EXPECT_FALSE(is_showable_line("a\nb"));
}

TEST(promises, know_a_line_of_json) {
  EXPECT_TRUE(is_json_line(R"({"a":"ä"})"));
  for (const auto* none : {"", "{", "{\n}", "{\"a\":\"\xff\"}", "{} {}"}) {
    EXPECT_FALSE(is_json_line(none)) << none;
  }
}

TEST(promises, know_a_subject) {
  EXPECT_TRUE(is_plain_subject("work.public.c=2B.5"));
  for (const auto* none : {"", ".", "a.", "a..b", "a.*", ">", "a b", "a\r\nPUB", "a.\x7f", "ä"}) {
    EXPECT_FALSE(is_plain_subject(none)) << none;
    EXPECT_FALSE(is_subject_token(none)) << none;
  }
  EXPECT_FALSE(is_subject_token("a.b"));
}

TEST(input, is_taken_apart_from_the_front) {
  input given{"\x05 one\ntwo\n%%\nthree"};
  EXPECT_EQ(given.choice(3), 2U);
  EXPECT_EQ(given.line(), " one");
  EXPECT_EQ(given.section(), "two");
  EXPECT_EQ(given.rest(), "three");
  EXPECT_EQ(given.line(), "three");
  EXPECT_TRUE(given.at_end());
  EXPECT_EQ(given.byte(), 0);
}

} // namespace
} // namespace nats_mcp::fuzz::promises_test
