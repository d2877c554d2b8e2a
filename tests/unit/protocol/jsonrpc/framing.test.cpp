// SPDX-License-Identifier: MIT
// Byte chunks become lines, whatever way they are cut.
#include "protocol/jsonrpc/framing.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace nats_mcp::jsonrpc::framing_test {
namespace {

const framed_line overlong{framed_line::state::overlong, {}};

framed_line complete(std::string text) { return {framed_line::state::complete, std::move(text)}; }

std::vector<framed_line> fed(std::string_view bytes, std::size_t chunk_size) {
  framing lines;
  std::vector<framed_line> all;
  for (std::size_t at = 0; at < bytes.size(); at += chunk_size) {
    for (auto& line : lines.feed(bytes.substr(at, chunk_size))) {
      all.push_back(std::move(line));
    }
  }
  return all;
}

TEST(framing, keeps_a_line_split_over_chunks) {
  framing lines;
  EXPECT_TRUE(lines.feed("{\"a\"").empty());
  EXPECT_TRUE(lines.feed(":1}").empty());
  EXPECT_EQ(lines.feed("\n"), std::vector{complete("{\"a\":1}")});
}

TEST(framing, finds_several_lines_in_one_chunk) {
  framing lines;
  EXPECT_EQ(lines.feed("a\nb\nc"), (std::vector{complete("a"), complete("b")}));
  EXPECT_EQ(lines.feed("\n"), std::vector{complete("c")});
}

TEST(framing, gives_the_same_lines_however_the_bytes_are_cut) {
  const std::string bytes = "\xEF\xBB\xBF{\"a\":\"\xF0\x9F\x98\x80\"}\r\n\r\n \t\nb\xC3\n"
                            + std::string{"c\0d\n", 4} + "\r\r\ne\r\n";
  const std::vector expected{complete("{\"a\":\"\xF0\x9F\x98\x80\"}"), complete("b\xC3"),
                             complete(std::string{"c\0d", 3}), complete("e")};
  for (std::size_t chunk_size = 1; chunk_size <= bytes.size(); ++chunk_size) {
    EXPECT_EQ(fed(bytes, chunk_size), expected) << "chunks of " << chunk_size;
  }
}

TEST(framing, strips_only_one_carriage_return) {
  framing lines;
  EXPECT_EQ(lines.feed("a\r\r\n"), std::vector{complete("a\r")});
}

TEST(framing, forgives_a_byte_order_mark_only_on_the_first_line) {
  framing lines;
  EXPECT_EQ(lines.feed("\xEF\xBB\xBF"
                       "a\n\xEF\xBB\xBF"
                       "b\n"),
            (std::vector{complete("a"), complete("\xEF\xBB\xBF"
                                                 "b")}));
}

TEST(framing, accepts_a_line_of_exactly_the_bound) {
  framing lines;
  const std::string longest(limits::line_bytes_max, 'x');
  const auto framed = lines.feed(longest + "\r\n");
  ASSERT_EQ(framed.size(), 1U);
  EXPECT_EQ(framed[0].condition, framed_line::state::complete);
  EXPECT_EQ(framed[0].text.size(), limits::line_bytes_max);
}

TEST(framing, refuses_a_line_of_one_byte_more_and_goes_on) {
  framing lines;
  EXPECT_EQ(lines.feed(std::string(limits::line_bytes_max + 1, 'x') + "\nnext\n"),
            (std::vector{overlong, complete("next")}));
}

TEST(framing, reports_an_endless_line_once_and_skips_it_to_its_end) {
  framing lines;
  const std::string chunk(1024 * 1024, 'x');
  std::vector<framed_line> all;
  for (int i = 0; i < 32; ++i) {
    for (auto& line : lines.feed(chunk)) {
      all.push_back(std::move(line));
    }
  }
  EXPECT_EQ(all, std::vector{overlong});
  EXPECT_EQ(lines.feed("tail\nnext\n"), std::vector{complete("next")});
}

TEST(framing, hands_out_an_unfinished_last_line_at_the_end_of_the_stream) {
  framing lines;
  EXPECT_TRUE(lines.feed("last").empty());
  EXPECT_EQ(lines.end_of_stream(), complete("last"));
  EXPECT_EQ(lines.end_of_stream(), std::nullopt);
}

TEST(framing, has_nothing_left_after_an_overlong_unfinished_line) {
  framing lines;
  EXPECT_EQ(lines.feed(std::string(limits::line_bytes_max + 5, 'x')), std::vector{overlong});
  EXPECT_EQ(lines.end_of_stream(), std::nullopt);
}

RC_GTEST_PROP(framing, gives_back_the_lines_that_were_joined_however_they_are_cut, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(
    rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', '"', '{', '\x01'))));
  std::string bytes;
  std::vector<framed_line> expected;
  for (const auto& line : lines) {
    bytes += line + *rc::gen::element<std::string>("\n", "\r\n", "\n\n", "\n \t\r\n");
    expected.push_back(complete(line));
  }
  RC_ASSERT(fed(bytes, *rc::gen::inRange<std::size_t>(1, 20)) == expected);
}

} // namespace
} // namespace nats_mcp::jsonrpc::framing_test
