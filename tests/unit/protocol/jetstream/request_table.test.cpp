// SPDX-License-Identifier: MIT
#include "protocol/jetstream/request_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

namespace nats_mcp::jetstream::request_table_test {
namespace {

using namespace std::chrono_literals;

const monotonic_time start{1h};

request_table::options small() {
  request_table::options choice;
  choice.window = 2;
  choice.queue = 3;
  choice.queue_bytes = 1000;
  return choice;
}

request_terms terms(repetition again = repetition::allowed,
                    consequence effect = consequence::possible,
                    std::chrono::milliseconds limit = 5000ms) {
  return {again, effect, window_use::counted, 10, start + limit, 1000ms};
}

std::vector<std::uint64_t> written(const std::vector<request_effect>& effects) {
  std::vector<std::uint64_t> ids;
  for (const auto& effect : effects) {
    if (const auto* one = std::get_if<write_request>(&effect)) {
      ids.push_back(static_cast<std::uint64_t>(one->id));
    }
  }
  return ids;
}

std::vector<end_request> ended(const std::vector<request_effect>& effects) {
  std::vector<end_request> ends;
  for (const auto& effect : effects) {
    if (const auto* one = std::get_if<end_request>(&effect)) {
      ends.push_back(*one);
    }
  }
  return ends;
}

TEST(request_table, waits_for_the_connection_and_keeps_the_order) {
  request_table table{small()};
  ASSERT_TRUE(table.submit(terms(), start));
  ASSERT_TRUE(table.submit(terms(), start));
  EXPECT_TRUE(table.take_effects().empty());
  table.connected(start);
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{1, 2}));
}

TEST(request_table, keeps_to_the_window) {
  request_table table{small()};
  table.connected(start);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(table.submit(terms(), start));
  }
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_TRUE(table.answered(request_id{1}));
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{3}));
}

TEST(request_table, is_busy_when_too_many_wait) {
  request_table table{small()};
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(table.submit(terms(), start));
  }
  const auto refused = table.submit(terms(), start);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::busy);
}

TEST(request_table, is_busy_when_too_many_bytes_wait) {
  request_table table{small()};
  auto big = terms();
  big.bytes = 900;
  ASSERT_TRUE(table.submit(big, start));
  EXPECT_EQ(table.submit(big, start).error().code, ec::busy);
}

TEST(request_table, long_polls_stay_outside_the_window) {
  request_table table{small()};
  table.connected(start);
  auto poll = terms(repetition::never, consequence::none);
  poll.window = window_use::free;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(table.submit(poll, start));
  }
  ASSERT_TRUE(table.submit(terms(), start));
  EXPECT_EQ(written(table.take_effects()).size(), 5U);
}

TEST(request_table, long_polls_wait_for_each_other_in_order) {
  auto choice = small();
  choice.polls = 2;
  request_table table{choice};
  table.connected(start);
  auto poll = terms(repetition::never, consequence::none);
  poll.window = window_use::free;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(table.submit(poll, start));
  }
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_TRUE(table.answered(request_id{2}));
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{3}));
  ASSERT_TRUE(table.submit(terms(), start));
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{5}))
    << "they keep nothing else out";
}

TEST(request_table, a_long_poll_that_found_no_room_in_time_is_busy) {
  auto choice = small();
  choice.polls = 1;
  request_table table{choice};
  table.connected(start);
  auto poll = terms(repetition::never, consequence::none);
  poll.window = window_use::free;
  ASSERT_TRUE(table.submit(poll, start));
  ASSERT_TRUE(table.submit(poll, start));
  (void)table.take_effects();
  table.tick(start + 5000ms);
  const auto ends = ended(table.take_effects());
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[0].code, ec::timeout) << "was written";
  EXPECT_EQ(ends[1].code, ec::busy);
}

TEST(request_table, ends_unwritten_requests_with_timeout) {
  request_table table{small()};
  ASSERT_TRUE(table.submit(terms(), start));
  table.tick(start + 4999ms);
  EXPECT_TRUE(table.take_effects().empty());
  table.tick(start + 5000ms);
  const auto ends = ended(table.take_effects());
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].code, ec::timeout);
  EXPECT_EQ(ends[0].reason, end_reason::out_of_time);
  EXPECT_TRUE(table.empty());
}

TEST(request_table, ends_written_requests_with_unknown_outcome) {
  request_table table{small()};
  table.connected(start);
  ASSERT_TRUE(table.submit(terms(repetition::never), start));
  table.tick(start + 5000ms);
  EXPECT_EQ(ended(table.take_effects()).at(0).code, ec::unknown_outcome);
}

TEST(request_table, ends_written_questions_with_timeout) {
  request_table table{small()};
  table.connected(start);
  ASSERT_TRUE(table.submit(terms(repetition::allowed, consequence::none), start));
  table.tick(start + 5000ms);
  EXPECT_EQ(ended(table.take_effects()).at(0).code, ec::timeout);
}

TEST(request_table, writes_again_on_silence_where_allowed) {
  request_table table{small()};
  table.connected(start);
  ASSERT_TRUE(table.submit(terms(), start));
  ASSERT_TRUE(table.submit(terms(repetition::never), start));
  EXPECT_EQ(table.next_due(), start + 1000ms);
  (void)table.take_effects();
  table.tick(start + 1000ms);
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(table.attempts(request_id{1}), 2U);
}

TEST(request_table, keeps_repeatable_requests_over_a_lost_connection) {
  request_table table{small()};
  table.connected(start);
  ASSERT_TRUE(table.submit(terms(), start));
  ASSERT_TRUE(table.submit(terms(repetition::never), start));
  (void)table.take_effects();
  table.disconnected(start + 1ms);
  const auto ends = ended(table.take_effects());
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].id, request_id{2});
  EXPECT_EQ(ends[0].code, ec::unknown_outcome);
  EXPECT_EQ(ends[0].reason, end_reason::connection_lost);
  table.connected(start + 2ms);
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{1}));
}

