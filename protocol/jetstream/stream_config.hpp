// SPDX-License-Identifier: MIT
// The configuration of a stream as a value, and as the JSON of the JetStream API. Everything a
// stream needs is written when it is created; nothing is left to a server's default (docs/wire.md,
// "Every stream").
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/json/value.hpp"
#include "protocol/messaging/newest_window.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::jetstream {

enum class retention_policy : std::uint8_t { limits, interest, work_queue };
enum class discard_policy : std::uint8_t { old_messages, new_messages };
enum class storage_kind : std::uint8_t { file, memory };
/// Who decides on the age of a stream that exists: whoever wants to keep the longest, so that a
/// start raises it, or whoever made it.
enum class age_decision : std::uint8_t { longest_wish, maker };

/// Limits of 0 or less are none, as in the API.
struct stream_config {
  std::string name;
  std::vector<std::string> subjects;
  retention_policy retention = retention_policy::limits;
  std::int64_t max_consumers = 100'000;
  std::int64_t max_messages = -1;
  std::int64_t max_bytes = -1;
  std::chrono::nanoseconds max_age{0};
  /// Ours; no part of the API's JSON.
  age_decision age_by = age_decision::longest_wish;
  std::int64_t max_messages_per_subject = -1;
  discard_policy discard = discard_policy::old_messages;
  /// With `new_messages`: a subject at its `max_messages_per_subject` refuses too, and nothing is
  /// dropped for a new message.
  bool discard_new_per_subject = false;
  storage_kind storage = storage_kind::file;
  std::int64_t replicas = 1;
  std::chrono::nanoseconds duplicate_window{0};
  bool allow_direct = true;
  /// Members of an existing stream's configuration that are none of the above: sent back unchanged
  /// with every update, or the update would reset them.
  json::value other = json::value::object();

  friend bool operator==(const stream_config&, const stream_config&) = default;
};

/// What `STREAM.INFO` tells.
struct stream_info {
  stream_config config;
  messaging::stream_extent extent;
  std::uint64_t bytes = 0;
  /// When the oldest and the newest message were stored; absent in an empty stream.
  std::optional<wall_time> first_at;
  std::optional<wall_time> last_at;
};

/// The configuration as the API's JSON.
[[nodiscard]] json::value to_json(const stream_config& config);

/// Reads the API's JSON. @returns `ec::malformed` for what is no stream configuration.
[[nodiscard]] result<stream_config> stream_config_from(const json::value& document);

/// Reads the answer to `STREAM.INFO`, `STREAM.CREATE` or `STREAM.UPDATE`.
[[nodiscard]] result<stream_info> parse_stream_info(std::string_view body);

/// Asks for a stream's information.
[[nodiscard]] api_request stream_info_request(std::string_view stream, monotonic_time deadline);

/// Creates the stream. Repeatable: the same configuration again is no error, another one is
/// (`jetstream_code` 10058).
[[nodiscard]] api_request create_stream_request(const stream_config& config,
                                                monotonic_time deadline);

/// Gives the existing stream this configuration. Deletes messages at once where it lowers limits.
[[nodiscard]] api_request update_stream_request(const stream_config& config,
                                                monotonic_time deadline);

} // namespace nats_mcp::jetstream
