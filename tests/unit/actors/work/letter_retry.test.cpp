// SPDX-License-Identifier: MIT
// Taking items out of the dead letters: back into the queue, one by one or a whole capability, or
// away for good.
#include "protocol/work/dead_letter.hpp"

#include "tests/unit/actors/work/letters_story.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

using work::item_state;

class letter_retry : public letters_story {
protected:
  /// The record's state; nothing without one.
  std::optional<item_state> state(unsigned number) {
    const auto found = record(number);
    return found ? std::optional{found->state} : std::nullopt;
  }
};

TEST_F(letter_retry, puts_an_item_back_into_its_queue_for_one_more_attempt) {
  auto what = item(1);
  what.priority = 7;
  bury(what);
  const auto got = retry(id_of(1));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->item_id, id_of(1));
  EXPECT_EQ(got->capability, "TypeScript");
  EXPECT_FALSE(got->attempts_reset);
  EXPECT_EQ(got->retried, 1U);
  EXPECT_EQ(stored("WORK", "work.public.typescript.7"), 1U);
  EXPECT_EQ(state(1), item_state::pending);
  EXPECT_EQ(record(1)->generation, 2U);
  EXPECT_EQ(listed(), strings{}) << "the letter is gone when the answer comes";
}

TEST_F(letter_retry, counts_attempts_from_the_beginning_when_asked_to) {
  bury(item(1));
  const auto got = retry(id_of(1), true);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->attempts_reset);
  EXPECT_EQ(record(1)->attempts_begun, 0U);
}

TEST_F(letter_retry, finds_nothing_on_a_server_that_never_saw_work_and_leaves_it_like_that) {
  EXPECT_EQ(retry(id_of(1)).error().code, ec::not_found);
  EXPECT_EQ(discard(id_of(1)).error().code, ec::not_found);
  const auto all = retry_all("typescript");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->retried, 0U);
  EXPECT_FALSE(all->more);
  EXPECT_FALSE(exists("DEAD_LETTER"));
  EXPECT_FALSE(exists("WORK"));
  EXPECT_FALSE(exists("KV_work_items"));
}

TEST_F(letter_retry, makes_the_queue_anew_when_somebody_deleted_it) {
  bury(item(1));
  bury(item(2));
  const jetstream::api_request deletion{"STREAM.DELETE.WORK", {}, {}, {}};
  ASSERT_TRUE(nats(deletion));
  ASSERT_TRUE(retry(id_of(1)));
  EXPECT_EQ(stored("WORK"), 1U);
  ASSERT_TRUE(nats(deletion));
  EXPECT_FALSE(retry(id_of(2))) << "it was there a moment ago";
  EXPECT_EQ(listed(), strings{id_of(2)}) << "nothing is lost by that";
  ASSERT_TRUE(retry(id_of(2)));
  EXPECT_EQ(stored("WORK"), 1U);
}

TEST_F(letter_retry, refuses_what_does_not_exist_or_is_not_dead) {
  offer(item(1));
  bury(item(2));
  EXPECT_EQ(retry(id_of(9)).error().code, ec::not_found);
  EXPECT_EQ(retry(id_of(1)).error().code, ec::conflict);
  EXPECT_EQ(discard(id_of(1)).error().code, ec::conflict);
  EXPECT_EQ(state(1), item_state::pending);
  ASSERT_TRUE(retry(id_of(2)));
  EXPECT_EQ(retry(id_of(2)).error().code, ec::conflict) << "it is back already";
}

TEST_F(letter_retry, does_not_let_any_text_near_the_bucket_as_an_id) {
  bury(item(1));
  for (const std::string bad : {"", "*", ">", "a b", "x.y", "\n"}) {
    const auto retried = retry(bad);
    ASSERT_FALSE(retried);
    EXPECT_EQ(retried.error().code, ec::not_found) << retried.error().message;
    EXPECT_EQ(retried.error().message.find('\n'), std::string::npos);
    EXPECT_EQ(discard(bad).error().code, ec::not_found);
  }
}

TEST_F(letter_retry, does_not_know_the_items_of_other_projects) {
  auto what = item(1);
  what.scope = elsewhere;
  bury(what);
  EXPECT_EQ(retry(id_of(1)).error().code, ec::not_found);
  EXPECT_EQ(discard(id_of(1)).error().code, ec::not_found);
  EXPECT_EQ(state(1), item_state::dead);
}

TEST_F(letter_retry, knows_what_this_agent_offered_to_another_project) {
  auto what = item(1);
  what.scope = elsewhere;
  what.offered_by = {me, "me"};
  bury(what);
  identity_is(me);
  ASSERT_TRUE(retry(id_of(1)));
}

TEST_F(letter_retry, cannot_put_back_what_cannot_be_read) {
  const auto dead = work::unreadable({"public", "typescript", 5}, 17, "rubbish", civil_now());
  put(dead);
  const auto letter = work::dead_letter_message(dead);
  store(letter.subject, letter.payload);
  const auto got = retry("seq-17");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::conflict) << got.error().message;
  ASSERT_TRUE(discard("seq-17"));
  EXPECT_EQ(listed(), strings{});
}

