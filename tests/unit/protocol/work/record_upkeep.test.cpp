// SPDX-License-Identifier: MIT
// What a sweep does about records that lie untouched: which it leaves alone, and how nothing that
// was accepted rests for ever.
#include "protocol/work/record_upkeep.hpp"

#include "protocol/limits.hpp"

#include "tests/unit/protocol/work/playing.hpp"
#include "tests/unit/protocol/work/spoken_commands.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::work::record_upkeep_test {
namespace {

using outcome = record_upkeep::outcome;

/// Whoever was at work on a record has long finished.
constexpr auto rest = limits::upkeep_rest + server_time_lag;

std::shared_ptr<record_upkeep> tended(const worker& who, const work_item& item) {
  return std::make_shared<record_upkeep>(item.id, 168h, who.world());
}

class an_untouched_record : public ::testing::Test {
protected:
  /// Ann's process sweeps. @returns what it did.
  result<outcome> sweep(const fault_at& fault = {}) {
    const auto script = tended(on.ann, on.item);
    asked = run(on.server, script, fault);
    return *script->end();
  }
  void lose_message() {
    on.server.lose_queue();
    on.server.pass(rest);
  }

  stage on;
  told asked;
};

// -- what has lost its queue message ------------------------------------------------------------

TEST_F(an_untouched_record, whose_message_is_lost_is_queued_in_the_next_generation) {
  on.offer();
  lose_message();
  EXPECT_EQ(sweep(), outcome::queued_again);
  EXPECT_EQ(asked,
            (told{"get work_items", "info of WORK", "info of public-c=2B=2B-5", "put work_items",
                  "publish work", "put work_tasks", "put work_items", "last of DEAD_LETTER"}));
  EXPECT_EQ(on.record().generation, 2U);
  EXPECT_EQ(on.record().queue_sequence, on.server.queued().front());
  finish_everything(on);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
  EXPECT_EQ(on.record().state, item_state::completed);
}

TEST_F(an_untouched_record, whose_holder_fell_silent_and_whose_message_is_lost_waits_again) {
  (void)on.held_by_ann();
  lose_message();
  on.server.pass(ack_wait);
  EXPECT_EQ(sweep(), outcome::queued_again);
  const auto record = on.record();
  EXPECT_EQ(record.state, item_state::pending);
  EXPECT_EQ(record.attempts_begun, 1U) << "it counts";
  EXPECT_EQ(record.attempts.back().end, attempt_end::lease_over);
}

TEST_F(an_untouched_record, that_rests_after_a_failure_goes_on_resting) {
  const auto held = on.held_by_ann();
  (void)on.ann.run(on.ann.fail_it(held, {"It crashed.", true, 10min}));
  const auto before = on.record().not_before;
  lose_message();
  EXPECT_EQ(sweep(), outcome::queued_again);
  EXPECT_EQ(on.record().not_before, before);
}

TEST_F(an_untouched_record, whose_message_waits_is_left_alone) {
  on.offer();
  on.server.pass(rest);
  const auto before = on.server.record(on.item.id)->revision;
  EXPECT_EQ(sweep(), outcome::nothing_to_do);
  EXPECT_EQ(on.server.record(on.item.id)->revision, before);
}

TEST_F(an_untouched_record, that_somebody_holds_is_left_alone) {
  (void)on.held_by_ann();
  on.server.lose_queue();
  EXPECT_EQ(sweep(), outcome::nothing_to_do);
  EXPECT_EQ(asked, told{"get work_items"});
}

TEST_F(an_untouched_record, that_was_written_a_moment_ago_is_left_alone) {
  on.offer();
  on.server.lose_queue();
  on.server.pass(limits::upkeep_rest - 1s);
  EXPECT_EQ(sweep(), outcome::nothing_to_do);
}

TEST_F(an_untouched_record, that_is_over_or_gone_is_left_alone) {
  EXPECT_EQ(sweep(), outcome::nothing_to_do) << "there is none";
  const auto held = on.held_by_ann();
  (void)on.ann.run(on.ann.complete(held));
  on.server.pass(rest);
  EXPECT_EQ(sweep(), outcome::nothing_to_do);
  EXPECT_EQ(asked, told{"get work_items"});
}

TEST_F(an_untouched_record, whose_retry_was_interrupted_is_queued_in_the_same_generation) {
  on.kill();
  conversation talk{on.boss.retry(on.item)};
  while (on.record().state == item_state::dead) {
    talk.step(on.server); // and no further
  }
  on.server.pass(rest);
  EXPECT_EQ(sweep(), outcome::queued_again);
  EXPECT_EQ(on.record().generation, 2U);
  EXPECT_EQ(on.server.queued(), std::vector{on.record().queue_sequence});
  EXPECT_EQ(on.server.letters(), 0U) << "it is dead no more";
}

TEST_F(an_untouched_record, whose_offer_under_a_key_was_interrupted_is_queued) {
  conversation talk{on.boss.offer(on.item, offering::novelty::to_be_seen)};
  talk.step(on.server);
  talk.step(on.server); // recorded, and no further
  ASSERT_TRUE(on.server.queued().empty());
  on.server.pass(rest);
  EXPECT_EQ(sweep(), outcome::queued_again);
  EXPECT_EQ(on.record().generation, 1U);
  finish_everything(on);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(an_untouched_record, is_tended_by_the_next_sweep_when_one_fell_on_the_way) {
  for (int reached = 1; reached < 7; ++reached) {
    stage once;
    once.offer();
    once.server.lose_queue();
    once.server.pass(rest);
    conversation talk{tended(once.ann, once.item)};
    for (int i = 0; i < reached; ++i) {
      talk.step(once.server);
    }
    once.server.pass(rest);
    (void)once.bob.run(tended(once.bob, once.item));
    finish_everything(once);
    EXPECT_EQ(judge(once, strictness::nothing_open), "") << "after " << reached;
    EXPECT_EQ(once.record().state, item_state::completed) << "after " << reached;
  }
}

TEST_F(an_untouched_record, stays_as_it_is_when_nats_does_not_answer) {
  on.offer();
  lose_message();
  for (const auto* what : {"get work_items", "info of WORK", "info of public-c=2B=2B-5",
                           "put work_items", "publish work"}) {
    const auto end = sweep(failing(what, ec::timeout));
    ASSERT_FALSE(end) << what;
    EXPECT_EQ(end.error().code, ec::timeout);
  }
}

TEST_F(an_untouched_record, without_a_consumer_in_its_lane_is_judged_by_the_stream) {
  on.offer();
  on.server.pass(rest);
  const auto no_consumer = [](const std::string& said) {
    return said == "info of public-c=2B=2B-5"
             ? std::optional{error{ec::not_found, "consumer not found", 10014}}
             : std::nullopt;
  };
  EXPECT_EQ(sweep(no_consumer), outcome::nothing_to_do);
  on.server.lose_queue();
  EXPECT_EQ(sweep(no_consumer), outcome::queued_again);
}

TEST_F(an_untouched_record, is_left_to_whoever_is_faster) {
  on.offer();
  lose_message();
  EXPECT_EQ(sweep(failing("put work_items", ec::conflict)), outcome::nothing_to_do);
  EXPECT_EQ(asked.back(), "put work_items");
}

// -- what nobody may take any more --------------------------------------------------------------

TEST_F(an_untouched_record, past_its_deadline_becomes_a_dead_letter_wherever_it_waits) {
  on.item.deadline = on.server.now() + 1min;
  on.offer();
  on.server.pass(1min + rest);
  EXPECT_EQ(sweep(), outcome::buried);
  EXPECT_EQ(asked, (told{"get work_items", "put work_items", "publish dead", "publish inbox"}));
  EXPECT_EQ(on.record().state, item_state::dead);
  EXPECT_EQ(on.server.letters(), 1U);
  EXPECT_EQ(on.bob.claim(on.where()), std::nullopt) << "its message is a left-over";
  EXPECT_TRUE(on.server.queued().empty());
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(an_untouched_record, past_its_deadline_is_told_to_an_offerer_who_finds_it_itself) {
  on.item.deadline = on.server.now() + 1min;
  on.offer();
  on.server.pass(1min + rest);
  (void)on.boss.run(tended(on.boss, on.item));
  EXPECT_EQ(on.server.notices().size(), 1U);
}

TEST_F(an_untouched_record, whose_letter_cannot_be_stored_gets_it_with_its_delivery) {
  on.item.deadline = on.server.now() + 1min;
  on.offer();
  on.server.pass(1min + rest);
  const auto end = sweep(failing("publish dead", ec::limit_exceeded));
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ec::limit_exceeded);
  finish_everything(on);
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(an_untouched_record, that_died_without_a_letter_gets_it_though_its_message_is_lost) {
  on.item.deadline = on.server.now() + 1min;
  on.offer();
  on.server.pass(1min);
  lose_message();
  ASSERT_FALSE(sweep(failing("publish dead", ec::timeout)));
  ASSERT_EQ(on.record().state, item_state::dead);
  on.server.pass(rest);
  EXPECT_EQ(sweep(), outcome::buried);
  EXPECT_EQ(asked,
            (told{"get work_items", "last of DEAD_LETTER", "publish dead", "publish inbox"}));
  EXPECT_EQ(on.server.letters(), 1U);
}

TEST_F(an_untouched_record, that_died_with_its_letter_is_left_alone) {
  on.kill();
  on.server.pass(rest);
  EXPECT_EQ(sweep(), outcome::nothing_to_do);
  EXPECT_EQ(asked, (told{"get work_items", "last of DEAD_LETTER"}));
}

TEST_F(an_untouched_record, that_died_long_ago_is_left_without_its_letter) {
  on.kill();
  on.server.drop_letter(on.item); // too old to be kept
  on.server.pass(limits::upkeep_letter_age_max + server_time_lag);
  EXPECT_EQ(sweep(), outcome::nothing_to_do);
  EXPECT_EQ(asked, told{"get work_items"});
}

TEST_F(an_untouched_record, that_died_is_not_listed_again_where_letters_are_kept_for_moments) {
  on.kill();
  on.server.pass(rest);
  const auto found = on.server.record(on.item.id);
  EXPECT_EQ(upkeep_of(*found, on.server.now(), 168h), upkeep::check_letter);
  EXPECT_EQ(upkeep_of(*found, on.server.now(), 2min), upkeep::none);
}

// -- side by side -------------------------------------------------------------------------------

TEST_F(an_untouched_record, is_worked_on_once_whatever_sweeps_and_workers_do_side_by_side) {
  EXPECT_EQ(in_every_order(
              [](stage& here) {
                here.offer();
                here.server.lose_queue();
                here.server.pass(rest);
                std::vector<player> out;
                out.emplace_back(here.server, tended(here.ann, here.item));
                out.emplace_back(here.server, tended(here.boss, here.item));
                out.push_back(working(here.bob, here.server, here.where()));
                return out;
              },
              [](const stage& here) {
                EXPECT_EQ(here.record().state, item_state::completed);
                EXPECT_EQ(here.record().attempts_begun, 1U);
              }),
            "");
}

TEST_F(an_untouched_record, that_dies_is_buried_once_by_sweep_and_worker) {
  EXPECT_EQ(in_every_order(
              [](stage& here) {
                here.item.deadline = here.server.now() + 1min;
                here.offer();
                here.server.pass(1min + rest);
                std::vector<player> out;
                out.emplace_back(here.server, tended(here.ann, here.item));
                out.push_back(working(here.bob, here.server, here.where()));
                return out;
              },
              [](const stage& here) {
                EXPECT_EQ(here.record().state, item_state::dead);
                EXPECT_EQ(here.server.letters(), 1U);
              }),
            "");
}

} // namespace
} // namespace nats_mcp::work::record_upkeep_test
