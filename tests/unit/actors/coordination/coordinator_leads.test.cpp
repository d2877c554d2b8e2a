// SPDX-License-Identifier: MIT
// Which of several coordinators leads, over the whole tree.
#include "protocol/agents/buckets.hpp"
#include "protocol/coordination/leader_entry.hpp"
#include "protocol/coordination/streams.hpp"
#include "protocol/limits/coordination.hpp"

#include "tests/unit/actors/coordination/coordination_story.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

namespace nats_mcp::testing::coordinator_leads_test {
namespace {

class coordinators : public coordination_story {
protected:
  [[nodiscard]] coordination::leader_entry entry() {
    const auto found =
      nats(jetstream::kv_get{std::string{coordination::coordinator_bucket},
                             std::string{coordination::leader_key}, monotonic_time{}});
    return found && found->entry ? coordination::read_leader_entry(found->entry->value).entry
                                 : coordination::leader_entry{};
  }
  /// Somebody else's stream has the subjects of requests.
  void occupy_requests() {
    jetstream::stream_config theirs;
    theirs.name = "THEIRS";
    theirs.subjects = {"coord.>"};
    ASSERT_TRUE(nats(jetstream::create_stream_request(theirs, {})));
  }
  void release_requests() {
    (void)nats(jetstream::api_request{"STREAM.DELETE.THEIRS", {}, {}, {}});
  }
  [[nodiscard]] readiness ready(const host& of) {
    return answer(of.parts.overview, readiness_query{}).value_or(readiness{});
  }
  [[nodiscard]] static std::ptrdiff_t warnings(const host& of) {
    return std::count_if(of.log.begin(), of.log.end(), [](const logging::event& one) {
      return one.id == "coordinator.unable" && one.severity == logging::level::warning;
    });
  }
};

TEST_F(coordinators, lead_alone_after_the_silence_and_not_before) {
  const auto& anna = start_coordinator();
  advance(limits::leader_silence - 100ms);
  EXPECT_FALSE(leads(anna));
  EXPECT_FALSE(exists("COORD")) << "one that waits makes nothing but its bucket";
  advance(1s);
  EXPECT_TRUE(leads(anna));
  EXPECT_EQ(entry().guid, anna.guid);
  EXPECT_EQ(entry().host, "host-1");
  EXPECT_EQ(status(anna).leader, anna.guid);
  EXPECT_TRUE(exists("COORD"));
  ASSERT_EQ(anna.log.size(), 1U);
  EXPECT_EQ(anna.log.front().id, "coordinator.leads");
}

TEST_F(coordinators, wait_while_another_one_leads) {
  const auto& anna = start_leader();
  const auto& bert = start_coordinator();
  advance(60s);
  EXPECT_TRUE(leads(anna));
  EXPECT_FALSE(leads(bert));
  EXPECT_EQ(status(bert).leader, anna.guid);
}

TEST_F(coordinators, take_over_within_eight_seconds_from_one_that_was_killed) {
  auto& anna = start_leader();
  const auto& bert = start_coordinator();
  advance(10s);
  const auto term = status(anna).term;
  kill(anna);
  const auto killed_at = now();
  EXPECT_TRUE(eventually([&] { return leads(bert); }));
  EXPECT_LE(now() - killed_at, takes_over_within);
  EXPECT_GT(status(bert).term, term);
}

TEST_F(coordinators, take_over_at_once_from_one_that_leaves) {
  auto& anna = start_leader();
  const auto& bert = start_coordinator();
  advance(10s);
  leave(anna);
  EXPECT_FALSE(leads(anna));
  EXPECT_EQ(anna.log.back().id, "coordinator.follows");
  EXPECT_TRUE(eventually([&] { return leads(bert); }, limits::leader_look_interval + 200ms));
  advance(10s);
  EXPECT_TRUE(leads(bert));
}

TEST_F(coordinators, act_no_more_when_their_computer_has_slept) {
  auto& anna = start_leader();
  anna.asleep = 5s;
  EXPECT_FALSE(leads(anna)) << "nobody had a chance to tell it";
  EXPECT_TRUE(eventually([&] { return leads(anna); }, 3s)) << "nobody else wanted to";
}

TEST_F(coordinators, act_no_more_when_nats_does_not_answer) {
  auto& anna = start_leader();
  network_->stall_server(20s);
  advance(limits::leader_acts_for + 100ms);
  EXPECT_FALSE(leads(anna));
  EXPECT_TRUE(eventually([&] { return leads(anna); }));
}

TEST_F(coordinators, whose_part_fails_lead_on_without_an_election) {
  auto& anna = start_leader();
  anna.crashes_next = "coordinator";
  advance(1s);
  ASSERT_TRUE(anna.crashes_next.empty());
  EXPECT_TRUE(eventually([&] { return leads(anna); }, 3s));
}

TEST_F(coordinators, make_a_bucket_anew_that_somebody_deleted) {
  const auto& anna = start_leader();
  (void)nats(jetstream::api_request{"STREAM.DELETE.KV_coordinator", {}, {}, {}});
  EXPECT_TRUE(eventually([&] { return exists("KV_coordinator"); }, 5s));
  EXPECT_TRUE(eventually([&] { return leads(anna); }, 2 * takes_over_within));
}

TEST_F(coordinators, that_meet_a_later_leaders_record_renew_before_they_go_on) {
  const auto& anna = start_leader();
  const auto term = status(anna).term;
  const auto id = submit("a");
  ASSERT_TRUE(eventually([&] { return !worker_of(id).empty(); }));
  auto record = record_of(id);
  record->assigned->term = term + 1000; // of a bucket that is gone
  put(*record);
  EXPECT_TRUE(eventually([&] { return status(anna).term == term + 1001; }));
}

TEST_F(coordinators, that_cannot_make_what_they_need_say_so_and_let_another_one_lead) {
  occupy_requests();
  auto& anna = start_leader();
  advance(1s);
  const auto problem = status(anna).problem;
  EXPECT_NE(problem.find("overlap"), std::string::npos) << problem;
  EXPECT_FALSE(ready(anna).is_ready);
  EXPECT_EQ(ready(anna).reason, problem);
  const auto& bert = start_coordinator();
  advance(10s);
  EXPECT_EQ(warnings(anna), 1) << "the same sentence is said once";
  EXPECT_TRUE(leads(anna));
  EXPECT_TRUE(eventually([&] { return leads(bert); }, limits::leader_unable_max));
  EXPECT_FALSE(leads(anna));
  EXPECT_TRUE(eventually([&] { return leads(anna); }, 2 * limits::leader_unable_max))
    << "Bert can do no more";
  EXPECT_EQ(warnings(anna), 1);
  release_requests();
  EXPECT_TRUE(eventually([&] { return status(anna).problem.empty(); }, 5s));
  advance(2 * limits::leader_unable_max);
  EXPECT_TRUE(leads(anna));
  EXPECT_TRUE(ready(anna).is_ready);
  EXPECT_TRUE(exists("COORD"));
}

TEST_F(coordinators, that_are_alone_and_unable_try_again_after_a_pause) {
  occupy_requests();
  const auto& anna = start_leader();
  ASSERT_TRUE(eventually([&] { return !leads(anna); }, limits::leader_unable_max + 5s));
  EXPECT_FALSE(status(anna).problem.empty()) << "why nobody leads";
  EXPECT_FALSE(ready(anna).is_ready);
  advance(limits::leader_unable_pause - 2s);
  EXPECT_FALSE(leads(anna));
  EXPECT_TRUE(eventually([&] { return leads(anna); }, 4s));
}

TEST_F(coordinators, that_lead_and_cannot_see_who_is_there_are_not_ready) {
  auto odd = agents::agents_stream(1);
  odd.subjects = {"elsewhere.>"}; // nobody can watch the keys of such a bucket
  ASSERT_TRUE(nats(jetstream::api_request{"STREAM.DELETE." + odd.name, {}, {}, {}}));
  ASSERT_TRUE(nats(jetstream::create_stream_request(odd, {})));
  const auto& anna = start_leader();
  EXPECT_TRUE(eventually([&] { return !status(anna).problem.empty(); }, 5s));
  EXPECT_TRUE(leads(anna));
  EXPECT_FALSE(ready(anna).is_ready);
}

TEST_F(coordinators, that_lead_and_may_not_take_requests_are_not_ready) {
  network_->nats().deny("$JS.API.CONSUMER.MSG.NEXT.COORD.*");
  const auto& anna = start_leader();
  EXPECT_TRUE(eventually([&] { return !ready(anna).is_ready; }, 5s));
  EXPECT_NE(ready(anna).reason.find("permission"), std::string::npos) << ready(anna).reason;
}

TEST_F(coordinators, do_not_stand_down_because_nats_is_away) {
  const auto& anna = start_leader();
  (void)nats(jetstream::api_request{"STREAM.DELETE.COORD", {}, {}, {}});
  network_->stall_server(2 * limits::leader_unable_max);
  advance(2 * limits::leader_unable_max);
  EXPECT_TRUE(eventually([&] { return leads(anna); }, 10s));
  EXPECT_TRUE(eventually([&] { return exists("COORD"); }, 10s));
  EXPECT_TRUE(status(anna).problem.empty()) << status(anna).problem;
}

TEST_F(coordinators, that_leave_without_nats_are_gone_in_time) {
  auto& anna = start_leader();
  network_->stall_server(60s);
  const auto gone = post(anna.parts.coordinator, hand_over{});
  advance(8s);
  EXPECT_TRUE(gone.answered());
}

} // namespace
} // namespace nats_mcp::testing::coordinator_leads_test
