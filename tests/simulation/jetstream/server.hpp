// SPDX-License-Identifier: MIT
// A nats-server with JetStream, as its clients see it: connections, subscriptions, queue groups,
// streams. Deterministic: time is an argument, chance comes from one seed, and what it sends is
// taken by the caller, in order.
#pragma once

#include "protocol/jetstream/wire_message.hpp"

#include "tests/simulation/jetstream/account.hpp"
#include "tests/simulation/jetstream/behaviour.hpp"
#include "tests/simulation/jetstream/instant.hpp"
#include "tests/simulation/jetstream/outlet.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::simulation {

enum class connection_id : std::uint64_t {};

/// For one subscription of one connection.
struct delivered_message {
  std::uint64_t subscription = 0;
  jetstream::incoming message;
};
/// `-ERR 'Permissions Violation for Publish to "…"'`
struct refused_publish {
  std::string subject;
};
struct server_output {
  connection_id to{};
  std::variant<delivered_message, refused_publish> what;
};

enum class jetstream_mode : std::uint8_t {
  on,
  /// The server runs without: nobody answers.
  off,
  /// Not for this account: every request is answered with error 10039.
  off_for_account,
};

class server {
public:
  struct options {
    std::uint64_t seed = 0;
    jetstream_mode jetstream = jetstream_mode::on;
    check_order order = check_order::message_id_first;
    /// What this server does wrong on purpose.
    mutation falsehood = mutation::none;
    /// Patterns nobody may publish to.
    std::vector<std::string> denied{};
    std::size_t max_payload_bytes = 1024 * 1024;
    /// See `outlet::stored`.
    decltype(outlet::stored) on_stored{};
  };

  explicit server(options choice);
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  // -- clients ---------------------------------------------------------------------------------

  [[nodiscard]] connection_id connect();
  void disconnect(connection_id connection, instant now);
  /// @param subscription chosen by the client, unique in its connection.
  void subscribe(connection_id connection, std::uint64_t subscription, std::string pattern,
                 std::string queue_group, instant now);
  void unsubscribe(connection_id connection, std::uint64_t subscription, instant now);
  void publish(connection_id connection, const jetstream::outgoing& message, instant now);

  // -- time ------------------------------------------------------------------------------------

  /// Everything due until `now` happens, each at its own time. Every call above does this first.
  void advance(instant now);
  [[nodiscard]] std::optional<instant> next_due() const;

  /// An orderly stop and start: waiting pulls are told, connections end, the store stays.
  void restart(instant now);
  /// A kill and a start: nobody is told anything, and settlements younger than `unsynced` may be
  /// forgotten, as they were not on the disk yet.
  void kill(std::chrono::nanoseconds unsynced, instant now);

  /// Nobody may publish to what fits `pattern` any more.
  void deny(std::string pattern) { options_.denied.push_back(std::move(pattern)); }

  /// What was sent since the last call.
  [[nodiscard]] std::vector<server_output> take_output() { return std::exchange(output_, {}); }

  /// For checkers: what is really stored.
  [[nodiscard]] stream* find_stream(const std::string& name) { return account_.find(name); }
  [[nodiscard]] const options& settings() const noexcept { return options_; }

private:
  struct wanted {
    std::string pattern;
    std::string queue_group;
  };
  using address = std::pair<connection_id, std::uint64_t>;

  [[nodiscard]] std::vector<address> listeners(const std::string& subject);
  void route(const std::string& subject, const jetstream::incoming& message);
  void send(const std::string& to, jetstream::incoming message);
  void answer_jetstream(const jetstream::outgoing& message, std::string_view verb, instant now);
  [[nodiscard]] bool reaches_jetstream(const jetstream::outgoing& message, instant now);

  options options_;
  std::mt19937_64 random_;
  outlet outlet_;
  account account_;
  instant now_{};
  std::uint64_t last_connection_ = 0;
  std::map<address, wanted> subscriptions_;
  std::vector<server_output> output_;
};

} // namespace nats_mcp::simulation
