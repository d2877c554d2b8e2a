// SPDX-License-Identifier: MIT
// The lanes work waits in (docs/wire.md, "Work"): one subject and one durable consumer for each
// scope, capability and priority. The only place that builds and reads their names.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/durable_consumer.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::work {

/// Who may take work: everybody, or the agents of the project whose id stands in its place.
inline constexpr std::string_view public_scope = "public";
inline constexpr int priority_min = 1;
inline constexpr int priority_max = 10;
inline constexpr int priority_default = 5;

struct lane {
  /// `public` or a project id.
  std::string scope;
  /// As `capability_token` or `personal_token` write it.
  std::string token;
  int priority = priority_default;

  friend auto operator<=>(const lane&, const lane&) = default;
};

/// Whether the text can be a scope: lower-case letters and digits, so that it is one token of a
/// subject and no consumer's name can mean two lanes.
[[nodiscard]] bool is_scope(std::string_view text) noexcept;
/// The inverse of `personal_token`; nothing for any other token.
[[nodiscard]] std::optional<std::string> guid_of_personal_token(std::string_view token);

/// `work.<scope>.<token>.<priority>`.
[[nodiscard]] std::string lane_subject(const lane& where);
/// `work.<scope>.<token>.*`: all priorities.
[[nodiscard]] std::string lanes_pattern(std::string_view scope, std::string_view token);
/// The inverse of `lane_subject`; nothing for what is none.
[[nodiscard]] std::optional<lane> parse_lane_subject(std::string_view subject);

/// The consumer of a lane, `<scope>-<token>-<priority>`. @param ack_wait of whoever makes it; all
/// others use what they find. @param hold the longest a worker holds an item without a report.
[[nodiscard]] jetstream::durable_consumer
lane_consumer(const lane& where, std::chrono::nanoseconds ack_wait, std::chrono::nanoseconds hold);

/// A lane with something in it, work in progress included.
struct waiting_lane {
  lane where;
  std::uint64_t messages = 0;
};

struct waiting_lanes {
  /// The most urgent first.
  std::vector<waiting_lane> asked_for;
  /// How many lanes of anybody have something in them; absent: the server did not say.
  std::optional<std::uint64_t> in_all;
};

/// Stands for every scope or every token where lanes are asked for.
inline constexpr std::string_view any_scope = "*";
inline constexpr std::string_view any_token = "*";
/// As long as there are no more lanes than these, one question for all of them costs less than one
/// for each capability.
inline constexpr std::uint64_t lanes_asked_for_at_once_max = 64;

/// Asks which lanes of a scope and token have something in them; `parse_waiting_lanes` reads the
/// answer.
[[nodiscard]] jetstream::api_request
waiting_lanes_request(std::string_view scope, std::string_view token, monotonic_time deadline);
[[nodiscard]] result<waiting_lanes> parse_waiting_lanes(std::string_view reply);

} // namespace nats_mcp::work
