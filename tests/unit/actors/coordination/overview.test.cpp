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

namespace nats_mcp::testing::overview_test {
namespace {

class shown : public coordination_story {
protected:
  [[nodiscard]] json::value part(const host& of, const std::string& name) {
    const auto page = answer(of.parts.overview, page_query{});
    for (const auto& one : page ? page->parts : std::vector<coordination::overview_event>{}) {
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
