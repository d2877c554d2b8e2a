// SPDX-License-Identifier: MIT
// What is kept of an item's attempts: enough to see who tried and how it ended, never more than
// fits into its record.
#include "protocol/work/history.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::work::history_test {
namespace {

attempt ended(std::uint32_t number, attempt_end how, std::string error = {}) {
  attempt out;
  out.number = number;
  out.end = how;
  out.error = std::move(error);
  return out;
}

/// One attempt more than is kept, each ended like this.
std::vector<attempt> one_too_many(attempt_end how) {
  std::vector<attempt> out;
  for (std::uint32_t number = 0; number <= limits::work_attempts_kept; ++number) {
    out.push_back(ended(number, how));
  }
  return out;
}

TEST(a_history, that_is_short_stays_as_it_is) {
  std::vector<attempt> history{ended(1, attempt_end::failed, "It crashed.")};
  const auto before = history;
  keep_within_bounds(history);
  EXPECT_EQ(history, before);
}

TEST(a_history, that_is_too_long_loses_its_oldest_attempt) {
  auto history = one_too_many(attempt_end::failed);
  keep_within_bounds(history);
  EXPECT_EQ(history.size(), limits::work_attempts_kept);
  EXPECT_EQ(history.front().number, 1U);
}

TEST(a_history, leaves_room_for_another_attempt) {
  auto history = one_too_many(attempt_end::failed);
  leave_room_for_another(history);
  EXPECT_EQ(history.size(), limits::work_attempts_kept - 1);
  EXPECT_EQ(history.front().number, 2U);
}

TEST(a_history, keeps_failures_rather_than_what_was_given_back) {
  auto history = one_too_many(attempt_end::released);
  history[0].end = attempt_end::failed;
  keep_within_bounds(history);
  EXPECT_EQ(history.size(), limits::work_attempts_kept);
  EXPECT_EQ(history[0].end, attempt_end::failed);
  EXPECT_EQ(history[1].number, 2U);
}

TEST(a_history, never_loses_its_last_attempt) {
  auto history = one_too_many(attempt_end::failed);
  history.back().end = attempt_end::released;
  const auto last = history.back();
  keep_within_bounds(history);
  EXPECT_EQ(history.back(), last);
}

TEST(a_history, with_more_text_than_a_record_holds_forgets_what_was_said_first) {
  std::vector<attempt> history;
  // Each control character takes six bytes in JSON.
  const std::string text(limits::work_note_bytes_max, '\x01');
  for (std::uint32_t number = 1; number <= 8; ++number) {
    history.push_back(ended(number, attempt_end::failed, text));
  }
  keep_within_bounds(history);
  ASSERT_EQ(history.size(), 8U) << "who tried, and how it ended, stays";
  EXPECT_TRUE(history.front().error.empty());
  EXPECT_EQ(history.back().error, text);
  EXPECT_LE(json::write(attempts_to_json(history)).size(), limits::work_history_bytes_max + 1024);
}

TEST(an_item, that_is_cut_down_still_says_what_it_was) {
  auto record = testing::waiting();
  record.item.description = std::string(100'000, 'x');
  record.item.context = {{"large", std::string(100'000, 'y')}};
  record.attempts = {ended(1, attempt_end::failed, std::string(4000, 'z'))};
  cut_down(record);
  EXPECT_TRUE(record.incomplete);
  EXPECT_EQ(record.item.task_id, "feature-123");
  EXPECT_TRUE(record.item.description.starts_with("xxx"));
  EXPECT_LT(write_item_record(record, "w").size(), 2048U);
  const auto read = read_item_record(write_item_record(record, "w"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, record);
}

} // namespace
} // namespace nats_mcp::work::history_test
