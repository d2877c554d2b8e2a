// SPDX-License-Identifier: MIT
// The checkers of channels against histories made by hand: a good one, and the same one bad in one
// way at a time.
#include "tests/simulation/checkers/reading_checkers.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::simulation::channel_checkers_test {
namespace {

constexpr auto channel = "planning";

class channel_checkers : public ::testing::Test {
protected:
  // The good history: "a" of agent 0, "b" and "c" of agent 1, then agent 0 reads and waits.
  channel_checkers() {
    history_.handles = {"agent-0", "agent-1"};
    history_.part_failed = {false, false};
    send(0, "a", 1);
    send(1, "b", 2);
    send(1, "c", 3);
    history_.stored[channel] = {{1, "agent-0", "a"}, {2, "agent-1", "b"}, {3, "agent-1", "c"}};
    read(read_mode::unread, 1, 2, 50);
  }

  call_facts next_call(std::size_t agent) {
    const auto asked = ++order_;
    return {agent, agent, asked, ++order_, true};
  }

  send_facts& send(std::size_t agent, const std::string& text, std::uint64_t sequence) {
    history_.sends.push_back({next_call(agent), channel, text, sequence, false});
    return history_.sends.back();
  }

  /// Agent 0 is shown what stands from `first` to `last`.
  read_facts& read(read_mode mode, std::uint64_t first, std::uint64_t last, std::uint64_t limit) {
    read_facts one{next_call(0), channel, mode, first - 1, limit, {}, last};
    for (const auto& message : history_.stored[channel]) {
      if (message.sequence >= first && message.sequence <= last) {
        one.shown.push_back(message);
      }
    }
    history_.reads.push_back(one);
    return history_.reads.back();
  }

  void wait_in_vain() {
    const auto call = next_call(0);
    history_.waits.push_back({call, {channel}, *call.answered, {}});
  }

  template <class Checker>
  [[nodiscard]] std::size_t found() const {
    return Checker{history_}.violations().size();
  }