TEST_F(letter_retry, throws_an_item_away_for_good) {
  bury(item(1));
  bury(item(2));
  const auto got = discard(id_of(1));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->item_id, id_of(1));
  EXPECT_EQ(state(1), item_state::discarded);
  EXPECT_EQ(listed(), strings{id_of(2)});
  EXPECT_EQ(stored("WORK"), 0U);
  EXPECT_EQ(retry(id_of(1)).error().code, ec::conflict);
}

TEST_F(letter_retry, says_so_when_nats_is_away_and_sends_nothing_later) {
  bury(item(1));
  network_->restart_server(true, 10s);
  advance(1s);
  const auto got = retry(id_of(1));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::nats_unreachable) << got.error().message;
  advance(30s);
  EXPECT_EQ(state(1), item_state::dead);
  EXPECT_EQ(stored("WORK"), 0U);
}

TEST_F(letter_retry, says_that_its_letter_may_be_listed_still_when_nats_goes_away_before_the_end) {
  bury(item(1));
  const auto pending = post(letters_, retry_dead_letters{{id_of(1), {}, false}, now() + 5s});
  for (auto steps = 0; stored("KV_work_tasks") == 0 && steps < 10'000; ++steps) {
    advance(10us);
  }
  network_->restart_server(true, 10s);
  advance(6s);
  const auto got = pending.value();
  ASSERT_FALSE(got) << "nobody knows that the letter is gone";
  EXPECT_NE(got.error().message.find("is back in its queue. But it may still be on the list"),
            std::string::npos)
    << got.error().message;
  EXPECT_EQ(state(1), item_state::pending);
  advance(10s);
  EXPECT_EQ(listed(), strings{id_of(1)});
  ASSERT_TRUE(retry(id_of(1))) << "as the answer said";
  EXPECT_EQ(listed(), strings{});
  EXPECT_EQ(stored("WORK"), 1U);
}

// -- a whole capability ------------------------------------------------------------------------

TEST_F(letter_retry, of_a_capability_takes_all_that_may_be_seen) {
  auto ours = item(2);
  ours.scope = project;
  auto theirs = item(3);
  theirs.scope = elsewhere;
  bury(item(1));
  bury(ours);
  bury(theirs);
  bury(item(4, "go"));
  const auto got = retry_all("typescript");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_FALSE(got->item_id);
  EXPECT_EQ(got->capability, "typescript");
  EXPECT_EQ(got->retried, 2U);
  EXPECT_TRUE(got->failures.empty());
  EXPECT_FALSE(got->more);
  EXPECT_EQ(listed(), strings{id_of(4)});
  EXPECT_EQ(state(3), item_state::dead);
}

TEST_F(letter_retry, of_a_capability_tells_which_had_to_stay) {
  for (unsigned number = 1; number <= 20; ++number) {
    bury(item(number));
  }
  offer(item(7)); // its letter was left behind when somebody put it back
  const auto got = retry_all("TypeScript");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->retried, 19U);
  ASSERT_EQ(got->failures.size(), 1U);
  EXPECT_EQ(got->failures.front().item_id, id_of(7));
  EXPECT_FALSE(got->failures.front().reason.empty());
  EXPECT_FALSE(got->more);
}

TEST_F(letter_retry, of_a_capability_looks_at_so_many_at_once_and_says_that_there_are_more) {
  const auto many = static_cast<unsigned>(limits::dead_letters_retried_max) + 2;
  for (unsigned number = 1; number <= many; ++number) {
    bury(item(number));
  }
  const auto got = retry_all("typescript");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->retried, limits::dead_letters_retried_max);
  EXPECT_TRUE(got->more);
  const auto rest = retry_all("typescript");
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_EQ(rest->retried, 2U);
  EXPECT_FALSE(rest->more);
  EXPECT_EQ(stored("WORK"), many);
}

TEST_F(letter_retry, of_a_capability_is_not_blocked_by_those_that_have_to_stay) {
  const auto many = static_cast<unsigned>(limits::dead_letters_retried_max) + 5;
  for (unsigned number = 1; number <= many; ++number) {
    bury(item(number));
    offer(item(number)); // its letter was left behind when somebody put it back
  }
  bury(item(many + 1));
  const auto got = retry_all("typescript");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->retried, 1U);
  EXPECT_EQ(got->failed, many);
  EXPECT_EQ(got->failures.size(), limits::dead_letter_failures_named_max);
  EXPECT_FALSE(got->more);
}

TEST_F(letter_retry, of_a_capability_stops_where_nats_went_away) {
  for (unsigned number = 1; number <= 200; ++number) {
    bury(item(number));
  }
  const auto pending = post(letters_, retry_dead_letters{{{}, "typescript", false}, now() + 5s});
  for (auto steps = 0; stored("WORK") < 50 && steps < 10'000; ++steps) {
    advance(100us);
  }
  network_->restart_server(true, 1h);
  advance(6s);
  const auto got = pending.value();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->more);
  EXPECT_GE(got->retried, 1U);
  EXPECT_FALSE(got->failures.empty());
  EXPECT_LE(got->failed, limits::dead_letters_retried_at_once);
}

TEST_F(letter_retry, of_a_capability_is_refused_as_a_whole_when_nothing_can_be_done) {
  bury(item(1));
  network_->restart_server(true, 1h);
  advance(1s);
  const auto got = retry_all("typescript");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::nats_unreachable) << got.error().message;
}

} // namespace
} // namespace nats_mcp::testing
