// SPDX-License-Identifier: MIT
// What every `gateway_actor` promises, whatever is behind it: instantiated for the real gateway on
// a real nats-server, and for a model of JetStream, so that the model cannot drift into fiction.
//
// `World` offers what the first half of `real_world` (gateway_world.hpp) offers. One suite per
// topic: the other files of this folder hold the tests, this one what they share.
#pragma once

#include "protocol/jetstream/command.hpp"

#include "tests/contract/gateway_world.hpp"
#include "tests/contract/posted.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

using namespace std::chrono_literals;

template <class World>
class gateway_contract : public ::testing::Test {
protected:
  static constexpr std::chrono::milliseconds patience{10'000};

  void make_stream(const std::string& name, const std::string& extra = {}) {
    const auto body = R"({"name":")" + name + R"(","subjects":[")" + name
                      + R"(.>"],"storage":"file","allow_direct":true)" + extra + "}";
    const auto made = world_.ask(jetstream::api_request{
      "STREAM.CREATE." + name, body, jetstream::repeatable::no, world_.in(patience)});
    ASSERT_TRUE(made) << made.error().message;
  }

  void make_bucket(const std::string& name, const std::string& extra = R"(,"allow_direct":true)") {
    const auto body = R"({"name":"KV_)" + name + R"(","subjects":["$KV.)" + name
                      + R"(.>"],"max_msgs_per_subject":1,"storage":"file","allow_rollup_hdrs":true)"
                      + extra + "}";
    const auto made = world_.ask(jetstream::api_request{
      "STREAM.CREATE.KV_" + name, body, jetstream::repeatable::no, world_.in(patience)});
    ASSERT_TRUE(made) << made.error().message;
  }

  void make_consumer(const std::string& stream, const std::string& name) {
    const auto body = R"({"stream_name":")" + stream + R"(","config":{"durable_name":")" + name
                      + R"(","ack_policy":"explicit","ack_wait":30000000000}})";
    const auto made =
      world_.ask(jetstream::api_request{"CONSUMER.DURABLE.CREATE." + stream + "." + name, body,
                                        jetstream::repeatable::no, world_.in(patience)});
    ASSERT_TRUE(made) << made.error().message;
  }

  result<jetstream::publish_receipt> publish(const std::string& subject, const std::string& payload,
                                             const std::string& id = {}) {
    return world_.ask(jetstream::publish{subject, payload, id, {}, world_.in(patience)});
  }

  result<jetstream::pull_result> pull(const std::string& consumer, std::uint32_t batch,
                                      std::chrono::milliseconds expires = 0ms,
                                      std::chrono::milliseconds limit = patience) {
    return world_.ask(jetstream::pull{"WORK", consumer, batch, expires, 0, world_.in(limit)});
  }

  result<jetstream::settled> settle(const jetstream::delivery& one, jetstream::ack_kind kind,
                                    std::chrono::milliseconds delay = 0ms) {
    return world_.ask(jetstream::settle{one.ack_subject, kind, delay, jetstream::confirmation::wait,
                                        world_.in(patience)});
  }

  result<jetstream::kv_revision> put(const std::string& key, const std::string& value,
                                     std::optional<std::uint64_t> expected = {},
                                     const std::string& write_id = {}) {
    return world_.ask(
      jetstream::kv_put{"things", key, value, expected, write_id, world_.in(patience)});
  }

  result<jetstream::kv_lookup> lookup(const std::string& key,
                                      const std::string& bucket = "things") {
    return world_.ask(jetstream::kv_get{bucket, key, world_.in(patience)});
  }

  result<subscribed> watch(const gateway_listener_actor& listener, std::uint64_t id = 1,
                           const std::string& filter = ">") {
    return world_.ask(
      kv_watch{jetstream::subscription_id{id}, "things", filter, listener, world_.in(patience)});
  }

  result<subscribed> subscribe(const gateway_listener_actor& listener, std::uint64_t id,
                               const std::string& subject, const std::string& group = {}) {
    return world_.ask(core_subscribe{jetstream::subscription_id{id}, subject, group, listener,
                                     world_.in(patience)});
  }

  /// Sends a request without waiting for its answer.
  template <class Command>
  posted<answer_of<Command>> post(Command command) {
    return testing::post(world_.system(), world_.gateway(), std::move(command));
  }

  std::uint64_t messages_in(const std::string& stream) {
    const auto info = world_.ask(jetstream::api_request{
      "STREAM.INFO." + stream, {}, jetstream::repeatable::yes, world_.in(patience)});
    if (!info) {
      return 0;
    }
    const auto at = info->body.find("\"messages\":");
    return at == std::string::npos ? 0 : std::stoull(info->body.substr(at + 11));
  }

  World world_;
};

TYPED_TEST_SUITE_P(gateway_contract);

} // namespace nats_mcp::testing

#include "tests/contract/faults.hpp"
#include "tests/contract/keys.hpp"
#include "tests/contract/streams.hpp"
#include "tests/contract/subscriptions.hpp"

namespace nats_mcp::testing {

REGISTER_TYPED_TEST_SUITE_P(
  gateway_contract,
  // streams
  a_publish_is_answered_with_its_position, a_message_id_is_stored_once,
  a_publish_without_a_stream_says_so, a_wrong_expected_sequence_is_a_conflict,
  a_full_stream_is_a_limit, an_api_error_keeps_its_number, the_newest_message_of_a_subject_is_found,
  the_newest_message_of_an_empty_subject_is_not_found, a_pull_returns_a_full_batch_in_order,
  an_empty_consumer_says_so_at_once, a_pull_waits_for_messages, a_pull_that_expires_says_so,
  a_pull_without_a_consumer_ends_empty, an_acknowledged_message_is_gone,
  a_nak_puts_the_message_back_after_its_delay, a_terminated_message_never_comes_again,
  pulls_on_one_consumer_share_its_messages,
  // keys
  a_value_is_read_back, an_absent_key_is_no_entry, an_absent_bucket_is_an_error,
  a_put_over_the_expected_revision_succeeds, a_put_over_another_revision_is_a_conflict,
  a_create_of_an_existing_key_is_a_conflict, a_deleted_key_shows_its_deletion,
  a_delete_over_another_revision_is_a_conflict, a_bucket_without_direct_get_is_read_all_the_same,
  // subscriptions
  a_subscriber_hears_what_is_published, a_queue_group_hears_each_message_once,
  an_ended_subscription_is_silent, a_watch_tells_newest_values_then_changes,
  a_watch_over_an_empty_bucket_is_done_at_once, a_watch_sees_only_its_filter,
  a_watch_of_an_absent_bucket_fails, a_watch_sees_deletions, an_observer_hears_of_the_connection,
  a_ping_measures_the_round_trip,
  // faults
  a_watch_survives_the_server, a_subscription_survives_the_server,
  work_goes_on_soon_after_the_server_is_back,
  every_publish_under_a_kill_is_answered_and_stored_once,
  a_request_without_a_server_ends_at_its_deadline, subscriptions_survive_a_crash_of_the_gateway,
  nothing_is_sent_after_closing);

} // namespace nats_mcp::testing
