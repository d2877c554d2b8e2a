// SPDX-License-Identifier: MIT
// What a coordinator sees of all items: who has how much to do, since when, what was done in the
// last hour; whether it saw each change or came later.
#include "protocol/coordination/work_view.hpp"

#include "protocol/coordination/assignment_change.hpp"
#include "protocol/coordination/metric_families.hpp"

#include "tests/unit/protocol/coordination/scraping.hpp"
#include "tests/unit/protocol/work/any_work.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::coordination::work_view_test {
namespace {

using work::item_record;
using work::item_state;
using work::testing::ann;
using work::testing::bob;
using work::testing::held_by_ann;
using work::testing::item_id;
using work::testing::no_result;
using work::testing::noon;
using work::testing::sample_item;
using work::testing::waiting;
using namespace std::chrono_literals;

jetstream::kv_entry entry_of(const item_record& record, wall_time stamp) {
  return {record.item.id, work::write_item_record(record, "w"), 1, jetstream::kv_operation::put,
          stamp};
}

class a_view : public ::testing::Test {
protected:
  void see(const item_record& record, wall_time stamp = noon,
           work_view::origin from = work_view::origin::change) {
    view.apply(entry_of(record, stamp), from);
  }
  [[nodiscard]] const seen_item& item() const { return view.items().find(item_id)->second; }
  [[nodiscard]] minute_counts in_minute(wall_time at) const {
    return view.done().last_hour(at).back().counts;
  }

