// SPDX-License-Identifier: MIT
// What the page is told, and when: one event for each part that is different.
#include "protocol/coordination/overview.hpp"

#include "protocol/coordination/assignment_change.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nats_mcp::coordination::overview_test {
namespace {

using work::testing::ann;
using work::testing::held_by_ann;
using work::testing::noon;
using work::testing::sample_item;
using work::testing::waiting;
using namespace std::chrono_literals;

class a_page : public ::testing::Test {
protected:
  a_page() {
    facts.server_now = noon;
    facts.is_leader = true;
    facts.term = 7;
    facts.leader = "guid-of-leader";
    tools::agent_summary agent;
    agent.guid = ann.guid;
    agent.handle = "ann";
    agent.agent_type = "developer";
    agent.status = tools::effective_status::online;
    agent.capabilities = {"typescript"};
    agent.last_seen = "2026-01-15T12:00:00.000Z";
    facts.agents = {agent};
    facts.channels = {{"roadmap", {{1, "2026-01-15T11:59:00.000Z", "ann", "Hello.", ""}}}};
  }

  void see(const work::item_record& record, wall_time stamp = noon) {
    view.apply({record.item.id, work::write_item_record(record, "w"), 1,
                jetstream::kv_operation::put, stamp},
               work_view::origin::change);
  }
  [[nodiscard]] std::vector<std::string> told() {
    std::vector<std::string> out;
    for (const auto& event : all.update(facts, view)) {
      out.push_back(event.name);
    }
    return out;
  }

