// SPDX-License-Identifier: MIT
// The contract about what the work queue is built on: lanes that hand out whatever is in them
// however much is out, and say at once when there is nothing; looks that count what is worked on;
// refusals, removals and hints.
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/lane_facts.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

using jetstream::ack_kind;
using jetstream::pull_end;
using work::lane;

constexpr auto me = "11111111-1111-4111-8111-111111111111";
const lane urgent{"public", "node=2Ejs", 10};
const lane ordinary{"public", "node=2Ejs", 5};
const lane personal{"public", work::personal_token(me), 5};

template <class World>
class work_lanes : public gateway_contract<World> {
protected:
  static constexpr auto hold = 3'600'000ms;

  void make_queue(const jetstream::stream_config& wanted = work::work_stream({1h, 1})) {
    const auto made =
      this->world_.ask(jetstream::create_stream_request(wanted, this->world_.in(this->patience)));
    ASSERT_TRUE(made) << made.error().message;
    const auto info = jetstream::parse_stream_info(made->body);
    ASSERT_TRUE(info) << info.error().message;
    auto known = info->config;
    known.other = wanted.other;
    EXPECT_EQ(known, wanted) << "the server took it as it is meant";
  }

  static jetstream::durable_consumer consumer_of(const lane& where,
                                                 std::chrono::milliseconds ack_wait) {
    return work::lane_consumer(where, ack_wait, hold);
  }

  result<json::value> open_lane(const lane& where, std::chrono::milliseconds ack_wait = 30'000ms) {
    return this->world_
      .ask(jetstream::create_consumer_request(consumer_of(where, ack_wait),
                                              this->world_.in(this->patience)))
      .and_then([](const jetstream::api_reply& reply) { return json::parse(reply.body); });
  }

  void offer(const lane& where, const strings& texts) {
    this->store(texts, work::lane_subject(where));
  }

  jetstream::pull pull_of(const lane& where, std::uint32_t batch = 1) {
    return {"WORK", consumer_of(where, 1ms).name, batch, 0ms, 0, this->world_.in(this->patience)};
  }

  /// What a pull that does not wait finds.
  jetstream::pull_result look(const lane& where, std::uint32_t batch = 1) {
    const auto pulled = this->world_.ask(pull_of(where, batch));
    EXPECT_TRUE(pulled) << pulled.error().message;
    return pulled.value_or(jetstream::pull_result{});
  }

  /// Waits for what is in the lane sooner or later.
  jetstream::delivery take(const lane& where) { return this->next(consumer_of(where, 1ms).name); }

  /// The lanes with something in them, as `<subject>: <number>`.
  strings waiting(const std::string& scope, const std::string& token) {
    const auto reply =
      this->world_.ask(work::waiting_lanes_request(scope, token, this->world_.in(this->patience)));
    const auto lanes =
      reply.and_then([](const auto& answer) { return work::parse_waiting_lanes(answer.body); });
    if (!lanes) {
      return {lanes.error().message};
    }
    strings found;
    for (const auto& one : lanes->asked_for) {
      found.push_back(work::lane_subject(one.where) + ": " + std::to_string(one.messages));
    }
    return found;
  }

  /// What there is to see of a lane.
  work::lane_facts facts_of(const lane& where) {
    const auto deadline = this->world_.in(this->patience);
    const auto stream = this->world_.ask(work::lane_stream_request(where, deadline));
    auto out = stream.and_then(
      [&](const auto& reply) { return work::read_stream_facts(where, reply.body); });
    const auto consumer = this->world_.ask(work::lane_consumer_request(where, deadline));
    EXPECT_TRUE(out && work::add_consumer_facts(*out, consumer));
    return out.value_or(work::lane_facts{});
  }
  /// Which of the messages 1 to 4 nobody will ever be handed.
  std::vector<int> gone(const lane& where) {
    const auto facts = facts_of(where);
    std::vector<int> out;
    for (int sequence = 1; sequence <= 4; ++sequence) {
      if (work::is_gone(static_cast<std::uint64_t>(sequence), facts)) {
        out.push_back(sequence);
      }
    }
    return out;
  }
};
TYPED_TEST_SUITE(work_lanes, worlds, world_name);

// -- what a lane is ----------------------------------------------------------------------------

