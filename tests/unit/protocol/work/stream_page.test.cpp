// SPDX-License-Identifier: MIT
// Pages of a stream: merged without a gap, bounded, and gone on with by a number.
#include "protocol/work/stream_page.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::work::stream_page_test {
namespace {

using numbers = std::vector<std::uint64_t>;

constexpr page_bounds plenty{1000, 1'000'000};

page_part part(const numbers& sequences, bool cut = false, std::size_t bytes = 1) {
  page_part out;
  out.cut = cut;
  for (const auto sequence : sequences) {
    jetstream::delivery one;
    one.stream_sequence = sequence;
    one.payload = std::string(bytes, 'x');
    out.messages.push_back(std::move(one));
  }
  return out;
}

numbers sequences(const stream_page& page) {
  numbers out;
  for (const auto& message : page.messages) {
    out.push_back(message.stream_sequence);
  }
  return out;
}

TEST(stream_page, has_all_parts_in_the_order_of_the_stream) {
  const auto page = merged_page({part({2, 5, 9}), part({1, 7})}, plenty);
  EXPECT_EQ(sequences(page), (numbers{1, 2, 5, 7, 9}));
  EXPECT_FALSE(page.next);
}

TEST(stream_page, of_nothing_is_empty_and_the_last) {
  EXPECT_TRUE(merged_page({}, plenty).messages.empty());
  EXPECT_FALSE(merged_page({part({}), part({})}, plenty).next);
}

TEST(stream_page, ends_with_its_number_of_messages) {
  const auto page = merged_page({part({2, 5}), part({1})}, {2, 1000});
  EXPECT_EQ(sequences(page), (numbers{1, 2}));
  EXPECT_EQ(page.next, 3U);
}

TEST(stream_page, ends_with_its_bytes_but_always_has_one_message) {
  const auto page = merged_page({part({1, 2, 3}, false, 40)}, {10, 100});
  EXPECT_EQ(sequences(page), (numbers{1, 2}));
  EXPECT_EQ(page.next, 3U);
  const auto large = merged_page({part({4, 5}, false, 400)}, {10, 100});
  EXPECT_EQ(sequences(large), numbers{4});
  EXPECT_EQ(large.next, 5U);
}

TEST(stream_page, shows_nothing_beyond_the_end_of_a_part_that_was_cut) {
  const auto page = merged_page({part({1, 4}, true), part({2, 3, 8})}, plenty);
  EXPECT_EQ(sequences(page), (numbers{1, 2, 3, 4})) << "5 may be the first one's";
  EXPECT_EQ(page.next, 5U);
}

TEST(stream_page, goes_on_behind_the_part_that_was_cut_first) {
  const auto page = merged_page({part({1, 9}, true), part({2, 3}, true)}, plenty);
  EXPECT_EQ(sequences(page), (numbers{1, 2, 3}));
  EXPECT_EQ(page.next, 4U);
}

TEST(stream_page, shows_once_what_two_parts_have) {
  EXPECT_EQ(sequences(merged_page({part({1, 2}), part({2, 3})}, plenty)), (numbers{1, 2, 3}));
}

RC_GTEST_PROP(stream_page, leaves_nothing_out_however_small_the_pages_are, ()) {
  const auto owners = *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(0U, 3U));
  const auto bound = *rc::gen::inRange<std::size_t>(1, 5);
  numbers expected;
  numbers got;
  std::uint64_t start = 1;
  for (std::size_t index = 0; index < owners.size(); ++index) {
    expected.push_back(index + 1);
  }
  for (std::size_t pages = 0; pages <= owners.size(); ++pages) {
    // What a reader gets that asks for `bound` of each.
    std::vector<numbers> parts(3);
    std::vector<page_part> read;
    for (std::size_t index = start - 1; index < owners.size(); ++index) {
      parts[owners[index]].push_back(index + 1);
    }
    for (auto& one : parts) {
      const bool cut = one.size() > bound;
      one.resize(std::min(one.size(), bound));
      read.push_back(part(one, cut));
    }
    const auto page = merged_page(std::move(read), {bound, 1000});
    RC_ASSERT(page.messages.size() <= bound);
    for (const auto sequence : sequences(page)) {
      got.push_back(sequence);
    }
    if (!page.next) {
      break;
    }
    RC_ASSERT(*page.next > start);
    start = *page.next;
  }
  RC_ASSERT(got == expected);
}

// -- cursors -----------------------------------------------------------------------------------

TEST(page_cursor, leads_back_to_its_page) {
  for (const auto sequence : {std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(page_start(page_cursor(sequence), "list_work"), sequence);
  }
  EXPECT_EQ(page_start(std::nullopt, "list_work"), 1U);
}

TEST(page_cursor, that_nobody_gave_out_is_refused_by_name) {
  for (const std::string text :
       {"", "0", "-1", "+1", " 1", "1 ", "1.", "01", "0x1", "one", "18446744073709551616"}) {
    const auto start = page_start(text, "list_work");
    ASSERT_FALSE(start) << text;
    EXPECT_EQ(start.error().code, ec::invalid_argument);
    EXPECT_NE(start.error().message.find("list_work"), std::string::npos);
    EXPECT_NE(start.error().message.find('"' + text + '"'), std::string::npos);
  }
  const auto start = page_start(std::string(10'000, '\n'), "list_work");
  EXPECT_LT(start.error().message.size(), 1000U) << "what was given is not said at length";
}

} // namespace
} // namespace nats_mcp::work::stream_page_test
