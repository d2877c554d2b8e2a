// SPDX-License-Identifier: MIT
// A consumer's configuration as nats-server 2.9 reads, completes, checks and prints it.
#pragma once

#include "protocol/json/value.hpp"

#include "tests/simulation/jetstream/refusal.hpp"
#include "tests/simulation/jetstream/stream_config.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace nats_mcp::simulation {

enum class deliver_kind : std::uint8_t { all, latest, fresh, by_start_sequence, last_per_subject };
enum class ack_policy : std::uint8_t { none, all, each };

struct consumer_config {
  std::string durable_name;
  std::string name;
  deliver_kind deliver = deliver_kind::all;
  std::optional<std::uint64_t> start_sequence;
  ack_policy acknowledge = ack_policy::none;
  std::chrono::nanoseconds ack_wait{0};
  /// Nothing = as often as it takes.
  std::optional<std::uint64_t> max_deliver;
  /// Empty = every subject of the stream.
  std::string filter;
  std::uint64_t max_waiting = 0;
  /// Nothing = no bound.
  std::optional<std::uint64_t> max_ack_pending;
  std::chrono::nanoseconds idle_heartbeat{0};
  bool flow_control = false;
  /// Set: messages are pushed there. Empty: they are pulled.
  std::string deliver_subject;
  /// Zero = stays for ever.
  std::chrono::nanoseconds inactive_threshold{0};
  std::uint64_t replicas = 0;
  bool memory_storage = false;

  [[nodiscard]] bool pushes() const noexcept { return !deliver_subject.empty(); }
  [[nodiscard]] std::string_view pattern() const noexcept {
    return filter.empty() ? std::string_view{">"} : std::string_view{filter};
  }
};

/// Reads a request's configuration, fills in the server's defaults and checks it against its
/// stream.
[[nodiscard]] granted<consumer_config> parse_consumer_config(const json::value& document,
                                                             const stream_config& stream);

/// What may not change when a create request meets a consumer of that name. Everything else is
/// rewritten without a word.
[[nodiscard]] granted<void> check_rewrite(const consumer_config& before,
                                          const consumer_config& after);

[[nodiscard]] json::value to_json(const consumer_config& config);

} // namespace nats_mcp::simulation
