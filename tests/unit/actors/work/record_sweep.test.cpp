// SPDX-License-Identifier: MIT
// The sweep's look at the records: nothing that was accepted rests for ever, wherever it waits and
// whatever the server has lost.
#include "tests/unit/actors/work/letters_story.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing::record_sweep_test {
namespace {

using work::item_state;

class a_swept_record : public letters_story {
protected:
  void SetUp() override {
    letters_story::SetUp();
    identity_is(me, {"go"}); // whatever it can do
    (void)nats(jetstream::api_request{"INFO", {}, jetstream::repeatable::yes, {}}); // connects
  }
  /// Everything in the queue is gone.
  void purge_queue() {
    ASSERT_TRUE(
      nats(jetstream::api_request{"STREAM.PURGE.WORK", {}, jetstream::repeatable::yes, {}}));
  }
  /// Each record there is has its turn, and has lain untouched before.
  void sweep_all() { advance(4 * sweep_time); }
};

TEST_F(a_swept_record, without_its_queue_message_is_queued_again) {
  offer(item(1));
  purge_queue();
  sweep_all();
  EXPECT_EQ(stored("WORK"), 1U);
  EXPECT_EQ(record(1)->state, item_state::pending);
  EXPECT_EQ(record(1)->generation, 2U);
}

TEST_F(a_swept_record, is_queued_again_though_others_wait_in_its_lane) {
  offer(item(1));
  purge_queue();
  offer(item(2));
  sweep_all();
  EXPECT_EQ(stored("WORK"), 2U);
  EXPECT_EQ(record(1)->generation, 2U);
  EXPECT_EQ(record(2)->generation, 1U) << "its message is there";
}

TEST_F(a_swept_record, past_its_deadline_is_found_behind_any_number_that_are_free) {
  for (unsigned number = 1; number <= 2 * limits::sweep_batch_max; ++number) {
    offer(item(number));
  }
  auto late = item(1000);
  late.deadline = civil_now() + 1s;
  offer(late);
  sweep_all();
  EXPECT_EQ(listed(), strings{id_of(1000)});
}

TEST_F(a_swept_record, has_its_turn_though_there_are_more_than_one_sweep_reads) {
  const auto count = static_cast<unsigned>(limits::upkeep_records_max) + 20;
  for (unsigned number = 1; number <= count; ++number) {
    offer(item(number));
  }
  purge_queue();
  sweep_all();
  EXPECT_EQ(stored("WORK"), count);
}

TEST_F(a_swept_record, of_another_project_is_left_to_that_project) {
  auto theirs = item(1);
  theirs.scope = elsewhere;
  offer(theirs);
  purge_queue();
  sweep_all();
  EXPECT_EQ(stored("WORK"), 0U);
  EXPECT_EQ(record(1)->generation, 1U);
}

TEST_F(a_swept_record, that_cannot_be_read_is_in_nobodys_way) {
  store("$KV.work_items.rubbish", "no record");
  offer(item(1));
  purge_queue();
  sweep_all();
  EXPECT_EQ(record(1)->generation, 2U);
}

TEST_F(a_swept_record, is_tended_when_nats_is_back) {
  offer(item(1));
  purge_queue();
  network_->restart_server(true, 10 * sweep_time);
  advance(3 * sweep_time);
  network_->heal();
  sweep_all();
  EXPECT_EQ(record(1)->generation, 2U);
}

} // namespace
} // namespace nats_mcp::testing::record_sweep_test
