// SPDX-License-Identifier: MIT
// A leader's housekeeping: what is dead or lost is found, whatever its project and capability.
#include "protocol/limits/coordination.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/streams.hpp"

#include "tests/unit/actors/coordination/coordination_story.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing::sweeper_test {
namespace {

class sweeper : public coordination_story {
protected:
  /// Longer than a sweep lets wait for itself, and what it does.
  static constexpr auto sweep_time = limits::sweep_interval * 5 / 4 + 1s;

  [[nodiscard]] work::work_item elsewheres(unsigned number, std::string capability) const {
    auto out = item(number, std::move(capability));
    out.scope = elsewhere;
    return out;
  }
};

TEST_F(sweeper, buries_what_is_out_of_attempts_in_any_project) {
  lose(elsewheres(1, "Cobol"), 3);
  start_leader();
  EXPECT_TRUE(eventually([&] { return stored("DEAD_LETTER") == 1; }, sweep_time));
  EXPECT_EQ(record(1)->state, work::item_state::dead);
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(sweeper, queues_again_what_lost_its_message) {
  offer(elsewheres(1, "Cobol"));
  (void)nats(jetstream::api_request{"STREAM.PURGE.WORK", {}, {}, {}});
  ASSERT_EQ(stored("WORK"), 0U);
  start_leader();
  EXPECT_TRUE(eventually([&] { return stored("WORK") == 1; }, 4 * sweep_time));
  EXPECT_EQ(record(1)->generation, 2U);
}

TEST_F(sweeper, leaves_what_can_be_done_where_it_is) {
  offer(elsewheres(1, "Cobol"));
  start_leader();
  advance(3 * sweep_time);
  EXPECT_EQ(stored("WORK"), 1U);
  EXPECT_EQ(record(1)->generation, 1U);
  EXPECT_EQ(pulled_by_another({elsewhere, work::capability_token("Cobol"), 5}), 1U);
}

TEST_F(sweeper, rests_while_another_one_leads) {
  auto& anna = start_leader();
  const auto& bert = start_coordinator();
  leave(anna);
  ASSERT_TRUE(eventually([&] { return leads(bert); }));
  lose(elsewheres(1, "Cobol"), 3);
  kill(*hosts_.back());
  advance(3 * sweep_time);
  EXPECT_EQ(stored("DEAD_LETTER"), 0U) << "nobody leads";
}

TEST_F(sweeper, leaves_coordinated_items_to_the_coordinator) {
  is_offline(ann_guid, "ann");
  is_offline(me, "bob");
  start_leader();
  const auto id = submit("a");
  advance(3 * sweep_time);
  EXPECT_EQ(stored("WORK"), 0U) << "it has no worker, and is in nobody's queue";
  EXPECT_EQ(record_of(id)->state, work::item_state::pending);
}

TEST_F(sweeper, lets_letters_of_any_project_be_listed_retried_and_discarded) {
  bury(elsewheres(1, "Cobol"));
  bury(elsewheres(2, "Cobol"));
  const auto& anna = start_leader();
  const auto list = [&] {
    return answer(anna.parts.dead_letters, list_dead_letters{{{}, 20, {}}, now() + 5s});
  };
  const auto listed = list();
  ASSERT_TRUE(listed) << listed.error().message;
  EXPECT_EQ(listed->items.size(), 2U);
  EXPECT_TRUE(
    answer(anna.parts.dead_letters, retry_dead_letters{{id_of(1), {}, true}, now() + 5s}));
  EXPECT_TRUE(answer(anna.parts.dead_letters, discard_dead_letter{{id_of(2)}, now() + 5s}));
  EXPECT_EQ(list()->items.size(), 0U);
  EXPECT_EQ(record(1)->state, work::item_state::pending);
  EXPECT_EQ(record(2)->state, work::item_state::discarded);
}

} // namespace
} // namespace nats_mcp::testing::sweeper_test