  work_view view;
};

TEST_F(a_view, shows_an_item_from_its_offer_to_its_completion) {
  see(waiting());
  EXPECT_EQ(item().state, item_state::pending);
  EXPECT_EQ(item().worker, work::party{});
  see(held_by_ann(), noon + 10s);
  EXPECT_EQ(item().worker, ann);
  EXPECT_EQ(item().lease_until, noon + 10s + work::testing::ack_wait);
  EXPECT_EQ(view.load_of(ann.guid).held, 1U);
  EXPECT_EQ(view.load_of(ann.guid).busy_at, noon + 10s);
  see(work::completed(held_by_ann(), "c-1", "Done.", no_result, noon + 20s).value(), noon + 20s);
  EXPECT_TRUE(view.items().empty());
  EXPECT_EQ(view.count(item_state::completed), 1U);
  EXPECT_EQ(view.count(item_state::claimed), 0U);
  EXPECT_EQ(view.load_of(ann.guid).held, 0U);
  EXPECT_EQ(view.load_of(ann.guid).busy_at, noon + 20s);
  EXPECT_EQ(view.totals().offered, 1U);
  EXPECT_EQ(view.totals().claims, 1U);
  EXPECT_EQ(view.totals().completions, 1U);
  EXPECT_EQ(in_minute(noon + 59s), (minute_counts{1, 1, 1, 0, 0}));
}

TEST_F(a_view, tells_since_when_somebody_holds_an_item) {
  see(waiting());
  see(held_by_ann(), noon + 1s);
  const auto reported =
    work::renewed(held_by_ann(), "c-1", 60s, {40.0, "Half."}, noon + 1min).value();
  see(reported, noon + 1min);
  EXPECT_EQ(item().since, noon) << "as Ann says, if that is no later";
  EXPECT_EQ(item().progress, 40.0);
  EXPECT_EQ(item().note, "Half.");
  see(work::testing::taken_by(ann, "c-2", reported, noon + 9min), noon + 9min);
  EXPECT_EQ(item().since, noon + 9min) << "another claim";
}

TEST_F(a_view, counts_what_is_given_and_not_claimed) {
  auto record = requested(sample_item(), noon);
  see(record);
  EXPECT_TRUE(item().is_coordinated);
  record = placed(given(record, {7, ann.guid, noon + 1min, {}}, noon), 7, 41);
  see(record, noon + 1s);
  EXPECT_EQ(view.load_of(ann.guid).waiting, 1U);
  EXPECT_EQ(item().assigned_until, noon + 1min);
  record = given(record, {7, bob.guid, noon + 2min, {ann.guid}}, noon + 1min);
  see(record, noon + 1min);
  EXPECT_EQ(view.load_of(ann.guid).waiting, 0U);
  EXPECT_EQ(view.load_of(bob.guid).waiting, 1U);
  see(
    work::taken({{record.item, 2}, 42}, &record, work::testing::claim_by(bob, "c-1"), noon + 2min),
    noon + 2min);
  EXPECT_EQ(view.load_of(bob.guid).waiting, 0U);
  EXPECT_EQ(view.load_of(bob.guid).held, 1U);
}

TEST_F(a_view, counts_each_way_an_attempt_can_end) {
  auto record = held_by_ann();
  see(record);
  record = work::failed(record, "c-1", {"Red.", true, {}}, noon, noon).value();
  see(record);
  record = work::testing::taken_by(bob, "c-2", record, noon + 1s);
  see(record);
  record = work::testing::taken_by(ann, "c-3", record, noon + 2s);
  see(record);
  see(work::released(record, "c-3", noon + 3s).value());
  EXPECT_EQ(view.totals().claims, 3U);
  EXPECT_EQ(view.totals().failures, 1U);
  EXPECT_EQ(view.totals().lease_expiries, 1U);
  EXPECT_EQ(view.totals().releases, 1U);
  EXPECT_EQ(in_minute(noon), (minute_counts{1, 3, 0, 3, 0}));
}

TEST_F(a_view, makes_up_for_changes_it_did_not_see) {
  see(waiting());
  see(work::testing::out_of_attempts(), noon + 1s);
  EXPECT_EQ(view.totals().claims, 3U);
  EXPECT_EQ(view.totals().failures, 3U);
  EXPECT_EQ(view.totals().deaths, 1U);
  EXPECT_EQ(item().state, item_state::dead);
  EXPECT_EQ(item().worker, ann) << "the last one";
}

TEST_F(a_view, counts_what_it_found_in_the_hour_and_not_as_its_own) {
  see(held_by_ann(), noon + 5min, work_view::origin::found);
  EXPECT_EQ(view.totals().claims, 0U);
  EXPECT_EQ(view.totals().offered, 0U);
  EXPECT_EQ(in_minute(noon), (minute_counts{1, 1, 0, 0, 0}));
  EXPECT_EQ(item().since, noon) << "long before it was seen";
}

TEST_F(a_view, forgets_what_is_gone) {
  see(held_by_ann());
  view.apply({item_id, {}, 2, jetstream::kv_operation::deleted, noon}, work_view::origin::change);
  EXPECT_TRUE(view.items().empty());
  EXPECT_EQ(view.count(item_state::claimed), 0U);
  EXPECT_EQ(view.load_of(ann.guid).held, 0U);
  see(held_by_ann());
  view.apply({item_id, "?", 2, jetstream::kv_operation::put, noon}, work_view::origin::change);
  EXPECT_TRUE(view.items().empty());
  view.apply({"another", "?", 2, jetstream::kv_operation::put, noon}, work_view::origin::change);
  see(held_by_ann());
  view.clear();
  EXPECT_EQ(view.count(item_state::claimed), 0U);
}

TEST_F(a_view, tells_what_cannot_be_read_from_what_is_gone) {
  using reading = work_view::reading;
  const auto put = [this](const std::string& key, const std::string& value) {
    return view.apply({key, value, 2, jetstream::kv_operation::put, noon},
                      work_view::origin::change);
  };
  EXPECT_EQ(view.apply(entry_of(held_by_ann(), noon), work_view::origin::change),
            reading::readable);
  EXPECT_EQ(put(item_id, "?"), reading::unreadable);
  EXPECT_EQ(put("another", work::write_item_record(held_by_ann(), "w")), reading::unreadable)
    << "a record under another's key";
  EXPECT_EQ(
    view.apply({item_id, {}, 3, jetstream::kv_operation::deleted, noon}, work_view::origin::change),
    reading::readable);
}

TEST_F(a_view, that_begins_anew_counts_nothing_twice) {
  see(held_by_ann());
  const auto once = view.done().last_hour(noon).back().counts;
  EXPECT_EQ(once.offered, 1U);
  view.clear();
  see(held_by_ann());
  EXPECT_EQ(view.done().last_hour(noon).back().counts, once);
}

RC_GTEST_PROP(a_view_of_anything, adds_up, ()) {
  work_view view;
  std::map<std::string, item_record> all;
  std::vector<std::string> ids{work::testing::any_guid(), work::testing::any_guid()};
  const auto steps = *rc::gen::inRange(0, 20);
  for (int at = 0; at < steps; ++at) {
    auto record = work::testing::any_record();
    record.item.id = *rc::gen::elementOf(ids);
    if (*rc::gen::inRange(0, 5) == 0) {
      view.apply({record.item.id, {}, 1, jetstream::kv_operation::deleted, noon},
                 work_view::origin::change);
      all.erase(record.item.id);
    } else {
      view.apply(entry_of(record, noon), work_view::origin::change);
      all[record.item.id] = work::read_item_record(work::write_item_record(record, "w")).value();
    }
  }
  for (const auto state : {item_state::pending, item_state::claimed, item_state::completed,
                           item_state::dead, item_state::cancelled, item_state::discarded}) {
    const auto wanted = std::count_if(
      all.begin(), all.end(), [state](const auto& one) { return one.second.state == state; });
    RC_ASSERT(view.count(state) == static_cast<std::size_t>(wanted));
  }
  std::map<std::string, workload> loads;
  for (const auto& [id, record] : all) {
    if (record.held && !record.held->worker.guid.empty()) {
      ++loads[record.held->worker.guid].held;
    } else if (record.state == item_state::pending && !record.item.assigned_to.empty()) {
      ++loads[record.item.assigned_to].waiting;
    }
  }
  for (const auto& [guid, load] : loads) {
    RC_ASSERT(view.load_of(guid).held == load.held);
    RC_ASSERT(view.load_of(guid).waiting == load.waiting);
  }
}

// -- an hour -------------------------------------------------------------------------------------

TEST(an_hour, has_sixty_minutes_and_forgets_earlier_ones) {
  throughput done;
  done.add(&minute_counts::claimed, noon - 1h);
  for (int at = 0; at < 70; ++at) {
    done.add(&minute_counts::offered, noon + std::chrono::minutes{at});
  }
  const auto hour = done.last_hour(noon + 69min + 59s);
  ASSERT_EQ(hour.size(), 60U);
  EXPECT_EQ(hour.front().at, noon + 10min);
  EXPECT_EQ(hour.front().counts, (minute_counts{1, 0, 0, 0, 0}));
  EXPECT_EQ(hour.back().at, noon + 69min);
  EXPECT_EQ(done.last_hour(noon + 69min + 30min).back().counts, minute_counts{});
}

RC_GTEST_PROP(an_hour, counts_everything_in_its_own_minute_in_whatever_order_it_is_told, ()) {
  throughput done;
  std::vector<wall_time> all;
  const auto count = *rc::gen::inRange(0, 100);
  for (int at = 0; at < count; ++at) {
    all.push_back(noon + std::chrono::seconds{*rc::gen::inRange(0, 2 * 3600)});
    done.add(&minute_counts::offered, all.back());
  }
  const auto newest = all.empty() ? noon : *std::max_element(all.begin(), all.end());
  const auto hour = done.last_hour(newest);
  RC_ASSERT(hour.size() == 60U);
  for (const auto& minute : hour) {
    const auto wanted = std::count_if(all.begin(), all.end(), [&](const wall_time at) {
      return minute.at <= at && at < minute.at + 1min;
    });
    RC_ASSERT(minute.counts.offered == static_cast<std::uint64_t>(wanted));
  }
}

// -- as numbers ----------------------------------------------------------------------------------

TEST_F(a_view, is_told_in_numbers) {
  see(waiting());
  coordinator_numbers numbers;
  numbers.server_now = noon + 90s;
  numbers.is_leader = true;
  numbers.term = 7;
  numbers.agents.resize(2);
  numbers.agents.front().status = tools::effective_status::online;
  numbers.restarts = {{"gateway", 1}};
  numbers.round_trip = 250us;
  const auto text = write_metrics(metric_families(numbers, view));
  const auto all = scrape(text);
  const auto value = [&](const std::string& name, const label_set& labels) {
    return all.at(name).samples.at(labels);
  };
  EXPECT_EQ(value("nats_mcp_coordinator_up_to_date", {}), 1);
  EXPECT_EQ(value("nats_mcp_coordinator_leader", {}), 1);
  EXPECT_EQ(value("nats_mcp_work_items_left_out", {}), 0);
  EXPECT_EQ(value("nats_mcp_agents", {{"status", "online"}}), 1);
  EXPECT_EQ(value("nats_mcp_agents", {{"status", "offline"}}), 1);
  EXPECT_EQ(value("nats_mcp_work_items", {{"state", "pending"}}), 1);
  const label_set queue{{"capability", "typescript"}, {"priority", "7"}};
  EXPECT_EQ(value("nats_mcp_queue_depth", queue), 1);
  EXPECT_EQ(value("nats_mcp_queue_oldest_age_seconds", queue), 90);
  EXPECT_EQ(value("nats_mcp_offers_total", {}), 1);
  EXPECT_EQ(value("nats_mcp_actor_restarts_total", {{"actor", "gateway"}}), 1);
  EXPECT_EQ(value("nats_mcp_nats_round_trip_seconds", {}), 0.00025);
  for (const auto& [name, family] : all) {
    EXPECT_TRUE(is_metric_name(name)) << name;
    EXPECT_EQ(name.ends_with("_total"), family.type == "counter") << name;
    EXPECT_FALSE(family.help.empty()) << name;
  }
}

TEST_F(a_view, that_is_stale_is_told_in_no_numbers) {
  see(waiting());
  coordinator_numbers numbers;
  numbers.seen = sight::stale;
  numbers.agents.resize(2);
  numbers.reconnects = 3;
  numbers.restarts = {{"gateway", 1}};
  numbers.round_trip = 250us;
  const auto all = scrape(write_metrics(metric_families(numbers, view)));
  EXPECT_EQ(all.at("nats_mcp_coordinator_up_to_date").samples.at({}), 0);
  EXPECT_EQ(all.at("nats_mcp_nats_reconnects_total").samples.at({}), 3);
  EXPECT_EQ(all.at("nats_mcp_actor_restarts_total").samples.at({{"actor", "gateway"}}), 1);
  for (const auto* own : {"nats_mcp_coordinator_leader", "nats_mcp_coordinator_term",
                          "nats_mcp_assignments_total", "nats_mcp_reassignments_total"}) {
    EXPECT_TRUE(all.contains(own)) << own;
  }
  for (const auto* seen : {"nats_mcp_agents", "nats_mcp_work_items", "nats_mcp_queue_depth",
                           "nats_mcp_queue_oldest_age_seconds", "nats_mcp_offers_total",
                           "nats_mcp_dead_letters_total", "nats_mcp_requests_unplaced",
                           "nats_mcp_work_items_left_out", "nats_mcp_nats_round_trip_seconds"}) {
    EXPECT_FALSE(all.contains(seen)) << seen;
  }
}

} // namespace
} // namespace nats_mcp::coordination::work_view_test
