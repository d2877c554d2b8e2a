// SPDX-License-Identifier: MIT
#include "protocol/work/lanes.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <charconv>

namespace nats_mcp::work {

namespace {

constexpr std::string_view subject_prefix = "work.";

/// What `capability_token` or `personal_token` write.
bool is_token(std::string_view text) {
  return guid_of_personal_token(text).has_value() || capability_of(text).has_value();
}

/// As it is written: no sign, no zero in front.
std::optional<int> parse_priority(std::string_view text) {
  int out = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, out);
  const bool read = status == std::errc{} && rest == end && !text.starts_with('0');
  return read && out >= priority_min && out <= priority_max ? std::optional{out} : std::nullopt;
}

} // namespace

bool is_scope(std::string_view text) noexcept {
  return !text.empty() && text.size() <= limits::name_characters_max
         && std::all_of(text.begin(), text.end(), [](char letter) {
              return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
            });
}

std::optional<std::string> guid_of_personal_token(std::string_view token) {
  if (!token.starts_with(personal_token_begin)) {
    return std::nullopt;
  }
  token.remove_prefix(personal_token_begin.size());
  return agents::is_guid(token) ? std::optional{std::string{token}} : std::nullopt;
}

std::string lane_subject(const lane& where) {
  std::string out{subject_prefix};
  out.append(where.scope).append(1, '.').append(where.token).append(1, '.');
  return out.append(std::to_string(where.priority));
}

std::string lanes_pattern(std::string_view scope, std::string_view token) {
  std::string out{subject_prefix};
  return out.append(scope).append(1, '.').append(token).append(".*");
}

std::optional<lane> parse_lane_subject(std::string_view subject) {
  if (!subject.starts_with(subject_prefix)) {
    return std::nullopt;
  }
  const auto rest = subject.substr(subject_prefix.size());
  const auto after_scope = rest.find('.');
  const auto before_priority = rest.rfind('.');
  if (after_scope == before_priority) {
    return std::nullopt;
  }
  const auto scope = rest.substr(0, after_scope);
  const auto token = rest.substr(after_scope + 1, before_priority - after_scope - 1);
  const auto priority = parse_priority(rest.substr(before_priority + 1));
  if (!priority || !is_scope(scope) || !is_token(token)) {
    return std::nullopt;
  }
  return lane{std::string{scope}, std::string{token}, *priority};
}

jetstream::durable_consumer lane_consumer(const lane& where, std::chrono::nanoseconds ack_wait,
                                          std::chrono::nanoseconds hold) {
  jetstream::durable_consumer out;
  out.stream = work_stream_name;
  out.name = where.scope + '-' + where.token + '-' + std::to_string(where.priority);
  out.filter_subject = lane_subject(where);
  out.ack_wait = ack_wait;
  out.max_ack_pending = -1;
  out.inactive_threshold = hold + limits::lane_idle_slack;
  return out;
}

jetstream::api_request waiting_lanes_request(std::string_view scope, std::string_view token,
                                             monotonic_time deadline) {
  return {std::string{"STREAM.INFO."}.append(work_stream_name),
          json::write({{"subjects_filter", lanes_pattern(scope, token)}}),
          jetstream::repeatable::yes, deadline};
}

result<waiting_lanes> parse_waiting_lanes(std::string_view reply) {
  const auto document = json::parse(reply);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  const auto* state = json::find(*document, "state");
  if (state == nullptr) {
    return fail(ec::malformed, "The NATS server's description of the work queue is incomplete.");
  }
  waiting_lanes out;
  out.in_all = json::unsigned_member(*state, "num_subjects");
  auto& lanes = out.asked_for;
  if (const auto* subjects = json::find(*state, "subjects");
      subjects != nullptr && subjects->is_object()) {
    for (const auto& [subject, count] : subjects->items()) {
      auto where = parse_lane_subject(subject);
      const auto messages = json::unsigned_member(*subjects, subject).value_or(0);
      if (where && messages > 0) {
        lanes.push_back({std::move(*where), messages});
      }
    }
  }
  std::sort(lanes.begin(), lanes.end(), [](const waiting_lane& left, const waiting_lane& right) {
    return left.where.priority != right.where.priority ? left.where.priority > right.where.priority
                                                       : left.where < right.where;
  });
  return out;
}

} // namespace nats_mcp::work
