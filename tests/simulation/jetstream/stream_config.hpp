// SPDX-License-Identifier: MIT
// A stream's configuration as nats-server 2.9 reads, completes, checks and prints it.
#pragma once

#include "protocol/json/value.hpp"

#include "tests/simulation/jetstream/message_log.hpp"
#include "tests/simulation/jetstream/refusal.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

enum class retention_kind : std::uint8_t { limits, interest, work_queue };
enum class discard_kind : std::uint8_t { oldest, newest };

struct stream_config {
  std::string name;
  std::string description;
  std::vector<std::string> subjects;
  retention_kind retention = retention_kind::limits;
  storage_kind storage = storage_kind::file;
  discard_kind discard = discard_kind::oldest;
  bool discard_new_per_subject = false;
  /// Bounds; nothing = unlimited.
  std::optional<std::uint64_t> max_consumers;
  std::optional<std::uint64_t> max_messages;
  std::optional<std::uint64_t> max_bytes;
  std::optional<std::uint64_t> max_messages_per_subject;
  std::optional<std::uint64_t> max_message_size;
  /// Zero = for ever.
  std::chrono::nanoseconds max_age{0};
  std::chrono::nanoseconds duplicate_window{0};
  std::uint64_t replicas = 1;
  bool allow_direct = false;
  bool deny_delete = false;
  bool deny_purge = false;
  bool allow_rollup = false;

  friend bool operator==(const stream_config&, const stream_config&) = default;
};

/// Reads a request's configuration, fills in the server's defaults and checks it by itself.
[[nodiscard]] granted<stream_config> parse_stream_config(const json::value& document);

/// What may not change in an existing stream.
[[nodiscard]] granted<void> check_update(const stream_config& before, const stream_config& after);

[[nodiscard]] json::value to_json(const stream_config& config);

} // namespace nats_mcp::simulation