TEST(request_table, ends_what_is_of_one_connection_alone_with_it) {
  request_table table{small()};
  auto bound = terms();
  bound.scope = connection_scope::present;
  table.connected(start);
  ASSERT_TRUE(table.submit(terms(), start));
  ASSERT_TRUE(table.submit(bound, start));
  ASSERT_TRUE(table.submit(bound, start)); // waits for room in the window
  (void)table.take_effects();
  table.disconnected(start + 1ms);
  const auto lost = ended(table.take_effects());
  ASSERT_EQ(lost.size(), 2U);
  EXPECT_EQ(lost[0].code, ec::unknown_outcome);
  EXPECT_EQ(lost[1].code, ec::timeout) << "it was never written";
  ASSERT_TRUE(table.submit(bound, start + 2ms));
  const auto refused = ended(table.take_effects());
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, end_reason::connection_lost);
  table.connected(start + 3ms);
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{1}));
}

TEST(request_table, ends_what_the_last_connection_alone_would_have_taken) {
  request_table table{small()};
  auto bound = terms();
  bound.scope = connection_scope::present;
  table.connected(start);
  ASSERT_TRUE(table.submit(bound, start));
  (void)table.take_effects();
  table.not_written(request_id{1});
  EXPECT_EQ(ended(table.take_effects()).size(), 1U);
  EXPECT_TRUE(table.empty());
}

TEST(request_table, a_refused_writing_does_not_count) {
  request_table table{small()};
  table.connected(start);
  ASSERT_TRUE(table.submit(terms(repetition::never), start));
  (void)table.take_effects();
  table.not_written(request_id{1});
  table.tick(start + 5000ms);
  EXPECT_EQ(ended(table.take_effects()).at(0).code, ec::timeout);
}

TEST(request_table, a_failed_attempt_ends_only_what_waited_before_it) {
  request_table table{small()};
  ASSERT_TRUE(table.submit(terms(), start));
  ASSERT_TRUE(table.submit(terms(), start + 20ms));
  table.attempt_failed(start + 10ms, ec::nats_unreachable, false);
  EXPECT_TRUE(table.take_effects().empty());
  table.attempt_failed(start + 10ms, ec::nats_unreachable, true);
  const auto ends = ended(table.take_effects());
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].id, request_id{1});
  EXPECT_EQ(ends[0].code, ec::nats_unreachable);
}

TEST(request_table, a_rest_is_kept_before_writing_again) {
  request_table table{small()};
  table.connected(start);
  ASSERT_TRUE(table.submit(terms(), start));
  (void)table.take_effects();
  table.write_again(request_id{1}, 250ms, start);
  EXPECT_TRUE(table.take_effects().empty());
  table.tick(start + 250ms);
  EXPECT_EQ(written(table.take_effects()), (std::vector<std::uint64_t>{1}));
}

RC_GTEST_PROP(request_table, ends_every_request_exactly_once_under_random_events, ()) {
  request_table table{small()};
  auto now = start;
  std::map<std::uint64_t, int> endings;
  std::map<std::uint64_t, monotonic_time> deadlines;
  std::vector<std::uint64_t> open;
  const auto take = [&] {
    for (const auto& end : ended(table.take_effects())) {
      ++endings[static_cast<std::uint64_t>(end.id)];
    }
  };
  const auto steps = *rc::gen::inRange(1, 200);
  for (int step = 0; step < steps; ++step) {
    now += std::chrono::milliseconds{*rc::gen::inRange(0, 400)};
    const auto some = [&] {
      return request_id{*rc::gen::inRange<std::uint64_t>(1, deadlines.size() + 2)};
    };
    switch (*rc::gen::inRange(0, 9)) {
      case 0:
      case 1: {
        auto asked = terms(*rc::gen::element(repetition::never, repetition::allowed),
                           *rc::gen::element(consequence::none, consequence::possible));
        asked.window = *rc::gen::element(window_use::counted, window_use::free);
        asked.scope = *rc::gen::element(connection_scope::any, connection_scope::present);
        asked.deadline = now + std::chrono::milliseconds{*rc::gen::inRange(-10, 3000)};
        if (const auto id = table.submit(asked, now)) {
          deadlines[static_cast<std::uint64_t>(*id)] = asked.deadline;
          endings[static_cast<std::uint64_t>(*id)] += 0;
        }
        break;
      }
      case 2: {
        const auto id = some();
        endings[static_cast<std::uint64_t>(id)] += table.answered(id) ? 1 : 0;
        break;
      }
      case 3:
        table.write_again(some(), std::chrono::milliseconds{*rc::gen::inRange(0, 500)}, now);
        break;
      case 4:
        table.not_written(some());
        break;
      case 5:
        table.connected(now);
        break;
      case 6:
        table.disconnected(now);
        break;
      case 7:
        table.attempt_failed(now - 50ms, ec::nats_unreachable, *rc::gen::arbitrary<bool>());
        break;
      default:
        table.tick(now);
        break;
    }
    take();
    RC_ASSERT(table.in_flight() + table.queued() <= deadlines.size());
  }
  table.tick(now + 1h);
  take();
  RC_ASSERT(table.empty());
  RC_ASSERT(table.in_flight() == 0U && table.queued() == 0U);
  RC_ASSERT(!table.next_due());
  for (const auto& [id, deadline] : deadlines) {
    RC_ASSERT(endings[id] == 1);
  }
}

} // namespace
} // namespace nats_mcp::jetstream::request_table_test
