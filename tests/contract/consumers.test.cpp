// SPDX-License-Identifier: MIT
// The contract about consumers: where they begin, what they select, how long they live, and which
// of them a work queue admits beside each other.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

template <class World>
class consumers : public gateway_contract<World> {
protected:
  /// The answer to a request for a consumer that is no durable; an empty name lets the server
  /// choose.
  result<json::value> create_ephemeral(const std::string& name, const json::value& config) {
    return this->api("CONSUMER.CREATE.WORK" + (name.empty() ? "" : "." + name),
                     {{"stream_name", "WORK"}, {"config", config}});
  }

  void make_work_queue() { this->make_stream("WORK", {{"retention", "workqueue"}}); }

  int refused(const std::string& name, const json::value& config) {
    const auto made = this->create(name, config);
    return made ? 0 : made.error().jetstream_code;
  }

  bool exists(const std::string& name) {
    return this->refusal("CONSUMER.INFO.WORK." + name) != 10014;
  }

  static constexpr auto threshold = 300ms;
};
TYPED_TEST_SUITE(consumers, worlds, world_name);

TYPED_TEST(consumers, a_filter_selects_its_subjects) {
  this->make_stream("WORK");
  this->make_consumer("literal", {{"filter_subject", "WORK.a"}});
  this->make_consumer("pattern", {{"filter_subject", "WORK.*.x"}});
  for (const auto* subject : {"WORK.a", "WORK.b", "WORK.a.x", "WORK.b.x", "WORK.b.x.y"}) {
    this->store({subject}, subject);
  }
  EXPECT_EQ(this->pull_now("literal", 9), strings{"WORK.a"});
  EXPECT_EQ(this->pull_now("pattern", 9), (strings{"WORK.a.x", "WORK.b.x"}));
}

TYPED_TEST(consumers, everyone_of_them_reads_the_whole_stream) {
  this->make_stream("WORK");
  this->make_consumer("one");
  this->make_consumer("two");
  this->store({"m"});
  ASSERT_TRUE(this->settle(this->next("one"), jetstream::ack_kind::ack));
  EXPECT_EQ(this->next("two").payload, "m");
}

TYPED_TEST(consumers, a_durable_stays_where_it_stands) {
  this->make_stream("WORK");
  this->make_consumer("reader");
  this->store({"one", "two", "three"});
  ASSERT_TRUE(this->settle(this->next("reader"), jetstream::ack_kind::ack));
  EXPECT_EQ(this->next("reader").payload, "two");
  const auto info = this->api("CONSUMER.INFO.WORK.reader");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(at(*info, "/num_pending"), 1);
  EXPECT_EQ(at(*info, "/num_ack_pending"), 1);
  EXPECT_EQ(at(*info, "/ack_floor/stream_seq"), 1);
  EXPECT_EQ(at(*info, "/delivered/stream_seq"), 2);
}

TYPED_TEST(consumers, one_made_anew_begins_at_the_beginning) {
  this->make_stream("WORK");
  this->make_consumer("reader");
  this->store({"one"});
  ASSERT_TRUE(this->settle(this->next("reader"), jetstream::ack_kind::ack));
  ASSERT_TRUE(this->api("CONSUMER.DELETE.WORK.reader"));
  EXPECT_EQ(this->refusal("CONSUMER.INFO.WORK.reader"), 10014);
  this->make_consumer("reader");
  const auto again = this->next("reader");
  EXPECT_EQ(again.payload, "one");
  EXPECT_EQ(again.delivery_count, 1U);
}

TYPED_TEST(consumers, an_ephemeral_gets_a_name_and_reads) {
  this->make_stream("WORK");
  this->store({"one"});
  const auto made = this->create_ephemeral({}, {{"ack_policy", "explicit"}});
  ASSERT_TRUE(made) << made.error().message;
  const auto name = std::string{json::text_member(*made, "name")};
  ASSERT_FALSE(name.empty());
  EXPECT_EQ(at(*made, "/num_pending"), 1);
  EXPECT_EQ(at(*made, "/config/inactive_threshold"), ns(5s));
  EXPECT_EQ(this->next(name).payload, "one");
}

TYPED_TEST(consumers, an_unused_one_disappears_after_its_threshold) {
  this->make_stream("WORK");
  const auto began = this->world_.now();
  ASSERT_TRUE(this->create_ephemeral(
    "reader", {{"name", "reader"}, {"inactive_threshold", ns(this->threshold)}}));
  this->make_consumer("durable", {{"inactive_threshold", ns(this->threshold)}});
  ASSERT_TRUE(
    this->world_.until(10s, [&] { return !this->exists("reader") && !this->exists("durable"); }));
  EXPECT_GE(this->world_.now() - began, this->threshold);
}

TYPED_TEST(consumers, one_that_is_waited_on_stays) {
  this->make_stream("WORK");
  this->make_consumer("reader", {{"inactive_threshold", ns(this->threshold)}});
  const auto pulled = this->pull("reader", 1, 2 * this->threshold);
  ASSERT_TRUE(pulled);
  EXPECT_EQ(pulled->end, jetstream::pull_end::expired);
  EXPECT_TRUE(this->exists("reader"));
}

