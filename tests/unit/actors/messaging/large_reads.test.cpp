// SPDX-License-Identifier: MIT
// Reads that do not fit into one answer: cut by bytes, not by messages.
#include "protocol/limits.hpp"

#include "tests/support/channel_story.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace nats_mcp::testing {
namespace {

/// A NATS whose messages are so large that `fitting` of them fill a bounded pull; the one at `huge`
/// does not fit at all.
class large_reads : public channel_story {
protected:
  void messages_fit(std::size_t fitting) { messages_fit(fitting, {}); }

  void messages_fit(std::size_t fitting, std::optional<std::size_t> huge) {
    stream_holds("demo_PLANNING", 10);
    const auto scripted = script_->on_pull;
    script_->on_pull = [this, scripted, fitting, huge](const jetstream::pull& what) {
      pulled_.push_back(what);
      auto everything = what;
      everything.batch = 1000;
      auto got = *scripted(everything);
      const auto first = delivered_;
      auto& messages = got.deliveries;
      messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(first));
      const auto wanted = std::min<std::size_t>(what.batch, messages.size());
      const auto before_huge = huge && *huge >= first ? *huge - first : wanted;
      const auto shown = what.bytes_max > 0 ? std::min({fitting, wanted, before_huge}) : wanted;
      messages.resize(shown);
      for (auto& each : messages) {
        each.consumer_sequence = ++delivered_;
      }
      got.end = shown < wanted ? jetstream::pull_end::bytes_full : jetstream::pull_end::batch_full;
      return result<jetstream::pull_result>{std::move(got)};
    };
  }

  std::vector<jetstream::pull> pulled_;

private:
  std::size_t delivered_ = 0;
};

TEST_F(large_reads, take_a_message_alone_that_is_larger_than_the_bound_wherever_it_stands) {
  messages_fit(10, 2);
  const auto read = ask(channels_, newest("planning", 5));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_FALSE(read->messages.empty());
  EXPECT_EQ(read->messages.back().message, "message 10");
  ASSERT_EQ(pulled_.size(), 4U) << "the small ones, none, the huge one, the rest";
  EXPECT_EQ(pulled_[2].batch, 1U);
  EXPECT_EQ(pulled_[2].bytes_max, 0U);
}

TEST_F(large_reads, after_a_position_end_where_the_bytes_end_and_say_where_to_go_on) {
  messages_fit(2);
  auto request = newest("planning", 5);
  request.arguments.after = 3;
  const auto read = ask(channels_, request);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(texts(*read), (strings{"message 4", "message 5"}));
  EXPECT_EQ(read->next_after, 5U);
  ASSERT_EQ(pulled_.size(), 1U);
  EXPECT_EQ(pulled_[0].bytes_max, limits::read_bytes_max);
}

TEST_F(large_reads, show_a_message_larger_than_the_bound_alone) {
  messages_fit(0);
  auto request = newest("planning", 5);
  request.arguments.after = 3;
  const auto read = ask(channels_, request);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(texts(*read), strings{"message 4"});
  ASSERT_EQ(pulled_.size(), 2U);
  EXPECT_EQ(pulled_[1].bytes_max, 0U);
  EXPECT_EQ(pulled_[1].batch, 1U);
}

TEST_F(large_reads, of_the_newest_go_on_until_the_very_newest_is_there) {
  messages_fit(2);
  const auto read = ask(channels_, newest("planning", 5));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(texts(*read).back(), "message 10");
  EXPECT_EQ(read->next_after, 10U);
  EXPECT_EQ(pulled_.size(), 3U);
}

/// Messages that take six times as much room in an answer as in NATS.
class swelling_reads : public large_reads {
protected:
  void SetUp() override {
    large_reads::SetUp();
    messages_fit(10);
    const auto before = script_->on_pull;
    script_->on_pull = [before](const jetstream::pull& what) {
      auto got = *before(what);
      for (auto& each : got.deliveries) {
        each.payload = R"({"handle":"evil","message":")" + std::to_string(each.stream_sequence)
                       + std::string(300'000, '\x7f') + R"(","timestamp":"2025-01-15T10:00:00Z"})";
      }
      return result<jetstream::pull_result>{std::move(got)};
    };
  }

  /// What the texts begin with.
  static std::vector<int> numbers(const tools::read_messages_result& read) {
    std::vector<int> out;
    for (const auto& message : read.messages) {
      out.push_back(std::stoi(message.message));
    }
    return out;
  }
};

TEST_F(swelling_reads, of_the_newest_show_as_many_as_there_is_room_for) {
  const auto read = ask(channels_, newest("planning", 10));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(numbers(*read), (std::vector<int>{9, 10}));
  EXPECT_EQ(read->next_after, 10U);
}

TEST_F(swelling_reads, after_a_position_say_where_to_go_on) {
  auto request = newest("planning", 10);
  request.arguments.after = 3;
  const auto read = ask(channels_, request);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(numbers(*read), (std::vector<int>{4, 5}));
  EXPECT_EQ(read->next_after, 5U);
}

} // namespace
} // namespace nats_mcp::testing
