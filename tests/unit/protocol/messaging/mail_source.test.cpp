// SPDX-License-Identifier: MIT
#include "protocol/messaging/mail_source.hpp"

#include "protocol/limits.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace nats_mcp::messaging::mail_source_test {
namespace {

using namespace std::chrono_literals;
using jetstream::pull_end;
using purpose = mail_source::purpose;

constexpr auto me = "11111111-1111-4111-8111-111111111111";
constexpr auto ann = "22222222-2222-4222-8222-222222222222";

jetstream::consumer_state state(std::uint64_t pending, std::uint64_t ack_pending = 0) {
  return {pending, ack_pending, 0, 5min};
}

class source : public ::testing::Test {
protected:
  /// A source whose consumer was seen, with `pending` messages in it.
  void seen(std::uint64_t pending = 0) {
    (void)source_.begin({purpose::count, 1});
    (void)source_.described(state(pending), {0, 0});
  }
  void hold(std::uint64_t sequence, std::size_t bytes = 1) {
    jetstream::delivery one;
    one.subject = inbox_subject(me, ann);
    one.payload = std::string(bytes, 'x');
    one.stream_sequence = sequence;
    (void)mail_.add(one, me);
  }

  held_mail mail_{{4, 1000, 10}};
  mail_source source_{&mail_};
};

TEST(mail_reader, is_a_durable_consumer_that_outlives_its_messages) {
  const auto reader = inbox_reader(me);
  EXPECT_EQ(reader.stream, "AGENT_INBOX");
  EXPECT_EQ(reader.name, std::string{"inbox-"} + me);
  EXPECT_EQ(reader.filter_subject, std::string{"inbox."} + me + ".*");
  EXPECT_EQ(reader.ack_wait, 5min);
  EXPECT_EQ(reader.max_ack_pending, 100'000);
  EXPECT_EQ(reader.inactive_threshold, std::chrono::days{8});
}

TEST_F(source, looks_once_more_when_it_is_doubted_while_it_looks) {
  seen();
  (void)source_.begin({purpose::count, 1});
  source_.distrust();
  EXPECT_EQ(source_.described(state(0), {0, 0}), mail_step::describe);
  EXPECT_FALSE(source_.trusted());
  EXPECT_EQ(source_.described(state(0), {0, 0}), mail_step::finish);
  EXPECT_TRUE(source_.trusted());
}

TEST_F(source, does_not_look_for_ever_however_often_it_is_doubted) {
  (void)source_.begin({purpose::count, 1});
  auto step = mail_step::describe;
  for (unsigned i = 0; i <= limits::mail_troubles_max && step == mail_step::describe; ++i) {
    source_.distrust();
    step = source_.described(state(0), {0, 0});
  }
  EXPECT_EQ(step, mail_step::give_up);
}

TEST_F(source, makes_a_consumer_only_after_it_was_found_missing) {
  EXPECT_EQ(source_.begin({purpose::fetch, 10}), mail_step::ensure_stream);
  EXPECT_EQ(source_.stream_is_there(), mail_step::describe);
  EXPECT_EQ(source_.consumer_missing(), mail_step::make);
  EXPECT_EQ(source_.described(state(2), {0, 0}), mail_step::pull);
  EXPECT_TRUE(source_.trusted());
}

TEST_F(source, pulls_at_once_when_the_consumer_is_known) {
  seen();
  EXPECT_EQ(source_.begin({purpose::fetch, 3}), mail_step::pull);
  EXPECT_EQ(source_.next_pull().batch, 3U);
  EXPECT_EQ(source_.next_pull().expires, 0ms);
}

TEST_F(source, never_asks_for_more_than_there_is_room_for) {
  seen();
  hold(1);
  (void)source_.begin({purpose::fetch, 100});
  EXPECT_EQ(source_.next_pull().batch, 3U);
  EXPECT_EQ(source_.next_pull().bytes_max, 999U);
}

TEST_F(source, asks_for_nothing_without_room) {
  seen(5);
  for (const std::uint64_t sequence : {1U, 2U, 3U, 4U}) {
    hold(sequence);
  }
  EXPECT_EQ(source_.begin({purpose::fetch, 10}), mail_step::finish);
  EXPECT_EQ(source_.pending(), 5U);
}

TEST_F(source, goes_on_while_more_is_there_and_somebody_wants_it) {
  seen(5);
  (void)source_.begin({purpose::fetch, 1});
  EXPECT_EQ(source_.pulled(pull_end::batch_full, 1, 4, mail_demand::open), mail_step::pull);
  EXPECT_EQ(source_.pulled(pull_end::batch_full, 1, 3, mail_demand::met), mail_step::finish);
  EXPECT_EQ(source_.pending(), 3U);
}

TEST_F(source, looks_for_lost_deliveries_before_it_finds_nothing) {
  seen();
  (void)source_.begin({purpose::fetch, 10});
  EXPECT_EQ(source_.pulled(pull_end::no_messages, 0, 0, mail_demand::nothing_yet),
            mail_step::describe);
  EXPECT_EQ(source_.described(state(0), {0, 0}), mail_step::finish);
}

TEST_F(source, believes_an_empty_pull_when_everybody_has_something) {
  seen();
  (void)source_.begin({purpose::fetch, 10});
  EXPECT_EQ(source_.pulled(pull_end::no_messages, 0, 0, mail_demand::open), mail_step::finish);
}

TEST_F(source, makes_the_consumer_anew_when_others_hold_its_deliveries) {
  (void)source_.begin({purpose::count, 1});
  (void)source_.stream_is_there();
  EXPECT_EQ(source_.described(state(1, 3), {0, 0}), mail_step::remove);
  EXPECT_EQ(source_.removed(), mail_step::make);
  EXPECT_EQ(source_.described(state(4), {0, 0}), mail_step::finish);
  EXPECT_EQ(source_.pending(), 4U);
}

TEST_F(source, makes_it_anew_when_a_delivery_was_lost_on_the_way) {
  seen();
  hold(1);
  (void)source_.begin({purpose::fetch, 10});
  (void)source_.pulled(pull_end::no_messages, 0, 0, mail_demand::nothing_yet);
  EXPECT_EQ(source_.described(state(0, 2), {1, 1}), mail_step::remove);
  mail_.forget_unread(me);
  EXPECT_EQ(source_.removed(), mail_step::make);
  EXPECT_EQ(source_.described(state(2), {0, 0}), mail_step::pull);
}

TEST_F(source, has_what_was_read_acknowledged_before_it_takes_a_delivery_for_lost) {
  seen();
  (void)source_.begin({purpose::fetch, 10});
  (void)source_.pulled(pull_end::no_messages, 0, 0, mail_demand::nothing_yet);
  EXPECT_EQ(source_.described(state(0, 1), {0, 3}), mail_step::acknowledge);
  EXPECT_EQ(source_.acknowledged(), mail_step::describe);
  EXPECT_EQ(source_.described(state(0, 0), {0, 0}), mail_step::finish) << "that was all";
}

TEST_F(source, finds_a_lost_delivery_behind_acknowledgements_whose_answers_were_lost) {
  seen();
  (void)source_.begin({purpose::fetch, 10});
  (void)source_.pulled(pull_end::no_messages, 0, 0, mail_demand::nothing_yet);
  ASSERT_EQ(source_.described(state(0, 1), {0, 3}), mail_step::acknowledge);
  (void)source_.acknowledged();
  EXPECT_EQ(source_.described(state(0, 1), {0, 0}), mail_step::remove);
}

TEST_F(source, does_not_stay_in_doubt_when_nothing_can_be_acknowledged) {
  seen();
  (void)source_.begin({purpose::count, 1});
  ASSERT_EQ(source_.described(state(0, 1), {0, 3}), mail_step::acknowledge);
  (void)source_.acknowledged();
  EXPECT_EQ(source_.described(state(0, 1), {0, 3}), mail_step::remove);
}

TEST_F(source, makes_it_anew_again_when_what_it_pulled_then_did_not_come) {
  seen();
  (void)source_.begin({purpose::fetch, 10});
  (void)source_.pulled(pull_end::no_messages, 0, 0, mail_demand::nothing_yet);
  ASSERT_EQ(source_.described(state(0, 1), {0, 0}), mail_step::remove);
  ASSERT_EQ(source_.described(state(1), {0, 0}), mail_step::pull);
  (void)source_.pulled(pull_end::silence, 0, 0, mail_demand::nothing_yet);
  EXPECT_EQ(source_.described(state(0, 1), {0, 0}), mail_step::remove);
}

TEST_F(source, looks_again_when_the_end_of_a_pull_came_without_the_delivery) {
  (void)source_.begin({purpose::fetch, 10});
  ASSERT_EQ(source_.described(state(1), {0, 0}), mail_step::pull);
  EXPECT_EQ(source_.pulled(pull_end::expired, 0, 0, mail_demand::nothing_yet), mail_step::describe);
  EXPECT_EQ(source_.described(state(0, 1), {0, 0}), mail_step::remove);
  EXPECT_EQ(source_.described(state(1), {0, 0}), mail_step::pull);
  EXPECT_EQ(source_.pulled(pull_end::expired, 0, 0, mail_demand::nothing_yet), mail_step::describe);
  EXPECT_EQ(source_.described(state(0, 1), {0, 0}), mail_step::remove) << "lost once more";
}

TEST_F(source, gives_up_on_a_consumer_that_never_hands_out_what_it_has) {
  (void)source_.begin({purpose::fetch, 10});
  auto step = source_.described(state(1), {0, 0});
  for (unsigned tries = 0; tries <= limits::mail_troubles_max; ++tries) {
    ASSERT_EQ(step, mail_step::pull);
    step = source_.pulled(pull_end::expired, 0, 0, mail_demand::nothing_yet);
    if (step == mail_step::describe) {
      step = source_.described(state(1), {0, 0});
    }
  }
  EXPECT_EQ(step, mail_step::give_up) << "rather than that there is nothing";
}

TEST_F(source, makes_it_anew_when_a_delivery_was_lost_among_others_again) {
  seen(2);
  (void)source_.begin({purpose::fetch, 10});
  for (int lost = 0; lost < 2; ++lost) {
    EXPECT_EQ(source_.pulled(pull_end::no_messages, 1, 0, mail_demand::nothing_yet),
              mail_step::describe);
    ASSERT_EQ(source_.described(state(0, 2), {1, 1}), mail_step::remove);
    ASSERT_EQ(source_.removed(), mail_step::make);
    ASSERT_EQ(source_.described(state(2), {0, 0}), mail_step::pull);
  }
}

/// Somebody else pulls as well.
TEST_F(source, makes_it_anew_a_few_times_in_a_round_and_does_not_say_then_that_nothing_is_there) {
  (void)source_.begin({purpose::fetch, 1});
  auto step = mail_step::remove;
  int times = 0;
  while (step == mail_step::remove) {
    step = source_.described(state(0, 1), {0, 0});
    times += step == mail_step::remove ? 1 : 0;
  }
  EXPECT_EQ(times, 3);
  EXPECT_EQ(step, mail_step::give_up);
}

TEST_F(source, counts_what_it_can_where_somebody_else_pulls_as_well) {
  (void)source_.begin({purpose::count, 1});
  auto step = mail_step::remove;
  while (step == mail_step::remove) {
    step = source_.described(state(0, 1), {0, 0});
  }
  EXPECT_EQ(step, mail_step::finish);
}

TEST_F(source, fetches_what_is_in_answers_after_it_made_the_consumer_anew) {
  hold(1);
  (void)mail_.take(call_id{1}, {}, {1});
  (void)source_.begin({purpose::count, 1});
  ASSERT_EQ(source_.described(state(0, 2), {1, 1}), mail_step::remove);
  mail_.forget_unread(me);
  ASSERT_EQ(source_.removed(), mail_step::make);
  EXPECT_EQ(source_.described(state(2), {1, 1}), mail_step::pull)
    << "else it would be counted twice";
  EXPECT_EQ(source_.pulled(pull_end::batch_full, 1, 1, mail_demand::met), mail_step::pull);
  EXPECT_EQ(source_.pulled(pull_end::batch_full, 1, 0, mail_demand::met), mail_step::finish);
}

TEST_F(source, waits_a_moment_for_a_message_that_was_announced) {
  seen();
  EXPECT_EQ(source_.begin({purpose::announced, 10}), mail_step::pull);
  EXPECT_EQ(source_.next_pull().batch, 1U);
  EXPECT_EQ(source_.next_pull().expires, limits::mail_announced_max);
  EXPECT_EQ(source_.pulled(pull_end::batch_full, 1, 2, mail_demand::open), mail_step::pull);
  EXPECT_EQ(source_.next_pull().expires, 0ms);
  EXPECT_EQ(source_.next_pull().batch, 4U);
}

TEST_F(source, fetches_what_a_consumer_made_anew_counts_though_it_is_held) {
  hold(1);
  (void)source_.begin({purpose::count, 1});
  ASSERT_EQ(source_.consumer_missing(), mail_step::make);
  EXPECT_EQ(source_.described(state(1), {0, 0}), mail_step::pull);
}

TEST_F(source, fetches_it_in_the_next_round_when_the_first_did_not_get_to_the_end) {
  hold(1);
  (void)source_.begin({purpose::count, 1});
  ASSERT_EQ(source_.consumer_missing(), mail_step::make);
  source_.distrust(); // the consumer was made, and the answer was lost
  (void)source_.begin({purpose::count, 1});
  EXPECT_EQ(source_.described(state(2), {0, 0}), mail_step::pull);
  EXPECT_EQ(source_.pulled(pull_end::batch_full, 2, 0, mail_demand::met), mail_step::finish);
  (void)source_.begin({purpose::count, 1});
  EXPECT_EQ(source_.described(state(3), {2, 2}), mail_step::finish) << "that is not held";
}

TEST_F(source, ends_when_an_announced_message_never_comes) {
  seen();
  (void)source_.begin({purpose::announced, 10});
  EXPECT_EQ(source_.pulled(pull_end::expired, 0, 0, mail_demand::nothing_yet), mail_step::finish);
}

TEST_F(source, fetches_a_message_larger_than_its_room_alone) {
  seen(2);
  hold(1, 900);
  (void)source_.begin({purpose::fetch, 10});
  EXPECT_EQ(source_.pulled(pull_end::bytes_full, 0, 0, mail_demand::nothing_yet), mail_step::pull);
  EXPECT_EQ(source_.next_pull().batch, 1U);
  EXPECT_EQ(source_.next_pull().bytes_max, 0U) << "no bound";
}

TEST_F(source, looks_at_a_consumer_that_says_nothing) {
  for (const auto end : {pull_end::silence, pull_end::disconnected, pull_end::no_responders,
                         pull_end::consumer_gone}) {
    seen(1);
    (void)source_.begin({purpose::fetch, 10});
    EXPECT_EQ(source_.pulled(end, 0, 0, mail_demand::nothing_yet), mail_step::ensure_stream);
    EXPECT_FALSE(source_.trusted());
    EXPECT_EQ(source_.consumer_missing(), mail_step::make);
    EXPECT_EQ(source_.described(state(1), {0, 0}), mail_step::pull);
  }
}

TEST_F(source, gives_up_on_a_consumer_that_never_says_anything) {
  seen(1);
  (void)source_.begin({purpose::fetch, 10});
  auto step = mail_step::pull;
  for (unsigned tries = 0; tries <= limits::mail_troubles_max; ++tries) {
    ASSERT_NE(step, mail_step::give_up);
    step = source_.pulled(pull_end::silence, 0, 0, mail_demand::nothing_yet);
    (void)source_.described(state(1), {0, 0});
  }
  EXPECT_EQ(step, mail_step::give_up);
}

TEST_F(source, makes_the_stream_anew_when_it_was_deleted) {
  seen(1);
  (void)source_.begin({purpose::count, 1});
  EXPECT_EQ(source_.stream_missing(), mail_step::ensure_stream_again);
  EXPECT_EQ(source_.stream_is_there(), mail_step::describe);
}

} // namespace
} // namespace nats_mcp::messaging::mail_source_test