  channel_history history_;
  order_number order_ = 0;
};

TEST_F(channel_checkers, find_nothing_wrong_with_a_good_history) {
  history_.reads.clear();
  read(read_mode::unread, 1, 3, 50);
  read(read_mode::newest, 2, 3, 2);
  read(read_mode::after, 2, 2, 1);
  wait_in_vain();
  EXPECT_EQ(found<acknowledged_messages_are_stored>(), 0U);
  EXPECT_EQ(found<messages_are_stored_once>(), 0U);
  EXPECT_EQ(found<senders_keep_their_order>(), 0U);
  EXPECT_EQ(found<failures_are_honest>(), 0U);
  EXPECT_EQ(found<reads_show_the_stream>(), 0U);
  EXPECT_EQ(found<unread_skips_nothing>(), 0U);
  EXPECT_EQ(found<unread_repeats_nothing>(), 0U);
  EXPECT_EQ(found<waits_notice_news>(), 0U);
}

// -- storing -----------------------------------------------------------------------------------

TEST_F(channel_checkers, catch_an_acknowledged_message_that_is_lost) {
  history_.stored[channel].pop_back();
  EXPECT_EQ(found<acknowledged_messages_are_stored>(), 1U);
}

TEST_F(channel_checkers, catch_a_message_that_stands_elsewhere_than_acknowledged) {
  history_.sends[2].sequence = 7;
  EXPECT_EQ(found<acknowledged_messages_are_stored>(), 1U);
}

TEST_F(channel_checkers, let_a_message_without_an_answer_be_lost) {
  history_.stored[channel].pop_back();
  history_.sends[2].call.succeeded = false;
  history_.sends[2].call.answered.reset();
  EXPECT_EQ(found<acknowledged_messages_are_stored>(), 0U);
}

TEST_F(channel_checkers, catch_a_message_that_is_stored_twice) {
  history_.stored[channel].push_back({4, "agent-1", "b"});
  EXPECT_EQ(found<messages_are_stored_once>(), 1U);
}

TEST_F(channel_checkers, catch_a_message_nobody_sent_and_one_under_another_handle) {
  history_.stored[channel].push_back({4, "agent-1", "who says this?"});
  EXPECT_EQ(found<messages_are_stored_once>(), 1U);
  history_.stored[channel][0].handle = "agent-1";
  EXPECT_EQ(found<messages_are_stored_once>(), 2U);
}

TEST_F(channel_checkers, catch_a_sender_whose_messages_changed_places) {
  std::swap(history_.stored[channel][1].text, history_.stored[channel][2].text);
  EXPECT_EQ(found<senders_keep_their_order>(), 1U);
}

TEST_F(channel_checkers, let_messages_change_places_that_were_sent_side_by_side) {
  std::swap(history_.stored[channel][1].text, history_.stored[channel][2].text);
  history_.sends[2].call.asked = history_.sends[1].call.asked;
  EXPECT_EQ(found<senders_keep_their_order>(), 0U);
}

TEST_F(channel_checkers, catch_a_failure_that_was_none) {
  history_.sends[2].call.succeeded = false;
  history_.sends[2].denied = true;
  EXPECT_EQ(found<failures_are_honest>(), 1U);
}

// -- reading -----------------------------------------------------------------------------------

TEST_F(channel_checkers, catch_a_read_with_a_hole) {
  auto& one = read(read_mode::after, 1, 3, 50);
  one.shown.erase(one.shown.begin() + 1);
  EXPECT_GE(found<reads_show_the_stream>(), 1U);
}

TEST_F(channel_checkers, catch_a_read_that_begins_too_late_or_shows_too_much) {
  history_.reads.clear();
  read(read_mode::after, 2, 3, 50).after = 0;
  EXPECT_EQ(found<reads_show_the_stream>(), 1U);
  history_.reads.clear();
  read(read_mode::newest, 2, 3, 50);
  EXPECT_EQ(found<reads_show_the_stream>(), 1U) << "not full, so it has to begin at the beginning";
  history_.reads.clear();
  read(read_mode::newest, 1, 3, 2);
  EXPECT_EQ(found<reads_show_the_stream>(), 1U);
}

TEST_F(channel_checkers, catch_a_read_that_does_not_show_what_was_acknowledged_before) {
  history_.reads.clear();
  read(read_mode::newest, 1, 2, 50);
  EXPECT_EQ(found<reads_show_the_stream>(), 1U);
  history_.reads.clear();
  read(read_mode::after, 4, 3, 50).after = 2;
  history_.reads.back().next_after = 2;
  EXPECT_EQ(found<reads_show_the_stream>(), 1U) << "shows nothing";
}

TEST_F(channel_checkers, catch_a_read_of_words_nobody_stored) {
  history_.reads.clear();
  read(read_mode::after, 1, 3, 50).shown[1].text = "other words";
  EXPECT_EQ(found<reads_show_the_stream>(), 1U);
}

TEST_F(channel_checkers, catch_a_read_that_names_the_wrong_place_to_go_on) {
  history_.reads.clear();
  read(read_mode::after, 1, 3, 50).next_after = 2;
  EXPECT_EQ(found<reads_show_the_stream>(), 1U);
}

TEST_F(channel_checkers, catch_unread_that_skips_a_message_of_somebody_else) {
  send(1, "d", 4);
  history_.stored[channel].push_back({4, "agent-1", "d"});
  read(read_mode::unread, 4, 4, 50);
  EXPECT_EQ(found<unread_skips_nothing>(), 1U) << "number 3 was never shown";
}

TEST_F(channel_checkers, let_unread_skip_what_the_agent_said_itself) {
  history_.stored[channel][2].handle = "agent-0";
  history_.sends[2].call.agent = 0;
  history_.sends[2].call.process = 0;
  send(1, "d", 4);
  history_.stored[channel].push_back({4, "agent-1", "d"});
  read(read_mode::unread, 4, 4, 50);
  EXPECT_EQ(found<unread_skips_nothing>(), 0U);
}

TEST_F(channel_checkers, catch_unread_that_shows_a_message_again) {
  read(read_mode::unread, 2, 3, 50);
  EXPECT_EQ(found<unread_repeats_nothing>(), 1U);
  history_.part_failed[0] = true;
  EXPECT_EQ(found<unread_repeats_nothing>(), 0U);
}

TEST_F(channel_checkers, catch_a_wait_that_misses_what_is_unread) {
  wait_in_vain(); // number 3 is unread: the read showed 1 and 2
  EXPECT_EQ(found<waits_notice_news>(), 1U);
  history_.waits[0].news = {channel};
  EXPECT_EQ(found<waits_notice_news>(), 0U);
}

TEST_F(channel_checkers, let_a_wait_miss_what_came_when_its_time_was_over) {
  history_.reads.clear();
  read(read_mode::unread, 1, 3, 50);
  auto call = next_call(0);
  history_.stored[channel].push_back({4, "agent-1", "d"});
  const auto acknowledged = *send(1, "d", 4).call.answered;
  call.answered = ++order_;
  history_.waits.push_back({call, {channel}, acknowledged, {}});
  EXPECT_EQ(found<waits_notice_news>(), 0U);
  history_.waits[0].over = acknowledged + 1;
  EXPECT_EQ(found<waits_notice_news>(), 1U);
}

} // namespace
} // namespace nats_mcp::simulation::channel_checkers_test
