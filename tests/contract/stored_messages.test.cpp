// SPDX-License-Identifier: MIT
// The contract about looking at stored messages and taking them away: gets, descriptions, purges,
// deletions, and what the API refuses.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

template <class World>
class stored_messages : public gateway_contract<World> {
protected:
  /// One, two, three, four on the subjects a, b, a, b.
  void SetUp() override {
    this->make_stream("WORK");
    this->store({"one"}, "WORK.a");
    this->store({"two"}, "WORK.b");
    this->store({"three"}, "WORK.a");
    this->store({"four"}, "WORK.b");
  }

  /// The sequence a request for one message finds; 0 = none.
  std::uint64_t found(const json::value& body) {
    const auto answer = this->api("STREAM.MSG.GET.WORK", body);
    return answer ? json::unsigned_member(at(*answer, "/message"), "seq").value_or(0) : 0;
  }

  /// How many messages a purge took.
  int purged(const json::value& body) {
    const auto answer = this->api("STREAM.PURGE.WORK", body);
    return answer ? at(*answer, "/purged").template get<int>() : -1;
  }
};
TYPED_TEST_SUITE(stored_messages, worlds, world_name);

TYPED_TEST(stored_messages, the_newest_of_a_subject_is_found) {
  ASSERT_TRUE(this->publish("WORK.a", "five", "fifth"));
  const auto found = this->newest("WORK", "WORK.a");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->payload, "five");
  EXPECT_EQ(found->subject, "WORK.a");
  EXPECT_EQ(found->sequence, 5U);
  EXPECT_EQ(found->headers, (jetstream::headers{{"Nats-Msg-Id", "fifth"}}));
}

TYPED_TEST(stored_messages, the_newest_of_an_empty_subject_is_not_found) {
  const auto found = this->newest("WORK", "WORK.c");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ec::not_found);
  EXPECT_EQ(this->refusal("STREAM.MSG.GET.WORK", {{"last_by_subj", "WORK.c"}}), 10037);
}

TYPED_TEST(stored_messages, the_newest_of_a_pattern_is_found) {
  this->store({"five"}, "WORK.c.d");
  EXPECT_EQ(this->found({{"last_by_subj", "WORK.*"}}), 4U);
  EXPECT_EQ(this->found({{"last_by_subj", "WORK.>"}}), 5U);
  EXPECT_EQ(this->found({{"last_by_subj", "WORK.*.d"}}), 5U);
  const auto direct = this->newest("WORK", "WORK.*");
  ASSERT_TRUE(direct) << direct.error().message;
  EXPECT_EQ(direct->subject, "WORK.b");
}

TYPED_TEST(stored_messages, one_is_found_by_its_sequence_or_the_next_of_its_subject) {
  EXPECT_EQ(this->found({{"seq", 2}}), 2U);
  EXPECT_EQ(this->found({{"seq", 2}, {"next_by_subj", "WORK.a"}}), 3U);
  EXPECT_EQ(this->refusal("STREAM.MSG.GET.WORK", {{"seq", 9}}), 10037);
}

TYPED_TEST(stored_messages, a_description_counts_the_subjects_asked_for) {
  const auto all = this->state("WORK", {{"subjects_filter", ">"}});
  EXPECT_EQ(at(all, "/subjects"), (json::value{{"WORK.a", 2}, {"WORK.b", 2}}));
  const auto some = this->state("WORK", {{"subjects_filter", "WORK.a"}});
  EXPECT_EQ(at(some, "/subjects"), (json::value{{"WORK.a", 2}}));
  EXPECT_EQ(at(some, "/num_subjects"), 2);
  EXPECT_FALSE(this->state("WORK").contains("subjects")) << "nobody asked";
  EXPECT_FALSE(this->state("WORK", {{"subjects_filter", "WORK.c"}}).contains("subjects"));
}

TYPED_TEST(stored_messages, a_description_counts_what_is_being_worked_on) {
  this->make_consumer("reader");
  EXPECT_EQ(this->pull_now("reader", 2).size(), 2U);
  const auto now = this->state("WORK", {{"subjects_filter", "WORK.*"}});
  EXPECT_EQ(at(now, "/subjects"), (json::value{{"WORK.a", 2}, {"WORK.b", 2}}));
}