  overview_facts facts;
  work_view view;
  overview all;
};

using names = std::vector<std::string>;

TEST_F(a_page, is_told_everything_first_and_then_what_is_different) {
  EXPECT_EQ(told(),
            (names{"coordinator", "agents", "work", "dead-letters", "channels", "throughput"}));
  EXPECT_EQ(told(), names{});
  facts.server_now += 30s;
  EXPECT_EQ(told(), names{}) << "nothing has happened";
  facts.server_now += 30s;
  EXPECT_EQ(told(), names{"throughput"}) << "another minute";
  see(held_by_ann(), noon + 1min);
  EXPECT_EQ(told(), (names{"agents", "work", "throughput"}));
  facts.channels.front().newest.push_back({2, "2026-01-15T12:01:00.000Z", "bob", "Hi.", ""});
  EXPECT_EQ(told(), names{"channels"});
  EXPECT_EQ(all.all().size(), 6U);
}

TEST_F(a_page, goes_on_showing_what_is_not_known_any_more) {
  see(held_by_ann());
  (void)told();
  const auto before = all.all();
  view.clear();
  facts.agents.clear();
  facts.knows_work = false;
  facts.knows_agents = false;
  facts.is_leader = false;
  EXPECT_EQ(told(), names{"coordinator"});
  facts.is_leader = true;
  EXPECT_EQ(told(), names{"coordinator"});
  EXPECT_EQ(all.all(), before);
  facts.knows_work = true;
  EXPECT_EQ(told(), (names{"work", "throughput"})) << "with agents their loads are shown";
  facts.knows_agents = true;
  EXPECT_EQ(told(), names{"agents"});
}

TEST_F(a_page, says_how_many_items_it_does_not_show) {
  work_view small{1};
  auto record = held_by_ann();
  for (const auto* id :
       {"550e8400-e29b-41d4-a716-446655440098", "550e8400-e29b-41d4-a716-446655440099"}) {
    record.item.id = id;
    small.apply({id, work::write_item_record(record, "w"), 1, jetstream::kv_operation::put, noon},
                work_view::origin::change);
  }
  EXPECT_EQ(work_part(small)["leftOut"], 1);
}

TEST_F(a_page, shows_agents_with_what_they_have_to_do) {
  see(held_by_ann());
  EXPECT_EQ(json::write(agents_part(facts, view)),
            R"({"total":1,"agents":[{"guid":"20000000-0000-4000-8000-000000000002","handle":"ann",)"
            R"("type":"developer","status":"online","hostname":"","project":"",)"
            R"("capabilities":["typescript"],"lastSeen":"2026-01-15T12:00:00.000Z","tasks":0,)"
            R"("waiting":0,"held":1}]})");
}

TEST_F(a_page, shows_who_holds_what_since_when) {
  see(work::renewed(held_by_ann(), "c-1", 60s, {40.0, "Half."}, noon + 1min).value(), noon + 1min);
  const auto part = work_part(view);
  EXPECT_EQ(part["counts"]["claimed"], 1);
  EXPECT_EQ(part["total"], 1);
  EXPECT_EQ(json::write(part["items"][0]),
            R"({"id":"550e8400-e29b-41d4-a716-446655440000","task":"feature-123",)"
            R"("capability":"TypeScript","priority":7,"description":"Implement the login form.",)"
            R"("state":"claimed","attempt":1,"maxAttempts":3,"since":"2026-01-15T12:00:00.000Z",)"
            R"("deadline":"2026-01-16T12:00:00.000Z",)"
            R"("worker":{"guid":"20000000-0000-4000-8000-000000000002","handle":"ann"},)"
            R"("progress":40,"note":"Half.","leaseUntil":"2026-01-15T12:02:00.000Z"})");
}

TEST_F(a_page, shows_to_whom_an_item_is_given) {
  see(placed(given(requested(sample_item(), noon), {7, ann.guid, noon + 1min, {}}, noon), 7, 41));
  const auto item = work_part(view)["items"][0];
  EXPECT_EQ(item["state"], "pending");
  EXPECT_EQ(item["coordinated"], true);
  EXPECT_EQ(item["worker"]["guid"], ann.guid);
  EXPECT_EQ(item["assignedUntil"], "2026-01-15T12:01:00.000Z");
}

TEST_F(a_page, shows_what_is_held_first_then_what_is_urgent_then_what_is_old) {
  const auto add = [this](char digit, int priority, wall_time offered_at) {
    auto record = waiting();
    record.item.id.front() = digit;
    record.item.priority = priority;
    record.item.offered_at = offered_at;
    see(record);
  };
  add('1', 3, noon);
  add('2', 7, noon + 1s);
  add('3', 7, noon);
  see(held_by_ann()); // it begins with 5
  std::string order;
  const auto part = work_part(view);
  for (const auto& item : part["items"]) {
    order += item["id"].get<std::string>().front();
  }
  EXPECT_EQ(order, "5321");
}

TEST_F(a_page, shows_the_dead_with_the_reason_newest_first) {
  auto dead = work::testing::out_of_attempts();
  see(dead, noon);
  dead.item.id.front() = '6';
  see(dead, noon + 1min);
  const auto part = dead_letters_part(view);
  EXPECT_EQ(part["total"], 2);
  EXPECT_EQ(part["items"][0]["since"], "2026-01-15T12:01:00.000Z");
  EXPECT_EQ(part["items"][1]["worker"]["handle"], "ann");
  EXPECT_EQ(part["items"][1]["attempts"], 3);
  EXPECT_EQ(part["items"][1]["reason"].get<std::string>().substr(0, 15), "Out of attempts");
  EXPECT_EQ(work_part(view)["total"], 0);
}

TEST_F(a_page, shows_the_newest_messages_of_a_channel_cut_to_a_length) {
  facts.channels.front().newest.assign(9, {1, "t", "ann", std::string(1000, 'x'), ""});
  facts.channels.front().newest.back().sequence = 9;
  const auto messages = channels_part(facts)["channels"][0]["messages"];
  ASSERT_EQ(messages.size(), 5U);
  EXPECT_EQ(messages[4]["sequence"], 9);
  EXPECT_LT(messages[4]["text"].get<std::string>().size(), 310U);
}

TEST_F(a_page, shows_no_more_than_it_can_but_says_how_many_there_are) {
  facts.agents.assign(501, facts.agents.front());
  const auto part = agents_part(facts, view);
  EXPECT_EQ(part["total"], 501);
  EXPECT_EQ(part["agents"].size(), 500U);
}

TEST_F(a_page, is_told_in_events_that_no_text_can_break) {
  facts.channels.front().newest.front().message = "a\n\nevent: x\rdata: y";
  (void)all.update(facts, view);
  for (const auto& event : all.all()) {
    const auto text = write_event(event);
    EXPECT_EQ(text.find('\n'), text.find("\ndata: "));
    EXPECT_EQ(text.find("\n\n"), text.size() - 2);
    EXPECT_EQ(text.find('\r'), std::string::npos);
  }
}

} // namespace
} // namespace nats_mcp::coordination::overview_test
