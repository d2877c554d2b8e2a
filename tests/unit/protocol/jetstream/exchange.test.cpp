// SPDX-License-Identifier: MIT
#include "protocol/jetstream/exchange.hpp"

#include "protocol/jetstream/reply_codec.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace nats_mcp::jetstream::exchange_test {
namespace {

using namespace std::chrono_literals;

const monotonic_time start{1h};
const monotonic_time deadline = start + 10s;
constexpr const char* conflict_reply =
  R"({"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 7"}})";

incoming text(std::string payload) {
  incoming reply;
  reply.payload = std::move(payload);
  return reply;
}

incoming status(int code) {
  incoming reply;
  reply.status = code;
  return reply;
}

incoming stored(std::uint64_t sequence, std::string value) {
  auto reply = text(std::move(value));
  reply.headers = {{"Nats-Stream", "KV_things"},
                   {"Nats-Subject", "$KV.things.a"},
                   {"Nats-Sequence", std::to_string(sequence)},
                   {"Nats-Time-Stamp", "2025-01-15T10:00:00.123456789Z"}};
  return reply;
}

exchange_context at_attempt(unsigned attempts, server_facts facts = {}) {
  return {facts, attempts, start};
}

result<answer> ended(next_step step) {
  auto* outcome = std::get_if<result<answer>>(&step);
  return outcome == nullptr ? result<answer>{fail(ec::none, "not ended")} : std::move(*outcome);
}

bool goes_on(const next_step& step) { return std::holds_alternative<continue_after>(step); }

TEST(publish_exchange, writes_id_and_expectation_as_headers) {
  const exchange it{publish{"a.b", "payload", "id-1", 4U, deadline}};
  const auto message = it.message("reply", at_attempt(0));
  EXPECT_EQ(message.subject, "a.b");
  EXPECT_EQ(message.reply, "reply");
  EXPECT_EQ(message.headers,
            (headers{{"Nats-Msg-Id", "id-1"}, {"Nats-Expected-Last-Subject-Sequence", "4"}}));
}

TEST(publish_exchange, may_be_repeated_only_with_a_message_id) {
  EXPECT_EQ((exchange{publish{"a", "", "id", {}, deadline}}.terms().again), repetition::allowed);
  EXPECT_EQ((exchange{publish{"a", "", "", {}, deadline}}.terms().again), repetition::never);
}

TEST(publish_exchange, ends_with_the_position) {
  exchange it{publish{"a", "", "id", {}, deadline}};
  const auto outcome =
    ended(it.on_reply(text(R"({"stream":"S", "seq":12,"duplicate":true})"), at_attempt(1)));
  ASSERT_TRUE(outcome);
  const auto receipt = std::get<publish_receipt>(*outcome);
  EXPECT_EQ(receipt.stream, "S");
  EXPECT_EQ(receipt.sequence, 12U);
  EXPECT_TRUE(receipt.duplicate);
}

TEST(publish_exchange, tells_a_missing_stream_from_disabled_jetstream) {
  exchange it{publish{"a", "", "id", {}, deadline}};
  EXPECT_EQ(ended(it.on_reply(status(503), at_attempt(1))).error().code, ec::not_found);
  const server_facts disabled{server_facts::verdict::disabled, false};
  EXPECT_EQ(ended(it.on_reply(status(503), at_attempt(1, disabled))).error().code,
            ec::jetstream_disabled);
}

TEST(publish_exchange, asks_again_while_a_cluster_has_no_leader) {
  exchange it{publish{"a", "", "id", {}, deadline}};
  const server_facts cluster{server_facts::verdict::enabled, true};
  EXPECT_TRUE(goes_on(it.on_reply(status(503), at_attempt(1, cluster))));
  EXPECT_EQ(ended(it.on_reply(status(503), at_attempt(4, cluster))).error().code, ec::not_found);
}

TEST(publish_exchange, does_not_call_its_own_repeat_a_conflict) {
  exchange it{publish{"a", "", "id", 3U, deadline}};
  EXPECT_EQ(ended(it.on_reply(text(conflict_reply), at_attempt(1))).error().code, ec::conflict);
  EXPECT_EQ(ended(it.on_reply(text(conflict_reply), at_attempt(2))).error().code,
            ec::unknown_outcome);
}

TEST(put_exchange, carries_no_message_id_with_an_expected_revision) {
  const exchange guarded{kv_put{"things", "a", "v", 3U, "w1", deadline}};
  EXPECT_EQ(guarded.message("r", at_attempt(0)).headers,
            (headers{{"Nats-Expected-Last-Subject-Sequence", "3"}}));
  const exchange plain{kv_put{"things", "a", "v", {}, "w1", deadline}};
  EXPECT_EQ(plain.message("r", at_attempt(0)).headers, (headers{{"Nats-Msg-Id", "w1"}}));
}

TEST(put_exchange, takes_a_first_conflict_at_its_word) {
  exchange it{kv_put{"things", "a", R"({"writeId":"w1"})", 3U, "w1", deadline}};
  const auto outcome = ended(it.on_reply(text(conflict_reply), at_attempt(1)));
  EXPECT_EQ(outcome.error().code, ec::conflict);
  EXPECT_EQ(outcome.error().jetstream_code, error_number::wrong_last_sequence);
}

TEST(put_exchange, finds_its_own_write_behind_a_conflict_of_its_repeat) {
  exchange it{kv_put{"things", "a", R"({"writeId":"w1"})", 3U, "w1", deadline}};
  ASSERT_TRUE(goes_on(it.on_reply(text(conflict_reply), at_attempt(2))));
  EXPECT_EQ(it.message("r", at_attempt(2)).subject, "$JS.API.DIRECT.GET.KV_things.$KV.things.a");
  const auto outcome = ended(it.on_reply(stored(7, R"({"writeId":"w1"})"), at_attempt(3)));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(std::get<kv_revision>(*outcome).revision, 7U);
}

TEST(put_exchange, finds_somebody_elses_write_behind_a_conflict_of_its_repeat) {
  exchange it{kv_put{"things", "a", R"({"writeId":"w1"})", 3U, "w1", deadline}};
  ASSERT_TRUE(goes_on(it.on_reply(text(conflict_reply), at_attempt(2))));
  const auto outcome = ended(it.on_reply(stored(7, R"({"writeId":"other"})"), at_attempt(3)));
  EXPECT_EQ(outcome.error().code, ec::conflict);
  EXPECT_EQ(outcome.error().jetstream_code, 0) << "what was there before it is not known";
}

TEST(put_exchange, reads_again_while_a_replica_is_behind) {
  exchange it{kv_put{"things", "a", R"({"writeId":"w1"})", 3U, "w1", deadline}};
  ASSERT_TRUE(goes_on(it.on_reply(text(conflict_reply), at_attempt(2))));
  EXPECT_TRUE(goes_on(it.on_reply(stored(6, R"({"writeId":"older"})"), at_attempt(3))));
}

TEST(put_exchange, knows_its_own_deletion_marker) {
  exchange it{kv_delete{"things", "a", 3U, deadline}, "w1"};
  ASSERT_TRUE(goes_on(it.on_reply(text(conflict_reply), at_attempt(2))));
  auto marker = stored(7, "");
  marker.headers.emplace_back("KV-Operation", "DEL");
  marker.headers.emplace_back("Nats-Mcp-Write-Id", "w1");
  EXPECT_TRUE(ended(it.on_reply(std::move(marker), at_attempt(3))));
}

TEST(get_exchange, asks_the_stream_when_direct_get_is_refused) {
  exchange it{kv_get{"things", "a", deadline}};
  ASSERT_TRUE(goes_on(it.on_reply(status(503), at_attempt(1))));
  const auto message = it.message("r", at_attempt(2));
  EXPECT_EQ(message.subject, "$JS.API.STREAM.MSG.GET.KV_things");
  const auto outcome =
    ended(it.on_reply(text(R"({"message":{"subject":"$KV.things.a","seq":9,"data":"aGVsbG8=",)"
                           R"("time":"2025-01-15T10:00:00Z"}})"),
                      at_attempt(2)));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(std::get<kv_lookup>(*outcome).entry->value, "hello");
}

TEST(get_exchange, asks_the_other_way_after_silence) {
  const exchange it{kv_get{"things", "a", deadline}};
  EXPECT_EQ(it.message("r", at_attempt(0)).subject, "$JS.API.DIRECT.GET.KV_things.$KV.things.a");
  EXPECT_EQ(it.message("r", at_attempt(1)).subject, "$JS.API.STREAM.MSG.GET.KV_things");
}

TEST(pull_exchange, hands_out_what_came_when_time_is_over) {
  exchange it{pull{"S", "c", 5, 100ms, 0, deadline}};
  auto one = text("payload");
  one.subject = "a";
  one.reply = "$JS.ACK.S.c.1.2.3.1700000000000000000.4";
  EXPECT_TRUE(std::holds_alternative<keep_waiting>(it.on_reply(std::move(one), at_attempt(1))));
  const auto outcome = it.on_end({request_id{1}, end_reason::out_of_time, ec::timeout}, {});
  ASSERT_TRUE(outcome);
  const auto pulled = std::get<pull_result>(*outcome);
  EXPECT_EQ(pulled.end, pull_end::silence);
  EXPECT_EQ(pulled.deliveries.at(0).stream_sequence, 2U);
}

TEST(pull_exchange, is_busy_when_it_found_no_room) {
  exchange it{pull{"acme_ROADMAP", "c", 5, 100ms, 0, deadline}};
  const auto outcome = it.on_end({request_id{1}, end_reason::out_of_time, ec::busy}, {});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::busy);
  EXPECT_EQ(outcome.error().message,
            "Too many requests wait for NATS already, so the request for messages of #roadmap was"
            " not sent. Nothing happened; try again in a moment.");
}

