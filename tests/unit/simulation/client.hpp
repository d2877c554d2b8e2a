// SPDX-License-Identifier: MIT
// One client of the modelled server, in the tests' words. Time stands still unless `pass` is
// called.
#pragma once

#include "protocol/json/value.hpp"

#include "tests/simulation/jetstream/server.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::simulation {

using namespace std::chrono_literals;

class modelled_server : public ::testing::Test {
protected:
  explicit modelled_server(server::options choice = {})
    : nats{std::move(choice)} {
    me = nats.connect();
    nats.subscribe(me, inbox, "_INBOX.me.>", {}, now);
  }

  void pass(std::chrono::nanoseconds time) {
    now += time;
    nats.advance(now);
    collect();
  }

  void publish(const std::string& subject, const std::string& payload, jetstream::headers headers) {
    nats.publish(me, {subject, {}, std::move(headers), payload}, now);
    collect();
  }

  /// The answer to one request, if there is one at once.
  std::optional<jetstream::incoming> request(const std::string& subject,
                                             const std::string& payload = {},
                                             jetstream::headers headers = {}) {
    const auto reply = "_INBOX.me." + std::to_string(++requests);
    nats.publish(me, {subject, reply, std::move(headers), payload}, now);
    collect();
    for (auto& answer : take(inbox)) {
      if (answer.subject == reply) {
        return std::move(answer);
      }
    }
    return std::nullopt;
  }

  json::value api(const std::string& verb, const json::value& body = json::value::object()) {
    const auto answer = request("$JS.API." + verb, json::write(body));
    return answer ? json::parse(answer->payload).value_or(json::value{}) : json::value{};
  }

  static int error_of(const json::value& answer) {
    return answer.contains("error") ? answer["error"]["err_code"].get<int>() : 0;
  }

  /// Stores a message. @returns its receipt.
  json::value store(const std::string& subject, const std::string& payload = "x",
                    jetstream::headers headers = {}) {
    const auto answer = request(subject, payload, std::move(headers));
    return answer ? json::parse(answer->payload).value_or(json::value{}) : json::value{};
  }

  json::value create_stream(json::value config) {
    return api("STREAM.CREATE." + config["name"].get<std::string>(), config);
  }

  json::value create_durable(const std::string& stream, const std::string& name,
                             json::value config) {
    config["durable_name"] = name;
    if (!config.contains("ack_policy")) {
      config["ack_policy"] = "explicit";
    }
    return api("CONSUMER.DURABLE.CREATE." + stream + "." + name,
               {{"stream_name", stream}, {"config", config}});
  }

  json::value create_reader(const std::string& stream, const std::string& name,
                            const std::string& filter, json::value config) {
    config["name"] = name;
    config["filter_subject"] = filter;
    return api("CONSUMER.CREATE." + stream + "." + name + "." + filter,
               {{"stream_name", stream}, {"config", config}});
  }

  /// Begins a pull. @returns the subscription its messages arrive on (see `take`).
  std::uint64_t pull(const std::string& stream, const std::string& name, const json::value& body) {
    const auto lane = first_lane + ++requests;
    const auto reply = "_LANE.me." + std::to_string(lane);
    nats.subscribe(me, lane, reply, {}, now);
    nats.publish(
      me, {"$JS.API.CONSUMER.MSG.NEXT." + stream + "." + name, reply, {}, json::write(body)}, now);
    collect();
    return lane;
  }

  /// What a subscription has received since the last time.
  std::vector<jetstream::incoming> take(std::uint64_t subscription) {
    return std::exchange(received[subscription], {});
  }

  std::vector<jetstream::incoming> pull_now(const std::string& stream, const std::string& name,
                                            std::uint64_t batch = 1) {
    return take(pull(stream, name, {{"batch", batch}, {"no_wait", true}}));
  }

  /// The payloads of messages, and status codes in angle brackets.
  static std::vector<std::string> texts(const std::vector<jetstream::incoming>& messages) {
    std::vector<std::string> out;
    for (const auto& message : messages) {
      out.push_back(message.status == 0 ? message.payload
                                        : "<" + std::to_string(message.status) + ">");
    }
    return out;
  }

  json::value state(const std::string& stream) { return api("STREAM.INFO." + stream)["state"]; }

  void collect() {
    for (auto& output : nats.take_output()) {
      if (auto* delivered = std::get_if<delivered_message>(&output.what)) {
        received[delivered->subscription].push_back(std::move(delivered->message));
      } else {
        refused.push_back(std::get<refused_publish>(output.what).subject);
      }
    }
  }

  static constexpr std::uint64_t inbox = 1;
  /// Deliveries keep the subject they were stored under, so every pull has a subscription.
  static constexpr std::uint64_t first_lane = 1000;
  server nats;
  instant now{std::chrono::hours{500'000}};
  connection_id me{};
  std::uint64_t requests = 0;
  std::map<std::uint64_t, std::vector<jetstream::incoming>> received;
  std::vector<std::string> refused;
};

} // namespace nats_mcp::simulation