TYPED_TEST(consumers, one_begins_at_a_sequence_of_its_subject) {
  this->make_stream("WORK");
  for (const auto* subject : {"WORK.a", "WORK.b", "WORK.a", "WORK.b", "WORK.a"}) {
    this->store({subject}, subject);
  }
  const auto made = this->create_ephemeral("reader", {{"name", "reader"},
                                                      {"ack_policy", "none"},
                                                      {"deliver_policy", "by_start_sequence"},
                                                      {"opt_start_seq", 2},
                                                      {"filter_subject", "WORK.a"},
                                                      {"mem_storage", true}});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(at(*made, "/num_pending"), 2);
  const auto pulled = this->pull("reader", 2);
  ASSERT_TRUE(pulled && pulled->deliveries.size() == 2);
  EXPECT_EQ(pulled->deliveries[0].stream_sequence, 3U);
  EXPECT_EQ(pulled->deliveries[1].stream_sequence, 5U);
}

TYPED_TEST(consumers, one_begins_with_the_newest_of_every_subject) {
  this->make_stream("WORK");
  this->store({"old"}, "WORK.a");
  this->store({"b"}, "WORK.b");
  this->store({"new"}, "WORK.a");
  const auto made = this->create_ephemeral("reader", {{"name", "reader"},
                                                      {"ack_policy", "explicit"},
                                                      {"deliver_policy", "last_per_subject"},
                                                      {"filter_subject", "WORK.*"}});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(at(*made, "/num_pending"), 2);
  this->store({"later"}, "WORK.a");
  EXPECT_EQ(this->pull_now("reader", 3), (strings{"b", "new", "later"}));
}

TYPED_TEST(consumers, one_begins_with_what_comes_next) {
  this->make_stream("WORK");
  this->store({"before"});
  this->make_consumer("reader", {{"deliver_policy", "new"}});
  this->store({"after"});
  EXPECT_EQ(this->pull_now("reader", 2), strings{"after"});
}

TYPED_TEST(consumers, a_create_request_rewrites_an_existing_one) {
  this->make_stream("WORK");
  this->make_consumer("reader", {{"filter_subject", "WORK.a"}, {"ack_wait", ns(1s)}});
  this->store({"a"}, "WORK.a");
  this->store({"b"}, "WORK.b");
  const auto again = this->create("reader", {{"filter_subject", "WORK.b"}, {"ack_wait", ns(2s)}});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(at(*again, "/config/filter_subject"), "WORK.b");
  EXPECT_EQ(at(*again, "/config/ack_wait"), ns(2s));
  EXPECT_EQ(this->pull_now("reader", 2), strings{"b"});
}

TYPED_TEST(consumers, a_create_request_may_not_change_where_one_begins) {
  this->make_stream("WORK");
  this->make_consumer("reader");
  EXPECT_EQ(this->refused("reader", {{"deliver_policy", "new"}}), 10012);
}

TYPED_TEST(consumers, a_filter_outside_the_stream_is_refused_or_not) {
  this->make_stream("WORK");
  EXPECT_EQ(this->refused("reader", {{"filter_subject", "OTHER.a"}}),
            this->is(from_2_10) ? 0 : 10093);
}

TYPED_TEST(consumers, more_than_allowed_are_refused) {
  this->make_stream("WORK", {{"max_consumers", 1}});
  this->make_consumer("one");
  EXPECT_EQ(this->refused("two", json::value::object()), 10026);
}

TYPED_TEST(consumers, a_work_queue_admits_one_for_each_message) {
  this->make_work_queue();
  this->make_consumer("one", {{"filter_subject", "WORK.a.*"}});
  EXPECT_EQ(this->refused("two", json::value::object()), 10099);
  EXPECT_EQ(this->refused("two", {{"filter_subject", "WORK.a.*"}}), 10100);
  EXPECT_EQ(this->refused("two", {{"filter_subject", "WORK.a.b"}}), 10100) << "part of the first";
  EXPECT_EQ(this->refused("two", {{"filter_subject", "WORK.>"}}), 10100) << "more than the first";
  EXPECT_EQ(this->refused("two", {{"filter_subject", "WORK.b.*"}}), 0);
}

TYPED_TEST(consumers, a_work_queue_admits_filters_that_overlap_in_part) {
  this->make_work_queue();
  this->make_consumer("one", {{"filter_subject", "WORK.a.*"}});
  EXPECT_EQ(this->refused("two", {{"filter_subject", "WORK.*.b"}}),
            this->is(from_2_10) ? 10100 : 0);
  if (!this->is(from_2_10)) {
    this->store({"both"}, "WORK.a.b");
    EXPECT_EQ(this->next("one").payload, "both");
    EXPECT_EQ(this->next("two").payload, "both");
  }
}

TYPED_TEST(consumers, a_rewrite_walks_around_the_rule_of_work_queues) {
  this->make_work_queue();
  this->make_consumer("one", {{"filter_subject", "WORK.a"}});
  this->make_consumer("two", {{"filter_subject", "WORK.b"}});
  EXPECT_EQ(this->refused("two", {{"filter_subject", "WORK.a"}}), this->is(from_2_10) ? 10100 : 0);
}

TYPED_TEST(consumers, a_work_queue_demands_acknowledgements_and_everything) {
  this->make_work_queue();
  EXPECT_EQ(this->refused("one", {{"ack_policy", "none"}}), 10084);
  EXPECT_EQ(this->refused("one", {{"ack_policy", "all"}}), 10098);
  EXPECT_EQ(this->refused("one", {{"deliver_policy", "new"}}), 10101);
}

} // namespace
} // namespace nats_mcp::testing
