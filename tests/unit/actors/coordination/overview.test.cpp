// SPDX-License-Identifier: MIT
// What a coordinator shows to whoever looks at it, and that it looks only while somebody does.
#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/messaging/channel_message.hpp"
#include "protocol/messaging/channel_names.hpp"
#include "protocol/work/streams.hpp"

#include "tests/unit/actors/coordination/coordination_story.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace nats_mcp::testing::overview_test {
namespace {

class shown : public coordination_story {
protected:
  [[nodiscard]] page_parts page(const host& of) {
    return answer(of.parts.overview, page_query{}).value_or(page_parts{});
  }
  [[nodiscard]] static bool has(const std::string& text, std::string_view what) {
    return text.find(what) != std::string::npos;
  }
  [[nodiscard]] json::value part(const host& of, const std::string& name) {
    for (const auto& one : page(of).parts) {
      if (one.name == name) {
        return json::parse(one.data).value_or(json::value{});
      }
    }
    ADD_FAILURE() << "no part " << name;
    return {};
  }
  [[nodiscard]] std::string metrics(const host& of) {
    return answer(of.parts.overview, metrics_query{}).value_or(metrics_text{}).text;
  }
  [[nodiscard]] readiness ready(const host& of) {
    return answer(of.parts.overview, readiness_query{}).value_or(readiness{});
  }
  /// How many follow the records of items.
  [[nodiscard]] std::size_t watchers() {
    const auto reply = nats(jetstream::api_request{
      "STREAM.INFO.KV_work_items", {}, jetstream::repeatable::yes, monotonic_time{}});
    const auto info = reply ? json::parse(reply->body) : result<json::value>{json::value{}};
    const auto* state = info ? json::find(*info, "state") : nullptr;
    return state == nullptr ? 0 : json::unsigned_member(*state, "consumer_count").value_or(0);
  }
};

TEST_F(shown, are_agents_work_and_dead_letters_of_everybody) {
  offer(item(1));
  auto elsewheres = item(2, "Cobol");
  elsewheres.scope = elsewhere;
  bury(elsewheres);
  const auto& anna = start_leader();
  const auto coordinator = part(anna, "coordinator");
  EXPECT_EQ(coordinator["leads"], true);
  EXPECT_EQ(coordinator["leader"], anna.guid);
  EXPECT_EQ(part(anna, "agents")["total"], 2);
  EXPECT_EQ(part(anna, "agents")["agents"][0]["status"], "online");
  EXPECT_EQ(part(anna, "work")["counts"]["pending"], 1);
  EXPECT_EQ(part(anna, "dead-letters")["total"], 1);
  EXPECT_EQ(part(anna, "throughput")["minutes"].size(), 60U);
}

TEST_F(shown, are_new_messages_within_a_second) {
  const auto& anna = start_coordinator();
  EXPECT_EQ(part(anna, "channels")["channels"][0]["messages"].size(), 0U);
  (void)nats(
    jetstream::create_stream_request(messaging::channel_stream(space, {channel, "Plans"}, 1), {}));
  for (const auto* text : {"one", "two", "three", "four", "five", "six"}) {
    store(messaging::channel_subject(space, channel),
          messaging::write_channel_message({"ann", ann_guid, text, civil_now()}));
  }
  advance(limits::overview_age_max);
  const auto messages = part(anna, "channels")["channels"][0]["messages"];
  ASSERT_EQ(messages.size(), limits::overview_messages_max);
  EXPECT_EQ(messages[0]["text"], "two");
  EXPECT_EQ(messages[4]["text"], "six");
}

TEST_F(shown, are_numbers_of_work_agents_and_parts) {
  auto& anna = start_leader();
  const auto id = submit("a");
  ASSERT_TRUE(eventually([&] { return taken(ann_) == id; }));
  anna.crashes_next = "sweeper";
  advance(90s);
  const auto text = metrics(anna);
  EXPECT_NE(text.find("nats_mcp_coordinator_leader 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("nats_mcp_agents{status=\"online\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("nats_mcp_work_items{state=\"claimed\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("nats_mcp_assignments_total 1\n"), std::string::npos);
  EXPECT_NE(text.find("nats_mcp_actor_restarts_total{actor=\"sweeper\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("nats_mcp_nats_round_trip_seconds "), std::string::npos);
}

TEST_F(shown, is_watched_only_while_somebody_looks) {
  offer(item(1));
  auto& anna = start_leader();
  const auto& bert = start_coordinator();
  advance(2s);
  const auto leaders = watchers();
  (void)part(bert, "work");
  EXPECT_EQ(watchers(), leaders + 1);
  advance(limits::overview_idle_max / 2);
  (void)metrics(bert);
  advance(limits::overview_idle_max / 2 + 1s);
  EXPECT_EQ(watchers(), leaders + 1) << "somebody asked of late";
  advance(limits::overview_idle_max);
  EXPECT_EQ(watchers(), leaders);
  EXPECT_TRUE(leads(anna));
}

TEST_F(shown, is_that_it_is_ready_when_somebody_leads) {
  const auto& anna = start_coordinator();
  advance(1s);
  EXPECT_FALSE(ready(anna).is_ready);
  EXPECT_EQ(ready(anna).reason, "No coordinator leads yet.");
  ASSERT_TRUE(eventually([&] { return leads(anna); }));
  EXPECT_TRUE(ready(anna).is_ready);
  const auto& bert = start_coordinator();
  EXPECT_TRUE(eventually([&] { return ready(bert).is_ready; }, 2s));
}

TEST_F(shown, is_that_it_is_not_ready_without_nats) {
  network_->restart_server(true, 60s);
  const auto& anna = start_coordinator();
  advance(5s);
  EXPECT_FALSE(ready(anna).is_ready);
  EXPECT_FALSE(ready(anna).reason.empty());
}

TEST_F(shown, is_what_was_seen_last_and_why_while_nats_is_away) {
  offer(item(1));
  const auto& anna = start_leader();
  const auto before = page(anna);
  EXPECT_EQ(before.stale, "");
  network_->restart_server(true, 60s);
  advance(limits::overview_age_max);
  const auto asked_at = now();
  const auto away = page(anna);
  EXPECT_LE(now() - asked_at, limits::overview_patience + 100ms);
  EXPECT_NE(away.stale.find("NATS"), std::string::npos) << away.stale;
  EXPECT_EQ(away.stale, ready(anna).reason) << "the gateway's";
  for (std::size_t at = 1; at < before.parts.size(); ++at) {
    EXPECT_EQ(away.parts.at(at), before.parts.at(at)) << "but whether it leads";
  }
  EXPECT_TRUE(eventually([&] { return page(anna).stale.empty(); }, 90s));
}

TEST_F(shown, are_no_numbers_of_what_is_not_seen_while_nats_is_away) {
  offer(item(1));
  const auto& anna = start_leader();
  EXPECT_TRUE(has(metrics(anna), "nats_mcp_coordinator_up_to_date 1\n"));
  EXPECT_TRUE(has(metrics(anna), "nats_mcp_work_items{state=\"pending\"} 1\n"));
  network_->restart_server(true, 60s);
  advance(limits::overview_age_max);
  const auto away = metrics(anna);
  EXPECT_TRUE(has(away, "nats_mcp_coordinator_up_to_date 0\n")) << away;
  EXPECT_TRUE(has(away, "nats_mcp_actor_restarts_total{actor=\"gateway\"} 0\n")) << away;
  EXPECT_TRUE(has(away, "nats_mcp_coordinator_term "));
  EXPECT_FALSE(has(away, "nats_mcp_agents"));
  EXPECT_FALSE(has(away, "nats_mcp_work_items"));
  EXPECT_TRUE(
    eventually([&] { return has(metrics(anna), "nats_mcp_coordinator_up_to_date 1\n"); }, 90s));
  EXPECT_TRUE(has(metrics(anna), "nats_mcp_nats_reconnects_total 1\n"));
}

TEST_F(shown, are_no_numbers_of_a_nats_that_was_never_there) {
  network_->restart_server(true, 60s);
  const auto& anna = start_coordinator();
  const auto text = metrics(anna);
  EXPECT_TRUE(has(text, "nats_mcp_coordinator_up_to_date 0\n")) << text;
  EXPECT_FALSE(has(text, "nats_mcp_agents"));
}

TEST_F(shown, are_records_only_as_long_as_their_bucket_keeps_them) {
  offer(item(1));
  const auto& anna = start_leader();
  EXPECT_EQ(part(anna, "work")["counts"]["pending"], 1);
  auto kept_shorter = work::items_stream({});
  kept_shorter.max_age = 10min;
  ASSERT_TRUE(nats(jetstream::update_stream_request(kept_shorter, {})));
  for (int minute = 0; minute < 12; ++minute) {
    advance(1min);
    (void)part(anna, "work"); // somebody looks
  }
  EXPECT_EQ(part(anna, "work")["counts"]["pending"], 0);
}

TEST_F(shown, is_fresh_when_nats_takes_longer_to_tell_it_than_it_may_be_old) {
  const auto& anna = start_leader();
  EXPECT_EQ(page(anna).stale, "");
  for (int times = 0; times < 3; ++times) {
    advance(limits::overview_age_max);
    const auto asked_at = now();
    network_->stall_server(1500ms);
    EXPECT_TRUE(has(metrics(anna), "nats_mcp_coordinator_up_to_date 1\n"));
    EXPECT_GT(now() - asked_at, limits::overview_age_max);
    EXPECT_LT(now() - asked_at, 2s);
    EXPECT_EQ(page(anna).stale, "");
  }
}

TEST_F(shown, is_asked_for_again_when_it_was_asked_for_long_before_the_question) {
  const auto& anna = start_leader();
  EXPECT_EQ(page(anna).stale, "");
  advance(limits::overview_age_max);
  network_->stall_server(2s);
  const auto first = post(anna.parts.overview, page_query{});
  advance(1500ms);
  const auto asked_at = now();
  const auto second = page(anna);
  EXPECT_TRUE(first.answered());
  EXPECT_EQ(second.stale, "");
  EXPECT_LT(now() - asked_at, 1s);
}

TEST_F(shown, is_stale_when_a_channel_could_not_be_read) {
  const auto& anna = start_leader();
  EXPECT_EQ(page(anna).stale, "");
  auto odd = messaging::channel_stream(space, {channel, "Plans"}, 1);
  odd.subjects = {"elsewhere.>"};
  ASSERT_TRUE(nats(jetstream::create_stream_request(odd, {})));
  store("elsewhere.a", "Nobody knows what this is.");
  advance(limits::overview_age_max);
  const auto seen = page(anna);
  EXPECT_NE(seen.stale, "");
  EXPECT_NE(seen.stale, "NATS has not told everything yet.");
  EXPECT_TRUE(has(metrics(anna), "nats_mcp_coordinator_up_to_date 1\n")) << "the numbers are right";
  ASSERT_TRUE(nats(jetstream::api_request{
    "STREAM.DELETE." + odd.name, {}, jetstream::repeatable::yes, monotonic_time{}}));
  EXPECT_TRUE(eventually([&] { return page(anna).stale.empty(); }));
}

TEST_F(shown, is_what_is_known_when_a_part_fails_and_new_once_it_is_back) {
  offer(item(1));
  auto& anna = start_leader();
  EXPECT_EQ(page(anna).stale, "");
  advance(limits::overview_age_max);
  anna.crashes_next = "coordinator";
  const auto shown_now = page(anna);
  EXPECT_TRUE(has(shown_now.stale, "coordinator")) << shown_now.stale;
  EXPECT_FALSE(shown_now.parts.empty());
  EXPECT_TRUE(eventually([&] { return page(anna).stale.empty(); }, 30s));
}

TEST_F(shown, is_what_is_known_when_nats_does_not_answer) {
  const auto& anna = start_leader();
  EXPECT_EQ(part(anna, "agents")["total"], 2);
  network_->stall_server(60s);
  advance(5s);
  const auto asked_at = now();
  EXPECT_EQ(part(anna, "coordinator")["leads"], false);
  EXPECT_LE(now() - asked_at, limits::overview_patience + 100ms);
}

} // namespace
} // namespace nats_mcp::testing::overview_test
