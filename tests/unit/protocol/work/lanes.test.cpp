// SPDX-License-Identifier: MIT
#include "protocol/work/lanes.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/capability_token.hpp"

#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::work::lanes_test {
namespace {

using namespace testing;

constexpr monotonic_time deadline{1h};

/// What the server says of the stream, with these subjects in it.
std::string description(const json::value& subjects) {
  return json::write({{"config", {{"name", "WORK"}}}, {"state", {{"subjects", subjects}}}});
}

lane any_lane() {
  const auto item = any_item();
  return lane_of(item);
}

TEST(a_lane, has_a_subject_and_a_consumer_named_after_it) {
  const lane urgent{"public", "c=2B=2B", 10};
  EXPECT_EQ(lane_subject(urgent), "work.public.c=2B=2B.10");
  const auto consumer = lane_consumer(urgent, 5min, 1h);
  EXPECT_EQ(consumer.stream, "WORK");
  EXPECT_EQ(consumer.name, "public-c=2B=2B-10");
  EXPECT_EQ(consumer.filter_subject, "work.public.c=2B=2B.10");
  EXPECT_EQ(consumer.ack_wait, 5min);
  EXPECT_EQ(consumer.max_ack_pending, -1);
  EXPECT_EQ(consumer.inactive_threshold, 1h + limits::lane_idle_slack);
}

RC_GTEST_PROP(a_lane, is_read_back_from_its_subject, ()) {
  const auto where = any_lane();
  RC_ASSERT(parse_lane_subject(lane_subject(where)) == where);
}

RC_GTEST_PROP(a_lane, shares_its_consumer_with_no_other, ()) {
  const auto one = any_lane();
  const auto other = any_lane();
  const auto name = [](const lane& where) { return lane_consumer(where, 5min, 1h).name; };
  RC_ASSERT((name(one) == name(other)) == (one == other));
}

RC_GTEST_PROP(a_lane, is_one_that_nats_can_name, ()) {
  const auto where = any_lane();
  constexpr std::size_t consumer_name_max = 255;
  const auto name = lane_consumer(where, 5min, 1h).name;
  RC_ASSERT(name.size() <= consumer_name_max);
  RC_ASSERT(name.find_first_of(". *>/\\\n") == std::string::npos);
  const auto subject = lane_subject(where);
  RC_ASSERT(std::count(subject.begin(), subject.end(), '.') == 3);
}

TEST(a_lane, is_none_unless_it_is_written_like_one) {
  for (const auto* const subject : {"",
                                    "work",
                                    "work.public",
                                    "work.public.a",
                                    "work.public.a.",
                                    "work.public.a.0",
                                    "work.public.a.11",
                                    "work.public.a.05",
                                    "work.public.a.+5",
                                    "work.public.a.5 ",
                                    "work.public..5",
                                    "work..a.5",
                                    "work.public.a.b.5",
                                    "work.PUBLIC.a.5",
                                    "work.a-b.c.5",
                                    "work.*.a.5",
                                    "work.public.*.5",
                                    "work.public.a.*",
                                    "work.public.AGENT-nobody.5",
                                    "play.public.a.5",
                                    "work.public.=61.5",
                                    "Work.public.a.5"}) {
    EXPECT_FALSE(parse_lane_subject(subject)) << subject;
  }
}

TEST(a_lane, of_one_agent_alone_names_it) {
  const auto where = parse_lane_subject("work.public.AGENT-" + ann.guid + ".5");
  ASSERT_TRUE(where);
  EXPECT_EQ(guid_of_personal_token(where->token), ann.guid);
  EXPECT_FALSE(guid_of_personal_token(ann.guid));
  EXPECT_FALSE(guid_of_personal_token("AGENT-" + ann.handle));
}

/// A cluster's nodes tell each other `<subject for acknowledgements>@<subject>`.
TEST(a_lane, has_no_at_sign_in_its_names_whose_ever_it_is) {
  for (const auto& token :
       {personal_token(ann.guid), capability_token("@home"), capability_token("a@b")}) {
    const lane where{"public", token, 5};
    EXPECT_EQ(lane_subject(where).find('@'), std::string::npos) << token;
    EXPECT_EQ(lane_consumer(where, 5min, 1h).name.find('@'), std::string::npos) << token;
  }
}

TEST(lanes, of_all_priorities_are_asked_for_at_once) {
  const auto asked = waiting_lanes_request(project, "rust", deadline);
  EXPECT_EQ(asked.verb, "STREAM.INFO.WORK");
  EXPECT_EQ(asked.body, R"({"subjects_filter":"work.0123456789abcdef.rust.*"})");
  EXPECT_EQ(asked.again, jetstream::repeatable::yes);
  EXPECT_EQ(asked.deadline, deadline);
}

TEST(lanes, with_work_come_the_most_urgent_first) {
  const auto found = parse_waiting_lanes(description(
    {{"work.public.rust.2", 4}, {"work.public.rust.10", 1}, {"work.public.rust.9", 2}}));
  ASSERT_TRUE(found);
  const auto& lanes = found->asked_for;
  ASSERT_EQ(lanes.size(), 3U);
  EXPECT_EQ(lanes[0].where, (lane{"public", "rust", 10}));
  EXPECT_EQ(lanes[0].messages, 1U);
  EXPECT_EQ(lanes[1].where.priority, 9);
  EXPECT_EQ(lanes[2].where.priority, 2);
  EXPECT_EQ(lanes[2].messages, 4U);
}

TEST(lanes, without_work_are_none) {
  for (const auto& reply : {std::string{R"({"state":{"messages":0}})"}, description(nullptr),
                            description({{"work.public.rust.2", 0}})}) {
    EXPECT_TRUE(parse_waiting_lanes(reply)->asked_for.empty()) << reply;
  }
}

TEST(lanes, are_counted_whoever_they_are_for) {
  EXPECT_EQ(parse_waiting_lanes(R"({"state":{"num_subjects":65}})")->in_all, 65U);
  EXPECT_FALSE(parse_waiting_lanes(R"({"state":{}})")->in_all);
}

TEST(lanes, that_strangers_made_are_passed_over) {
  const auto found = parse_waiting_lanes(description({{"work.public.rust.urgent", 1},
                                                      {"work.Some.Body.5", 1},
                                                      {"work.public.rust.3", "many"},
                                                      {"work.public.rust.5", 1}}));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->asked_for.size(), 1U);
  EXPECT_EQ(found->asked_for.front().where.priority, 5);
}

TEST(lanes, are_not_made_out_of_what_is_no_description) {
  for (const auto* const reply : {"", "[]", "{}", "{\"state\":"}) {
    const auto found = parse_waiting_lanes(reply);
    ASSERT_FALSE(found) << reply;
    EXPECT_EQ(found.error().code, ec::malformed);
  }
}

} // namespace
} // namespace nats_mcp::work::lanes_test