TYPED_TEST(work_lanes, are_made_as_they_are_meant_whatever_their_capability) {
  this->make_queue();
  for (const auto& where : {urgent, personal, lane{"public", "c=2B=2B", 1}}) {
    const auto made = this->open_lane(where, 7'000ms);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(at(*made, "/config/filter_subject"), work::lane_subject(where));
    EXPECT_EQ(at(*made, "/config/ack_wait"), ns(7'000ms));
    EXPECT_EQ(at(*made, "/config/max_ack_pending"), -1);
    EXPECT_EQ(at(*made, "/config/max_deliver"), -1);
    EXPECT_GT(at(*made, "/config/inactive_threshold"), ns(this->hold));
  }
}

TYPED_TEST(work_lanes, lie_beside_each_other_in_one_queue) {
  this->make_queue();
  for (const auto& where : {urgent, ordinary, personal}) {
    ASSERT_TRUE(this->open_lane(where));
    this->offer(where, {work::lane_subject(where)});
  }
  const auto mine = this->post(this->pull_of(personal));
  const auto first = this->post(this->pull_of(urgent));
  const auto second = this->post(this->pull_of(ordinary));
  ASSERT_TRUE(this->world_.until(
    10s, [&] { return mine.answered() && first.answered() && second.answered(); }));
  std::uint64_t sequence = 0;
  for (const auto& [pulled, where] :
       {std::pair{first, urgent}, std::pair{second, ordinary}, std::pair{mine, personal}}) {
    ASSERT_TRUE(pulled.value());
    ASSERT_EQ(payloads(pulled.value()->deliveries), strings{work::lane_subject(where)});
    EXPECT_EQ(pulled.value()->deliveries[0].stream_sequence, ++sequence) << "the oldest is known";
  }
}

TYPED_TEST(work_lanes, hand_out_more_than_a_server_would_by_itself) {
  constexpr std::size_t many = 1'100; // a consumer's max_ack_pending is 1 000 unless it says more
  this->make_queue();
  ASSERT_TRUE(this->open_lane(ordinary));
  std::vector<posted<jetstream::publish_receipt>> stored;
  for (std::size_t i = 0; i < many; ++i) {
    stored.push_back(this->post(jetstream::publish{
      work::lane_subject(ordinary), "item", {}, {}, this->world_.in(this->patience)}));
  }
  ASSERT_TRUE(this->world_.until(30s, [&] { return stored.back().answered(); }));
  ASSERT_TRUE(this->world_.until(10s, [&] { return this->messages_in("WORK") == many; }));
  std::size_t out = 0;
  while (out < many) {
    const auto got = this->look(ordinary, 100).deliveries.size();
    ASSERT_GT(got, 0U) << "after " << out;
    out += got;
  }
  EXPECT_EQ(this->look(ordinary).end, pull_end::no_messages);
}

// -- looking -----------------------------------------------------------------------------------

TYPED_TEST(work_lanes, are_counted_whichever_are_listed) {
  this->make_queue();
  this->offer(urgent, {"one", "two"});
  this->offer(ordinary, {"three"});
  this->offer(personal, {"of one agent"});
  for (const auto token : {std::string_view{personal.token}, work::any_token}) {
    const auto reply = this->world_.ask(
      work::waiting_lanes_request(work::any_scope, token, this->world_.in(this->patience)));
    ASSERT_TRUE(reply);
    const auto lanes = work::parse_waiting_lanes(reply->body);
    ASSERT_TRUE(lanes);
    EXPECT_EQ(lanes->asked_for.size(), token == work::any_token ? 3U : 1U);
    EXPECT_EQ(lanes->in_all, 3U);
  }
}

TYPED_TEST(work_lanes, are_listed_with_what_is_waiting_and_worked_on) {
  this->make_queue();
  ASSERT_TRUE(this->open_lane(urgent));
  this->offer(urgent, {"one", "two"});
  this->offer(ordinary, {"three"});
  this->offer({"public", "node=2Ejs=2B", 5}, {"of another capability"});
  this->offer({"0123456789abcdef", "node=2Ejs", 5}, {"of a project"});
  this->offer(personal, {"of one agent"});
  const strings all{"work.public.node=2Ejs.10: 2", "work.public.node=2Ejs.5: 1"};
  EXPECT_EQ(this->waiting("public", "node=2Ejs"), all) << "the most urgent first";
  const auto held = this->take(urgent);
  EXPECT_EQ(this->waiting("public", "node=2Ejs"), all) << "what is worked on counts";
  ASSERT_TRUE(this->settle(held, ack_kind::ack));
  ASSERT_TRUE(this->world_.until(10s, [&] {
    return this->waiting("public", "node=2Ejs")
           == strings{"work.public.node=2Ejs.10: 1", "work.public.node=2Ejs.5: 1"};
  }));
  EXPECT_EQ(this->waiting("public", personal.token), strings{work::lane_subject(personal) + ": 1"});
  EXPECT_EQ(this->waiting("0123456789abcdef", "node=2Ejs"),
            strings{"work.0123456789abcdef.node=2Ejs.5: 1"});
  EXPECT_EQ(this->waiting("public", "cobol"), strings{});
}

TYPED_TEST(work_lanes, say_at_once_that_everything_is_out) {
  this->make_queue();
  ASSERT_TRUE(this->open_lane(ordinary));
  this->offer(ordinary, {"held", "refused"});
  (void)this->take(ordinary);
  ASSERT_TRUE(this->settle(this->take(ordinary), ack_kind::nak, 20'000ms));
  const auto looked = this->look(ordinary);
  EXPECT_TRUE(looked.deliveries.empty());
  EXPECT_EQ(looked.end, pull_end::no_messages) << "and not silence, which costs time";
}

TYPED_TEST(work_lanes, hand_an_item_out_again_though_a_longer_delay_was_asked_for_before_it) {
  this->make_queue();
  ASSERT_TRUE(this->open_lane(ordinary, 100ms));
  this->offer(ordinary, {"late", "soon"});
  const auto late = this->take(ordinary);
  const auto soon = this->take(ordinary);
  const auto refused = this->world_.now();
  ASSERT_TRUE(this->settle(late, ack_kind::nak, 1'000ms));
  ASSERT_TRUE(this->settle(soon, ack_kind::nak, 300ms));
  EXPECT_EQ(this->take(ordinary).payload, "soon");
  EXPECT_GE(this->world_.now() - refused, 300ms);
  ASSERT_TRUE(this->world_.until(
    10s, [&] { return payloads(this->look(ordinary, 2).deliveries) == strings{"late"}; }));
  EXPECT_GE(this->world_.now() - refused, 1'000ms);
}

TYPED_TEST(work_lanes, hand_out_at_once_what_is_refused_after_a_delay_was_asked_for) {
  this->make_queue();
  ASSERT_TRUE(this->open_lane(ordinary));
  this->offer(ordinary, {"one"});
  const auto first = this->take(ordinary);
  ASSERT_TRUE(this->settle(first, ack_kind::nak, 20'000ms));
  ASSERT_TRUE(this->settle(first, ack_kind::nak));
  EXPECT_EQ(this->take(ordinary).delivery_count, 2U) << "a late refusal ends the rest";
}

// -- removing ----------------------------------------------------------------------------------

TYPED_TEST(work_lanes, never_hand_out_again_what_was_deleted_while_it_was_out) {
  this->make_queue();
  ASSERT_TRUE(this->open_lane(ordinary, 100ms));
  this->offer(ordinary, {"cancelled", "other"});
  const auto held = this->take(ordinary);
  const auto deletion =
    work::delete_message_request("WORK", held.stream_sequence, this->world_.in(this->patience));
  ASSERT_TRUE(this->world_.ask(deletion));
  const auto again = this->world_.ask(deletion);
  ASSERT_FALSE(again) << "it is gone already";
  EXPECT_NE(again.error().jetstream_code, 0) << "in words that differ: " << again.error().message;
  EXPECT_EQ(this->waiting("public", ordinary.token), strings{work::lane_subject(ordinary) + ": 1"});
  // Whatever its holder still says, and whenever.
  EXPECT_TRUE(this->settle(held, ack_kind::in_progress));
  EXPECT_TRUE(this->settle(held, ack_kind::nak));
  for (std::uint64_t count = 1; count <= 3; ++count) {
    const auto next = this->take(ordinary);
    EXPECT_EQ(next.payload, "other");
    EXPECT_EQ(next.delivery_count, count);
  }
}

TYPED_TEST(work_lanes, lose_what_was_deleted_while_its_refusal_lasted) {
  this->make_queue();
  ASSERT_TRUE(this->open_lane(ordinary));
  this->offer(ordinary, {"cancelled"});
  const auto held = this->take(ordinary);
  ASSERT_TRUE(this->settle(held, ack_kind::nak, 200ms));
  ASSERT_TRUE(this->world_.ask(
    work::delete_message_request("WORK", held.stream_sequence, this->world_.in(this->patience))));
  const auto nothing = this->pull(this->consumer_of(ordinary, 1ms).name, 1, 500ms);
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->deliveries.empty());
  EXPECT_EQ(this->waiting("public", ordinary.token), strings{});
}

// -- refusing ----------------------------------------------------------------------------------

TYPED_TEST(work_lanes, refuse_what_the_queue_has_no_room_for) {
  auto small = work::work_stream({1h, 1});
  small.max_bytes = 2'000;
  this->make_queue(small);
  ASSERT_TRUE(this->open_lane(ordinary));
  const std::string large(700, 'x');
  this->offer(ordinary, {large, large});
  const auto refused = this->publish(work::lane_subject(urgent), large);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::limit_exceeded);
  EXPECT_EQ(refused.error().jetstream_code, 10077);
  EXPECT_FALSE(jetstream::is_subject_full(refused.error())) << "the whole queue is";
  const auto both = this->look(ordinary, 2);
  ASSERT_EQ(both.deliveries.size(), 2U) << "nothing was dropped for it";
  ASSERT_TRUE(this->settle(both.deliveries[0], ack_kind::ack));
  ASSERT_TRUE(this->world_.until(
    10s, [&] { return this->publish(work::lane_subject(urgent), large).has_value(); }))
    << "there is room again";
}

// -- whether a message is still to be delivered ---------------------------------------------------

TYPED_TEST(work_lanes, tell_what_is_settled_from_what_waits_and_what_is_worked_on) {
  this->make_queue();
  this->offer(ordinary, {"1", "2", "3"});
  EXPECT_EQ(this->gone(ordinary), std::vector{4}) << "without a consumer, by the stream";
  ASSERT_TRUE(this->open_lane(ordinary));
  EXPECT_EQ(this->gone(ordinary), std::vector{4});
  const auto first = this->take(ordinary);
  const auto second = this->take(ordinary);
  EXPECT_EQ(this->gone(ordinary), std::vector{4}) << "somebody has them";
  ASSERT_TRUE(this->settle(first, ack_kind::ack));
  EXPECT_EQ(this->gone(ordinary), (std::vector{1, 4}));
  ASSERT_TRUE(this->settle(second, ack_kind::nak));
  EXPECT_EQ(this->gone(ordinary), (std::vector{1, 4})) << "it comes again";
}

TYPED_TEST(work_lanes, tell_that_everything_is_gone_when_they_were_purged) {
  this->make_queue();
  ASSERT_TRUE(this->open_lane(ordinary));
  this->offer(ordinary, {"1", "2"});
  (void)this->take(ordinary);
  ASSERT_TRUE(this->world_.ask(jetstream::api_request{
    "STREAM.PURGE.WORK", {}, jetstream::repeatable::yes, this->world_.in(this->patience)}));
  EXPECT_EQ(this->gone(ordinary), (std::vector{1, 2, 3, 4}));
  this->offer(ordinary, {"3"});
  EXPECT_EQ(this->gone(ordinary), (std::vector{1, 2, 4}));
}

// -- waking ------------------------------------------------------------------------------------

TYPED_TEST(work_lanes, wake_one_of_those_who_wait_for_any_priority) {
  this->make_queue();
  auto heard = std::make_shared<hearing>();
  const auto listener = this->world_.listen(heard);
  const auto pattern = work::lanes_pattern("public", "node=2Ejs");
  ASSERT_TRUE(this->subscribe(listener, 1, pattern, "wake"));
  ASSERT_TRUE(this->subscribe(listener, 2, pattern, "wake"));
  ASSERT_TRUE(this->subscribe(listener, 3, "work.public.end.*", "wake"));
  this->offer(urgent, {"one"});
  this->offer(ordinary, {"two"});
  this->offer({"public", "node", 5}, {"of another capability"});
  this->offer({"public", "end", 5}, {"end"});
  const auto subjects = [&] {
    strings all;
    for (const auto& one : heard->messages()) {
      all.push_back(one.subject);
    }
    return all;
  };
  ASSERT_TRUE(this->world_.until(5s, [&] { return subjects().size() == 3; }));
  EXPECT_EQ(subjects(), (strings{work::lane_subject(urgent), work::lane_subject(ordinary),
                                 "work.public.end.5"}))
    << "the hint names its lane";
}

TYPED_TEST(work_lanes, wake_for_what_is_not_stored_too) {
  this->make_queue();
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->subscribe(this->world_.listen(heard), 1,
                              work::lanes_pattern("public", ordinary.token), "wake"));
  ASSERT_TRUE(this->publish(work::lane_subject(ordinary), "item", "item-g1"));
  const auto repeated = this->publish(work::lane_subject(ordinary), "item", "item-g1");
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->duplicate);
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->messages().size() == 2; }));
  EXPECT_EQ(this->messages_in("WORK"), 1U) << "a hint is no promise";
}

} // namespace
} // namespace nats_mcp::testing
