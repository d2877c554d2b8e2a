// SPDX-License-Identifier: MIT
// A stream is a set of sequences; the window must find exactly its newest N, whatever is missing.
#include "protocol/messaging/newest_window.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace nats_mcp::messaging::newest_window_test {
namespace {

using sequences = std::vector<std::uint64_t>; // ascending

struct outcome {
  sequences read;
  int reports = 0;
};

/// Runs the search against `stream` and reads from where it ends.
outcome read_newest(const sequences& stream, std::uint64_t wanted) {
  const stream_extent extent{stream.size(), stream.empty() ? 1 : stream.front(),
                             stream.empty() ? 0 : stream.back()};
  newest_window window{extent, wanted};
  outcome result;
  const auto from = [&] { return std::lower_bound(stream.begin(), stream.end(), window.start()); };
  while (!window.done() && result.reports < 1000) {
    window.report(static_cast<std::uint64_t>(stream.end() - from()));
    ++result.reports;
  }
  const auto surplus = static_cast<std::ptrdiff_t>(window.surplus());
  result.read.assign(from() + surplus, stream.end());
  return result;
}

sequences newest_of(const sequences& stream, std::uint64_t wanted) {
  const auto count = std::min<std::uint64_t>(wanted, stream.size());
  return {stream.end() - static_cast<std::ptrdiff_t>(count), stream.end()};
}

TEST(newest_window, needs_one_question_when_there_are_no_gaps) {
  sequences stream;
  for (std::uint64_t sequence = 501; sequence <= 10'500; ++sequence) {
    stream.push_back(sequence);
  }
  const auto result = read_newest(stream, 100);
  EXPECT_EQ(result.read.front(), 10'401U);
  EXPECT_EQ(result.read.size(), 100U);
  EXPECT_EQ(result.reports, 1);
}

TEST(newest_window, reads_everything_when_less_is_there_than_wanted) {
  EXPECT_EQ(read_newest({7, 9, 12}, 50).read, (sequences{7, 9, 12}));
}

TEST(newest_window, reads_nothing_from_an_empty_stream) {
  EXPECT_TRUE(read_newest({}, 10).read.empty());
}

TEST(newest_window, finds_the_edge_between_a_desert_and_a_dense_past) {
  sequences stream;
  for (std::uint64_t sequence = 1; sequence <= 100'000; ++sequence) {
    stream.push_back(sequence);
  }
  stream.push_back(1'000'000);
  const auto result = read_newest(stream, 10);
  EXPECT_EQ(result.read, newest_of(stream, 10));
  EXPECT_LE(result.reports, 60);
}

RC_GTEST_PROP(newest_window, reads_exactly_the_newest_of_any_stream, ()) {
  auto stream = *rc::gen::unique<sequences>(rc::gen::inRange<std::uint64_t>(1, 5'000));
  std::sort(stream.begin(), stream.end());
  const auto wanted = *rc::gen::inRange<std::uint64_t>(1, 60);
  const auto result = read_newest(stream, wanted);
  RC_ASSERT(result.read == newest_of(stream, wanted));
  RC_ASSERT(result.reports <= 130);
}

} // namespace
} // namespace nats_mcp::messaging::newest_window_test
