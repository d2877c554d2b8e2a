// SPDX-License-Identifier: MIT
#include "protocol/work/streams.hpp"

#include "protocol/hash.hpp"
#include "protocol/limits.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::work::streams_test {
namespace {

using namespace testing;
using jetstream::discard_policy;
using jetstream::retention_policy;

constexpr auto week = std::chrono::days{7};

TEST(the_work_queue, loses_nothing_that_was_offered) {
  const auto stream = work_stream({week, 3});
  EXPECT_EQ(stream.name, "WORK");
  EXPECT_EQ(stream.subjects, std::vector<std::string>{"work.*.*.*"});
  EXPECT_EQ(stream.retention, retention_policy::work_queue);
  EXPECT_EQ(stream.discard, discard_policy::new_messages);
  EXPECT_EQ(stream.max_age, 0ns);
  EXPECT_EQ(stream.max_bytes, limits::work_stream_bytes_max);
  EXPECT_EQ(stream.duplicate_window, 1h);
  EXPECT_EQ(stream.replicas, 3);
  EXPECT_TRUE(stream.allow_direct);
}

TEST(the_dead_letters, hold_one_of_each_item_for_as_long_as_was_said) {
  const auto stream = dead_letter_stream({week, 3});
  EXPECT_EQ(stream.name, "DEAD_LETTER");
  EXPECT_EQ(stream.subjects, std::vector<std::string>{"dead.*.*.*"});
  EXPECT_EQ(stream.retention, retention_policy::limits);
  EXPECT_EQ(stream.max_messages_per_subject, 1);
  EXPECT_EQ(stream.max_age, week);
  EXPECT_EQ(stream.max_bytes, limits::dead_letter_stream_bytes_max);
  EXPECT_EQ(stream.duplicate_window, 1h);
  EXPECT_EQ(stream.replicas, 3);
}

TEST(the_dead_letters, remember_duplicates_no_longer_than_letters) {
  const auto stream = dead_letter_stream({10s, 1});
  EXPECT_EQ(stream.max_age, 10s);
  EXPECT_EQ(stream.duplicate_window, 10s);
}

TEST(the_records, outlive_the_letters) {
  EXPECT_EQ(items_stream({week, 1}).max_age, std::chrono::days{30});
  EXPECT_EQ(items_stream({std::chrono::days{23}, 1}).max_age, std::chrono::days{30});
  EXPECT_EQ(items_stream({std::chrono::days{24}, 1}).max_age, std::chrono::days{31});
  EXPECT_EQ(tasks_stream({std::chrono::days{24}, 1}).max_age, std::chrono::days{31});
}

TEST(the_records, lie_in_buckets_that_any_client_knows) {
  const auto items = items_stream({week, 3});
  EXPECT_EQ(items.name, "KV_work_items");
  EXPECT_EQ(items.subjects, std::vector<std::string>{"$KV.work_items.>"});
  EXPECT_EQ(items.max_messages_per_subject, 1);
  EXPECT_EQ(items.replicas, 3);
  EXPECT_EQ(tasks_stream({week, 3}).name, "KV_work_tasks");
}

TEST(a_dead_letter, has_a_subject_that_says_whose_it_is) {
  EXPECT_EQ(dead_letter_subject("public", "c=2B=2B", item_id), "dead.public.c=2B=2B." + item_id);
  EXPECT_EQ(dead_letters_pattern("public", "c=2B=2B"), "dead.public.c=2B=2B.*");
  EXPECT_EQ(dead_letters_pattern(project, ""), "dead.0123456789abcdef.*.*");
}

TEST(a_task, is_found_by_its_hash_whatever_it_is_called) {
  const auto digits = sha256("feature.*.>").value();
  EXPECT_EQ(task_key("feature.*.>", item_id), digits + "." + item_id);
  EXPECT_EQ(task_keys_pattern("feature.*.>"), digits + ".*");
}

TEST(an_item, is_called_by_a_uuid_or_by_its_place) {
  EXPECT_TRUE(is_item_id(item_id));
  EXPECT_TRUE(is_item_id(unreadable_item_id(7)));
  EXPECT_EQ(unreadable_item_id(7), "seq-7");
  EXPECT_TRUE(is_unreadable_item_id("seq-18446744073709551615"));
  EXPECT_FALSE(is_unreadable_item_id(item_id));
  for (const auto* const text :
       {"", "seq-", "seq-0", "seq-07", "seq--7", "seq-7 ", "seq-x", "seq-18446744073709551616", "*",
        ">", "feature.123", "550E8400-E29B-41D4-A716-446655440000"}) {
    EXPECT_FALSE(is_item_id(text)) << text;
  }
}

TEST(a_queue_message, is_deleted_by_its_place) {
  const auto asked = delete_message_request(work_stream_name, 7, monotonic_time{1h});
  EXPECT_EQ(asked.verb, "STREAM.MSG.DELETE.WORK");
  EXPECT_EQ(asked.body, R"({"seq":7,"no_erase":true})");
  EXPECT_EQ(asked.again, jetstream::repeatable::yes);
}

} // namespace
} // namespace nats_mcp::work::streams_test
