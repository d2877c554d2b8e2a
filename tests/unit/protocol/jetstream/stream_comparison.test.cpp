// SPDX-License-Identifier: MIT
// A start raises and never shrinks; applying shrinks on purpose and knows what that deletes.
#include "protocol/jetstream/stream_comparison.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::jetstream::stream_comparison_test {
namespace {

using namespace std::chrono_literals;

stream_config stream() {
  stream_config out;
  out.name = "ns_A";
  out.subjects = {"ns.a"};
  out.max_messages = 100;
  out.max_bytes = 1000;
  out.max_age = 24h;
  out.duplicate_window = 2min;
  return out;
}

TEST(stream_comparison, finds_nothing_between_equals) {
  const auto found = compare(stream(), stream());
  EXPECT_TRUE(found.raised.empty());
  EXPECT_TRUE(found.left.empty());
  EXPECT_TRUE(found.fixed.empty());
  EXPECT_EQ(found.after_start, stream());
}

TEST(stream_comparison, raises_what_is_smaller_and_leaves_what_is_greater) {
  auto wanted = stream();
  wanted.max_messages = 200;
  wanted.max_bytes = 500;
  wanted.max_age = 48h;
  const auto found = compare(stream(), wanted);
  const std::vector<stream_difference> raised{{"maxMessages", "100", "200"},
                                              {"maxAge", "1d", "2d"}};
  const std::vector<stream_difference> left{{"maxBytes", "1000", "500"}};
  EXPECT_EQ(found.raised, raised);
  EXPECT_EQ(found.left, left);
  EXPECT_EQ(found.after_start.max_messages, 200);
  EXPECT_EQ(found.after_start.max_bytes, 1000);
  EXPECT_EQ(found.after_apply.max_bytes, 500);
}

TEST(stream_comparison, leaves_an_age_that_its_maker_decides_on) {
  auto wanted = stream();
  wanted.age_by = age_decision::maker;
  EXPECT_TRUE(compare(stream(), wanted).left.empty());
  for (const auto age : {1h, 48h}) {
    wanted.max_age = age;
    const auto found = compare(stream(), wanted);
    EXPECT_TRUE(found.raised.empty());
    ASSERT_EQ(found.left.size(), 1U);
    EXPECT_EQ(found.left[0].setting, "maxAge");
    EXPECT_EQ(found.after_start, stream());
    EXPECT_EQ(found.after_apply.max_age, age);
  }
}

TEST(stream_comparison, takes_no_limit_as_the_greatest) {
  auto existing = stream();
  existing.max_messages = -1;
  existing.max_age = 0h;
  const auto found = compare(existing, stream());
  EXPECT_TRUE(found.raised.empty());
  EXPECT_EQ(found.left[0], (stream_difference{"maxMessages", "unlimited", "100"}));
  EXPECT_EQ(found.left[1], (stream_difference{"maxAge", "unlimited", "1d"}));
  auto wanted = stream();
  wanted.max_bytes = -1;
  EXPECT_EQ(compare(stream(), wanted).after_start.max_bytes, -1);
}

TEST(stream_comparison, leaves_replicas_and_policies_to_apply) {
  auto wanted = stream();
  wanted.replicas = 3;
  wanted.discard = discard_policy::new_messages;
  wanted.discard_new_per_subject = true;
  auto existing = stream();
  existing.allow_direct = false;
  const auto found = compare(existing, wanted);
  EXPECT_TRUE(found.raised.empty());
  EXPECT_EQ(found.left.size(), 4U);
  EXPECT_EQ(found.left[2], (stream_difference{"full subjects refuse messages", "false", "true"}));
  EXPECT_EQ(found.after_start, existing);
  EXPECT_EQ(found.after_apply, wanted);
}

TEST(stream_comparison, lists_what_no_update_can_change) {
  auto existing = stream();
  existing.storage = storage_kind::memory;
  existing.retention = retention_policy::interest;
  existing.max_consumers = 10;
  const auto found = compare(existing, stream());
  const std::vector<stream_difference> fixed{{"readers at once", "10", "100000"},
                                             {"retention", "interest", "limits"},
                                             {"storage", "memory", "file"}};
  EXPECT_EQ(found.fixed, fixed);
  EXPECT_EQ(found.after_apply, existing);
}

TEST(stream_comparison, adds_a_missing_subject_and_removes_none) {
  auto existing = stream();
  existing.subjects = {"ns.old"};
  const auto found = compare(existing, stream());
  EXPECT_EQ(found.raised.size(), 1U);
  EXPECT_EQ(found.after_start.subjects, (std::vector<std::string>{"ns.old", "ns.a"}));
  existing.subjects = {"ns.>"};
  EXPECT_TRUE(compare(existing, stream()).raised.empty());
}

TEST(stream_comparison, knows_which_subjects_a_pattern_covers) {
  EXPECT_TRUE(covers("a.b", "a.b"));
  EXPECT_TRUE(covers("a.*", "a.b"));
  EXPECT_TRUE(covers("a.>", "a.b.c"));
  EXPECT_FALSE(covers("a.>", "a"));
  EXPECT_FALSE(covers("a.*", "a.b.c"));
  EXPECT_FALSE(covers("a.b.c", "a.b"));
  EXPECT_FALSE(covers("a.b", "a.c"));
}

TEST(stream_comparison, ends_what_lets_one_message_replace_all_others) {
  auto existing = stream();
  existing.other["allow_rollup_hdrs"] = true;
  const auto compared = compare(existing, stream());
  ASSERT_EQ(compared.left.size(), 1U);
  EXPECT_EQ(compared.left[0],
            (stream_difference{"one message may replace all others", "true", "false"}));
  EXPECT_TRUE(compared.raised.empty());
  EXPECT_TRUE(to_json(compared.after_start)["allow_rollup_hdrs"].get<bool>())
    << "a start leaves it as it is";
  EXPECT_FALSE(to_json(compared.after_apply)["allow_rollup_hdrs"].get<bool>());
  EXPECT_TRUE(compare(existing, existing).left.empty());
}

stream_info with_messages(std::uint64_t messages, std::uint64_t bytes) {
  stream_info out;
  out.config = stream();
  out.extent.messages = messages;
  out.bytes = bytes;
  out.first_at = wall_time{1h};
  out.last_at = wall_time{10h};
  return out;
}

TEST(deletions, are_counted_exactly_where_the_number_of_messages_decides) {
  auto after = stream();
  after.max_messages = 30;
  const auto bounds = deletions(with_messages(50, 10), after, wall_time{10h});
  EXPECT_EQ(bounds.at_least, 20U);
  EXPECT_EQ(bounds.at_most, 20U);
}

TEST(deletions, are_bounded_where_sizes_or_ages_decide) {
  auto after = stream();
  after.max_bytes = 100;
  EXPECT_EQ(deletions(with_messages(50, 101), after, wall_time{10h}).at_least, 1U);
  EXPECT_EQ(deletions(with_messages(50, 101), after, wall_time{10h}).at_most, 50U);
  after = stream();
  after.max_age = 2h;
  EXPECT_EQ(deletions(with_messages(50, 10), after, wall_time{11h}).at_least, 1U);
  EXPECT_EQ(deletions(with_messages(50, 10), after, wall_time{11h}).at_most, 49U);
  EXPECT_EQ(deletions(with_messages(50, 10), after, wall_time{20h}).at_least, 50U);
}

TEST(deletions, are_none_when_nothing_is_lowered_or_there) {
  EXPECT_EQ(deletions(with_messages(50, 10), stream(), wall_time{10h}).at_most, 0U);
  auto after = stream();
  after.max_bytes = 1;
  EXPECT_EQ(deletions(with_messages(0, 0), after, wall_time{10h}).at_most, 0U);
}

RC_GTEST_PROP(stream_comparison, never_shrinks_anything_at_a_start, ()) {
  const auto some_limit = [] { return *rc::gen::inRange<std::int64_t>(-1, 5); };
  auto existing = stream();
  auto wanted = stream();
  for (auto* each : {&existing, &wanted}) {
    each->max_messages = some_limit();
    each->max_bytes = some_limit();
    each->max_age = std::chrono::hours{std::max<std::int64_t>(0, some_limit())};
  }
  const auto after = compare(existing, wanted).after_start;
  stream_info full = with_messages(5, 5);
  full.config = existing;
  const auto not_less = [](std::int64_t left, std::int64_t right) {
    return left <= 0 || (right > 0 && left >= right);
  };
  RC_ASSERT(not_less(after.max_messages, existing.max_messages));
  RC_ASSERT(not_less(after.max_bytes, existing.max_bytes));
  RC_ASSERT(not_less(after.max_age.count(), existing.max_age.count()));
  RC_ASSERT(compare(after, wanted).raised.empty());
}

} // namespace
} // namespace nats_mcp::jetstream::stream_comparison_test
