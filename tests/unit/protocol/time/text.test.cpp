// SPDX-License-Identifier: MIT
// Foreign text made safe to show.
#include "protocol/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace nats_mcp::text_test {
namespace {

TEST(text, shows_control_characters_escaped) {
  EXPECT_EQ(one_line("a\nb\tc\rd\x1b[31me\x7f"), "a\\nb\\tc\\rd\\u001b[31me\\u007f");
  EXPECT_EQ(many_lines("a\nb\tc\rd\x1b[31me"), "a\nb\tc\\rd\\u001b[31me");
  EXPECT_EQ(one_line(std::string_view{"\0", 1}), "\\u0000");
}

TEST(text, escapes_what_breaks_lines_or_turns_their_direction) {
  EXPECT_EQ(many_lines("a\xc2\x85z"), "a\\u0085z");             // next line
  EXPECT_EQ(many_lines("a\xe2\x80\xa8z"), "a\\u2028z");         // line separator
  EXPECT_EQ(many_lines("a\xe2\x80\xaez"), "a\\u202ez");         // right-to-left override
  EXPECT_EQ(many_lines("a\xe2\x81\xa6z"), "a\\u2066z");         // isolate
  EXPECT_EQ(many_lines("a\xe2\x81\xa0z"), "a\\u2060z");         // word joiner
  EXPECT_EQ(many_lines("a\xef\xbf\xb9z"), "a\\ufff9z");         // interlinear annotation
  EXPECT_EQ(many_lines("a\xf3\xa0\x81\x81z"), "a\\U000e0041z"); // a letter nobody sees
  EXPECT_EQ(many_lines("a\xc2\x9b[31mz"), "a\\u009b[31mz");     // a terminal's command in one byte
  EXPECT_EQ(many_lines("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"), "grüß 😀");
}

TEST(text, escapes_what_nobody_sees) {
  EXPECT_EQ(many_lines("a\xe2\x80\x8bz"), "a\\u200bz");         // zero width space
  EXPECT_EQ(many_lines("a\xc2\xadz"), "a\\u00adz");             // soft hyphen
  EXPECT_EQ(many_lines("a\xe3\x85\xa4z"), "a\\u3164z");         // filler of Hangul
  EXPECT_EQ(many_lines("a\xf3\xa0\x84\x80z"), "a\\U000e0100z"); // a variation of nothing
  EXPECT_EQ(many_lines("a\xef\xb8\x80z"), "a\\ufe00z");
  EXPECT_EQ(many_lines("❤️ 👩‍💻 می‌خواهم"),
            "❤️ 👩‍💻 می‌خواهم")
    << "what joins letters and emoji is their spelling";
}

TEST(text, knows_the_beginning_of_a_line_as_a_reader_sees_it) {
  EXPECT_EQ(beginning_as_seen("  \t\\ \xc2\xa0\xe3\x80\x80Next: after=9", 64), "Next: after=9");
  EXPECT_EQ(beginning_as_seen("\xe2\x80\x8dN\xe2\x80\x8d"
                              "ext:\xc2\xa0"
                              "after=9",
                              64),
            "Next: after=9");
  EXPECT_EQ(beginning_as_seen("Next: after=9", 5), "Next:");
  EXPECT_EQ(beginning_as_seen("a\\b", 64), "a\\b");
  EXPECT_EQ(beginning_as_seen("", 64), "");
}

TEST(text, replaces_broken_utf8) {
  EXPECT_EQ(one_line("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_FALSE(is_utf8("a\xff"));
  EXPECT_TRUE(is_utf8("grün"));
}

TEST(text, counts_with_the_noun_in_its_number) {
  EXPECT_EQ(counted(0, "message"), "0 messages");
  EXPECT_EQ(counted(1, "message"), "1 message");
  EXPECT_EQ(counted(2, "message"), "2 messages");
}

TEST(text, counts_and_cuts_characters_not_bytes) {
  EXPECT_EQ(count_characters("grüß 😀"), 6U);
  EXPECT_EQ(first_characters("grüß 😀", 4), "grüß…");
  EXPECT_EQ(first_characters("grüß", 4), "grüß");
}

TEST(text, measures_how_far_apart_two_words_are) {
  EXPECT_EQ(edit_distance("channel", "chanel"), 1U);
  EXPECT_EQ(edit_distance("Channel", "channel"), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(text, tells_words_apart_by_more_than_their_case) {
  EXPECT_TRUE(equal_but_for_case("Debug", "DEBUG"));
  EXPECT_FALSE(equal_but_for_case("debug", "debugs"));
  EXPECT_FALSE(equal_but_for_case("debug", "debuh"));
}

RC_GTEST_PROP(text, never_lets_a_control_character_through, (const std::string& anything)) {
  const auto shown = one_line(anything);
  RC_ASSERT(is_utf8(shown));
  RC_ASSERT(std::none_of(shown.begin(), shown.end(), [](char letter) {
    return (letter >= 0 && letter < 0x20) || letter == 0x7f;
  }));
}

/// Pieces that are shown in different ways.
std::string any_text() {
  const auto piece =
    rc::gen::element<std::string>("a", "\"", "\\", "\n", "\t", "\r", "\x1b", "\x7f", "\xff", "ü",
                                  "\xe2\x80\xae", "😀", "\xf3\xa0\x81\x81", "\xe2\x80");
  std::string out;
  for (const auto& one : *rc::gen::container<std::vector<std::string>>(piece)) {
    out += one;
  }
  return out;
}

RC_GTEST_PROP(text, knows_how_long_it_is_when_it_is_shown, ()) {
  const auto one = any_text();
  RC_ASSERT(shown_bytes(one) == many_lines(one).size());
}

RC_GTEST_PROP(text, is_cut_where_there_is_no_more_room, ()) {
  const auto one = any_text();
  const auto room = *rc::gen::inRange<std::size_t>(0, 60);
  const auto first = first_shown(one, room);
  RC_ASSERT(one.starts_with(first));
  RC_ASSERT(shown_bytes(first) <= room);
  constexpr std::size_t longest_character = 4;
  RC_ASSERT(first == one
            || shown_bytes(std::string_view{one}.substr(0, first.size() + longest_character))
                 > room);
}

} // namespace
} // namespace nats_mcp::text_test