TYPED_TEST(stored_messages, a_purge_takes_everything_but_the_sequence) {
  EXPECT_EQ(this->purged({}), 4);
  const auto now = this->state("WORK");
  EXPECT_EQ(at(now, "/messages"), 0);
  EXPECT_EQ(at(now, "/last_seq"), 4);
  EXPECT_EQ(this->publish("WORK.a", "five").value().sequence, 5U);
}

TYPED_TEST(stored_messages, a_purge_takes_one_subject) {
  EXPECT_EQ(this->purged({{"filter", "WORK.a"}}), 2);
  EXPECT_EQ(at(this->state("WORK", {{"subjects_filter", ">"}}), "/subjects"),
            (json::value{{"WORK.b", 2}}));
}

TYPED_TEST(stored_messages, a_purge_stops_before_a_sequence) {
  EXPECT_EQ(this->purged({{"seq", 3}}), 2);
  EXPECT_EQ(at(this->state("WORK"), "/first_seq"), 3);
  EXPECT_EQ(this->purged({{"filter", "WORK.b"}, {"seq", 4}}), 0);
}

TYPED_TEST(stored_messages, a_purge_keeps_the_newest) {
  EXPECT_EQ(this->purged({{"filter", "WORK.b"}, {"keep", 1}}), 1);
  EXPECT_EQ(this->messages_in("WORK"), 3U);
  EXPECT_EQ(this->found({{"seq", 2}}), 0U);
}

TYPED_TEST(stored_messages, one_is_deleted_once) {
  EXPECT_TRUE(this->api("STREAM.MSG.DELETE.WORK", {{"seq", 2}}));
  const auto again = this->api("STREAM.MSG.DELETE.WORK", {{"seq", 2}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ec::not_found);
  EXPECT_EQ(again.error().jetstream_code, 10043);
  EXPECT_EQ(this->messages_in("WORK"), 3U);
  EXPECT_EQ(this->found({{"last_by_subj", "WORK.b"}}), 4U);
}

TYPED_TEST(stored_messages, one_that_never_was_is_not_deleted) {
  EXPECT_EQ(this->refusal("STREAM.MSG.DELETE.WORK", {{"seq", 9}}), 10057);
}

TYPED_TEST(stored_messages, a_deleted_one_is_delivered_no_more) {
  this->make_consumer("reader");
  ASSERT_TRUE(this->api("STREAM.MSG.DELETE.WORK", {{"seq", 2}}));
  EXPECT_EQ(this->pull_now("reader", 3), (strings{"one", "three", "four"}));
}

TYPED_TEST(stored_messages, an_absent_stream_is_not_found) {
  const auto outcome = this->api("STREAM.INFO.NONE");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::not_found);
  EXPECT_EQ(outcome.error().jetstream_code, 10059);
}

TYPED_TEST(stored_messages, a_stream_is_made_again_only_as_it_is) {
  EXPECT_EQ(this->refusal("STREAM.CREATE.WORK", this->stream_config("WORK", json::value::object())),
            0);
  EXPECT_EQ(this->refusal("STREAM.CREATE.WORK", this->stream_config("WORK", {{"max_msgs", 7}})),
            10058);
  EXPECT_EQ(this->messages_in("WORK"), 4U);
}

TYPED_TEST(stored_messages, a_subject_belongs_to_one_stream) {
  EXPECT_EQ(
    this->refusal("STREAM.CREATE.OTHER", this->stream_config("OTHER", {{"subjects", {"WORK.a"}}})),
    10065);
}

TYPED_TEST(stored_messages, a_deleted_stream_is_gone_with_its_messages) {
  ASSERT_TRUE(this->api("STREAM.DELETE.WORK"));
  EXPECT_EQ(this->refusal("STREAM.INFO.WORK"), 10059);
  this->make_stream("WORK");
  EXPECT_EQ(this->publish("WORK.a", "one").value().sequence, 1U);
}

} // namespace
} // namespace nats_mcp::testing
