// SPDX-License-Identifier: MIT
// The stage for channels actor tests: a project "demo" with channel "planning", and a NATS that
// holds as many messages as the test says.
#pragma once

#include "actors/messaging/channels_actor.hpp"

#include "tests/support/deterministic.hpp"
#include "tests/support/stub_gateway.hpp"
#include "tests/support/stub_session.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class channel_story : public deterministic {
protected:
  struct limits_of_stream {
    std::int64_t max_messages = 10'000;
  };

  void SetUp() override;

  // -- what NATS holds
  void stream_exists(const std::string& stream, limits_of_stream limits);
  void stream_is_missing(const std::string& stream);
  /// The stream holds "message 1" … "message <count>".
  void stream_holds(const std::string& stream, std::uint64_t count);
  void delete_message(std::uint64_t sequence) { messages_.erase(sequence); }
  /// Publishes are not answered until `answer_publishes`.
  void hold_publishes() { script_->holds_publishes = true; }
  void answer_publishes();
  /// A message of the first subscription arrives.
  void hint();
  /// A message with this payload comes through the n-th subscription there was.
  void deliver(std::size_t subscription, const std::string& payload);
  /// The gateway tells whoever observes it that there is a connection: the `epoch`-th.
  void connect(std::uint64_t epoch);
  void disconnect();

  // -- what an agent asks
  [[nodiscard]] send_to_channel send(std::string channel, std::string text) const;
  [[nodiscard]] read_channel newest(std::string channel, std::int64_t limit) const;
  [[nodiscard]] wait_for_channels wait_for(strings channel_names,
                                           std::chrono::milliseconds timeout) const;

  /// Ends the actor and starts the next incarnation with what the last one saved.
  void restart_from_checkpoint();

  // -- what was seen
  /// The verbs of the API requests so far, consumer requests left out.
  [[nodiscard]] strings verbs() const;
  [[nodiscard]] static strings texts(const tools::read_messages_result& read);

  std::shared_ptr<gateway_script> script_ = std::make_shared<gateway_script>();
  channels_actor channels_;
  /// What the session was told.
  std::shared_ptr<session_ear> ear_ = std::make_shared<session_ear>();
  int pulls_ = 0;

private:
  [[nodiscard]] channels_options options();
  [[nodiscard]] result<jetstream::api_reply> answer_api(const jetstream::api_request& what);
  [[nodiscard]] result<jetstream::pull_result> answer_pull(const jetstream::pull& what);

  void tell_observers(const jetstream::connection_event& event);

  gateway_actor gateway_;
  session_actor session_;
  supervisor_actor checkpoints_;
  std::shared_ptr<checkpoint> saved_ = std::make_shared<checkpoint>();
  std::shared_ptr<std::uint64_t> random_bits_ = std::make_shared<std::uint64_t>(0);
  std::set<std::uint64_t> messages_;
  std::uint64_t last_sequence_ = 0;
  std::int64_t max_messages_ = 10'000;
  bool missing_ = false;
  std::uint64_t consumer_start_ = 1;
};

} // namespace nats_mcp::testing
