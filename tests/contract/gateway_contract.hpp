// SPDX-License-Identifier: MIT
// What every `gateway_actor` promises, whatever is behind it. Each test runs in two worlds: the
// real gateway on a real nats-server, and the same gateway over the model of JetStream, so that the
// model cannot drift into fiction. This file holds what the topics (the *.test.cpp beside it)
// share.
//
// Times: an answer comes after the server acted and a request leaves before, so "at least as long
// as" can be asserted from outside however slow the machine is. Nothing is asserted to be quick.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/contract/posted.hpp"
#include "tests/contract/real_world.hpp"
#include "tests/contract/sim_world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

using worlds = ::testing::Types<real_world, sim_world>;
struct world_name {
  template <class World>
  static std::string GetName(int) {
    return World::name;
  }
};

// What differs between the versions the suite has been run on (2.9.10, 2.10.27, 2.15.1) began with
// the one or after the other; where exactly between 2.10.27 and 2.15.1 is not known.
inline constexpr server_version from_2_10{2, 10, 0};
inline constexpr server_version after_2_10{2, 11, 0};

/// As the JetStream API writes durations.
inline std::int64_t ns(std::chrono::nanoseconds duration) { return duration.count(); }

/// What stands at a path such as `/config/ack_wait`; null when nothing does.
inline json::value at(const json::value& document, const char* path) {
  const json::value::json_pointer where{path};
  return document.contains(where) ? document.at(where) : json::value{};
}

inline strings payloads(const std::vector<jetstream::delivery>& deliveries) {
  strings out;
  for (const auto& one : deliveries) {
    out.push_back(one.payload);
  }
  return out;
}

template <class World>
class gateway_contract : public ::testing::Test {
protected:
  static constexpr std::chrono::milliseconds patience{10'000};

  // -- the API ---------------------------------------------------------------------------------

  result<json::value> api(const std::string& verb, const json::value& body = {}) {
    return world_
      .ask(jetstream::api_request{verb, body.is_null() ? std::string{} : json::write(body),
                                  jetstream::repeatable::no, world_.in(patience)})
      .and_then([](const jetstream::api_reply& reply) { return json::parse(reply.body); });
  }

  /// The number of the error a request is refused with; 0 = it is not.
  int refusal(const std::string& verb, const json::value& body = {}) {
    const auto answer = api(verb, body);
    return answer ? 0 : answer.error().jetstream_code;
  }

  /// A stream for the subjects below its name.
  static json::value stream_config(const std::string& name, const json::value& extra) {
    json::value config{
      {"name", name}, {"subjects", {name + ".>"}}, {"storage", "file"}, {"allow_direct", true}};
    config.update(extra);
    return config;
  }

  void make_stream(const std::string& name, const json::value& extra = json::value::object()) {
    const auto made = api("STREAM.CREATE." + name, stream_config(name, extra));
    ASSERT_TRUE(made) << made.error().message;
  }

  void make_bucket(const std::string& name, const json::value& extra = json::value::object()) {
    json::value config{{"subjects", {"$KV." + name + ".>"}},
                       {"max_msgs_per_subject", 1},
                       {"allow_rollup_hdrs", true},
                       {"discard", "new"}};
    config.update(extra);
    make_stream("KV_" + name, config);
  }

  /// The answer to a request for a durable consumer of the stream WORK.
  result<json::value> create(const std::string& name,
                             const json::value& extra = json::value::object()) {
    json::value config{
      {"durable_name", name}, {"ack_policy", "explicit"}, {"ack_wait", ns(30'000ms)}};
    config.update(extra);
    return api("CONSUMER.DURABLE.CREATE.WORK." + name,
               {{"stream_name", "WORK"}, {"config", config}});
  }

  void make_consumer(const std::string& name, const json::value& extra = json::value::object()) {
    const auto made = create(name, extra);
    ASSERT_TRUE(made) << made.error().message;
  }

  /// `state` of a stream's description.
  json::value state(const std::string& stream, const json::value& body = {}) {
    const auto info = api("STREAM.INFO." + stream, body);
    return info ? at(*info, "/state") : json::value{};
  }

  std::uint64_t messages_in(const std::string& stream) {
    return json::unsigned_member(state(stream), "messages").value_or(0);
  }

  // -- messages --------------------------------------------------------------------------------

  result<jetstream::publish_receipt>
  publish(const std::string& subject, const std::string& payload, const std::string& id = {},
          std::optional<std::uint64_t> expected_last_subject_sequence = {}) {
    return world_.ask(jetstream::publish{subject, payload, id, expected_last_subject_sequence,
                                         world_.in(patience)});
  }

  void store(const strings& texts, const std::string& subject = "WORK.a") {
    for (const auto& text : texts) {
      const auto stored = publish(subject, text);
      ASSERT_TRUE(stored) << stored.error().message;
    }
  }

  /// The newest message of a subject.
  result<jetstream::stored_message> newest(const std::string& stream, const std::string& subject) {
    return world_.ask(jetstream::get_last{stream, subject, world_.in(patience)});
  }

  result<jetstream::pull_result> pull(const std::string& consumer, std::uint32_t batch,
                                      std::chrono::milliseconds expires = 0ms,
                                      std::chrono::milliseconds limit = patience) {
    return world_.ask(jetstream::pull{"WORK", consumer, batch, expires, 0, world_.in(limit)});
  }

  /// One delivery, waited for.
  jetstream::delivery next(const std::string& consumer) {
    const auto pulled = pull(consumer, 1, 8'000ms);
    if (!pulled || pulled->deliveries.empty()) {
      ADD_FAILURE() << "\"" << consumer << "\" has nothing to deliver";
      return {};
    }
    return pulled->deliveries.front();
  }

  /// What is there at once, as payloads.
  strings pull_now(const std::string& consumer, std::uint32_t batch) {
    const auto pulled = pull(consumer, batch);
    return pulled ? payloads(pulled->deliveries) : strings{pulled.error().message};
  }

  result<jetstream::settled> settle(const jetstream::delivery& one, jetstream::ack_kind kind,
                                    std::chrono::milliseconds delay = 0ms) {
    return world_.ask(jetstream::settle{one.ack_subject, kind, delay, jetstream::confirmation::wait,
                                        world_.in(patience)});
  }

  // -- keys ------------------------------------------------------------------------------------

  result<jetstream::kv_revision> put(const std::string& key, const std::string& value,
                                     std::optional<std::uint64_t> expected = {},
                                     const std::string& write_id = {}) {
    return world_.ask(
      jetstream::kv_put{"things", key, value, expected, write_id, world_.in(patience)});
  }

  result<jetstream::kv_revision> remove(const std::string& key,
                                        std::optional<std::uint64_t> expected = {}) {
    return world_.ask(jetstream::kv_delete{"things", key, expected, world_.in(patience)});
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

  // -- time and faults -------------------------------------------------------------------------

  /// Sends a request without waiting for its answer.
  template <class Command>
  posted<answer_of<Command>> post(Command command) {
    return testing::post(world_.system(), world_.gateway(), std::move(command));
  }

  /// Whether the server behaves as it does since version `from`.
  [[nodiscard]] bool is(server_version from) const { return world_.version() >= from; }

  World world_;
};

} // namespace nats_mcp::testing