TEST(settle_exchange, repeats_only_a_plain_acknowledgement) {
  const auto again = [](ack_kind kind) {
    return exchange{settle{"$JS.ACK", kind, 0ms, confirmation::wait, deadline}}.terms().again;
  };
  EXPECT_EQ(again(ack_kind::ack), repetition::allowed);
  EXPECT_EQ(again(ack_kind::nak), repetition::never);
  EXPECT_EQ(again(ack_kind::in_progress), repetition::never);
  EXPECT_EQ(again(ack_kind::term), repetition::never);
}

TEST(settle_exchange, is_of_the_connection_there_is_alone_where_that_is_wanted) {
  for (const bool alone : {false, true}) {
    const exchange it{settle{"$JS.ACK", ack_kind::ack, 0ms, confirmation::wait, deadline, alone}};
    EXPECT_EQ(it.terms().scope, alone ? connection_scope::present : connection_scope::any);
  }
}

TEST(settle_exchange, asks_for_nothing_when_unconfirmed) {
  const exchange it{settle{"$JS.ACK", ack_kind::nak, 1500ms, confirmation::none, deadline}};
  EXPECT_TRUE(it.ends_when_written());
  EXPECT_EQ(it.message("r", at_attempt(0)).reply, "");
  EXPECT_EQ(it.message("r", at_attempt(0)).payload, "-NAK {\"delay\": 1500000000}");
}

TEST(api_exchange, turns_an_error_member_into_an_error) {
  exchange it{api_request{"STREAM.INFO.S", {}, repeatable::yes, deadline}};
  const auto outcome = ended(
    it.on_reply(text(R"({"error":{"code":404,"err_code":10059,"description":"stream not found"}})"),
                at_attempt(1)));
  EXPECT_EQ(outcome.error().code, ec::not_found);
  EXPECT_EQ(outcome.error().jetstream_code, 10059);
  EXPECT_EQ(outcome.error().message,
            "JetStream refused the request for the state of the stream \"S\": stream not found"
            " (error 10059). It may have been deleted meanwhile; try again.");
}

} // namespace
} // namespace nats_mcp::jetstream::exchange_test
