// SPDX-License-Identifier: MIT
// Claims that wait: woken by an offer, by their next turn, or by the end of their time.
#include "tests/unit/actors/work/work_story.hpp"

#include <algorithm>

namespace nats_mcp::testing {
namespace {

class work_waits : public work_story {
protected:
  /// Longer than any claim waits for its next turn, and looks.
  static constexpr auto turn = limits::claim_poll_interval * 5 / 4 + 100ms;

  /// A claim that has looked, found nothing, and hears of what is offered.
  pending_answer<claimed> waiting(process& whose, std::chrono::milliseconds timeout = 60s,
                                  std::optional<std::string> capability = {}) {
    auto pending = post(whose.queue, claim(whose, timeout, std::move(capability)));
    advance(100ms);
    EXPECT_FALSE(pending.answered());
    return pending;
  }
};

TEST_F(work_waits, wake_with_the_offer) {
  const auto pending = waiting(bob_);
  queue(item(1));
  advance(10ms);
  EXPECT_EQ(id_in(pending.value()), id_of(1));
}

TEST_F(work_waits, wake_with_an_offer_of_this_very_process) {
  const auto pending = waiting(bob_);
  const auto offered = offers(bob_, offering("feature-1"));
  ASSERT_TRUE(offered);
  advance(10ms);
  EXPECT_EQ(id_in(pending.value()), offered->work_item_id);
}

TEST_F(work_waits, an_offer_wakes_one_of_all_that_wait) {
  const auto bobs = waiting(bob_);
  const auto anns = waiting(ann_);
  (void)requests(bob_);
  (void)requests(ann_);
  queue(item(1));
  advance(10ms);
  EXPECT_NE(bobs.answered(), anns.answered());
  const auto idle = bobs.answered() ? requests(ann_) : requests(bob_);
  EXPECT_EQ(idle, strings{}) << "the other one is left in peace";
}

TEST_F(work_waits, offers_wake_as_many_claims_of_one_process) {
  const auto first = waiting(bob_);
  const auto second = waiting(bob_);
  const auto third = waiting(bob_);
  queue(item(1));
  queue(item(2));
  advance(300ms);
  const auto answered = {first.answered(), second.answered(), third.answered()};
  EXPECT_EQ(std::count(answered.begin(), answered.end(), true), 2);
}

TEST_F(work_waits, what_needs_something_else_wakes_nobody) {
  const auto pending = waiting(bob_, 60s, "Rust");
  (void)requests(bob_);
  queue(item(1));
  advance(10ms);
  EXPECT_FALSE(pending.answered());
  EXPECT_EQ(requests(bob_), strings{});
  queue(item(2, "Rust"));
  advance(10ms);
  EXPECT_EQ(id_in(pending.value()), id_of(2));
}

TEST_F(work_waits, what_is_free_again_is_found_in_time) {
  offer(item(1));
  ASSERT_EQ(taken(ann_), id_of(1));
  const auto pending = waiting(bob_);
  ASSERT_TRUE(releases(ann_, 1));
  advance(turn);
  EXPECT_EQ(id_in(pending.value()), id_of(1));
}

TEST_F(work_waits, what_was_offered_between_look_and_wait_is_found_at_once) {
  bob_.asked->refuses = [this,
                         first = true](std::string_view line) mutable -> std::optional<error> {
    if (line.starts_with("subscribe") && std::exchange(first, false)) {
      caf::anon_send(ann_.queue, offer_work{offering("feature-1"), now() + 5s});
    }
    return std::nullopt;
  };
  const auto pending = post(bob_.queue, claim(bob_, 60s));
  advance(100ms);
  EXPECT_TRUE(pending.answered());
}

TEST_F(work_waits, end_when_their_time_is_over) {
  const auto pending = post(bob_.queue, claim(bob_, 3s));
  advance(2'999ms);
  EXPECT_FALSE(pending.answered());
  advance(100ms);
  ASSERT_TRUE(pending.value()) << pending.value().error().message;
  EXPECT_FALSE(pending.value()->work);
  EXPECT_EQ(pending.value()->waited, 3s);
}

TEST_F(work_waits, look_one_last_time) {
  bob_.asked->refuses = [](std::string_view line) {
    return line.starts_with("subscribe") ? std::optional{error{ec::permission_denied, "No.", 0}}
                                         : std::nullopt;
  };
  const auto pending = post(bob_.queue, claim(bob_, 500ms));
  advance(400ms);
  offer(item(1));
  EXPECT_FALSE(pending.answered()) << "nothing announced it";
  advance(200ms);
  EXPECT_EQ(id_in(pending.value()), id_of(1));
}

TEST_F(work_waits, get_nothing_once_they_are_withdrawn) {
  const auto pending = waiting(bob_);
  tell(bob_.queue, cancel_claim{bob_.call});
  EXPECT_EQ(pending.value().error().code, ec::cancelled);
  offer(item(1));
  advance(turn);
  EXPECT_EQ(record(1)->state, work::item_state::pending);
}

TEST_F(work_waits, give_back_what_they_were_about_to_get_when_they_are_withdrawn) {
  offer(item(1));
  const auto pending = post(bob_.queue, claim(bob_));
  run();
  bob_.asked->refuses = [this](std::string_view line) -> std::optional<error> {
    if (line.starts_with("put work_items")) {
      caf::anon_send(bob_.queue, cancel_claim{bob_.call}); // as it is being taken
    }
    return std::nullopt;
  };
  advance(1s);
  EXPECT_EQ(pending.value().error().code, ec::cancelled);
  EXPECT_EQ(held(bob_), strings{});
  EXPECT_EQ(record(1)->attempts_begun, 0U);
  EXPECT_EQ(taken(ann_), id_of(1)) << "at once";
}

TEST_F(work_waits, listen_only_while_they_wait) {
  const auto pending = waiting(bob_);
  const auto before = requests(bob_);
  EXPECT_EQ(count(before, "subscribe work.public.typescript.*"), 1U);
  EXPECT_EQ(count(before, "subscribe"), 6U) << "two capabilities and its own, in two scopes";
  tell(bob_.queue, cancel_claim{bob_.call});
  EXPECT_EQ(count(requests(bob_), "unsubscribe"), 6U);
}

TEST_F(work_waits, look_again_after_an_outage) {
  const auto pending = waiting(bob_);
  network_->disconnect(link_->process());
  queue(item(1));
  advance(turn);
  EXPECT_EQ(id_in(pending.value()), id_of(1));
}

TEST_F(work_waits, go_on_while_nats_is_away) {
  const auto pending = waiting(bob_, 60s);
  network_->restart_server(false, 20s);
  advance(20s);
  EXPECT_FALSE(pending.answered());
  advance(10s);
  queue(item(1));
  advance(turn);
  EXPECT_EQ(id_in(pending.value()), id_of(1));
}

TEST_F(work_waits, rest_between_looks_while_the_registry_is_away) {
  const auto pending = waiting(bob_);
  bob_.registry->refusal = error{ec::unavailable, "The registry restarts.", 0};
  const auto before = bob_.registry->confirmations;
  queue(item(1)); // news, whose look fails at once
  advance(4s);
  EXPECT_FALSE(pending.answered());
  EXPECT_LE(bob_.registry->confirmations - before, 5U);
  bob_.registry->refusal.reset();
  advance(turn);
  EXPECT_EQ(id_in(pending.value()), id_of(1));
}

TEST_F(work_waits, of_an_agent_that_is_lost_end_with_the_reason) {
  const auto pending = waiting(bob_);
  identity_is(bob_, "", {}, "Another process is this agent now.");
  EXPECT_EQ(pending.value().error(),
            (error{ec::conflict, "Another process is this agent now.", 0}));
  EXPECT_EQ(count(requests(bob_), "unsubscribe"), 6U);
}

TEST_F(work_waits, are_over_with_their_session) {
  const auto pending = waiting(bob_);
  tell(bob_.queue, work_claimers_gone{});
  EXPECT_EQ(pending.value().error().code, ec::cancelled);
}

TEST_F(work_waits, more_than_may_be_open_are_refused) {
  std::vector<pending_answer<claimed>> open;
  for (std::size_t i = 0; i < limits::claims_open_max; ++i) {
    open.push_back(post(bob_.queue, claim(bob_, 60s)));
  }
  run();
  const auto refused = ask(bob_.queue, claim(bob_, 60s));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::busy);
  tell(bob_.queue, work_claimers_gone{});
}

TEST_F(work_waits, a_hint_nobody_waits_for_ends_its_subscription) {
  tell(bob_.queue,
       jetstream::core_message{jetstream::subscription_id{4711}, "work.public.rust.5", {}});
  EXPECT_EQ(count(requests(bob_), "unsubscribe"), 1U);
}

} // namespace
} // namespace nats_mcp::testing
