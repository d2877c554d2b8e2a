// SPDX-License-Identifier: MIT
#include "protocol/tools/shown_work.hpp"

#include "protocol/text.hpp"
#include "protocol/tools/shown_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace nats_mcp::tools {

namespace {

/// How an attempt ended, in words.
std::string ending(const work_attempt& attempt) {
  if (attempt.end == "open") {
    return "under way";
  }
  return attempt.end == "lease-over" ? "lease over" : one_line(attempt.end);
}

std::string shown_attempt(const work_attempt& attempt) {
  auto out = "\n**Attempt " + std::to_string(attempt.number) + ":** "
             + named(attempt.worker_handle, attempt.worker_guid) + ", ";
  out += attempt.ended_at.empty()
           ? "since " + one_line(attempt.started_at)
           : one_line(attempt.started_at) + " to " + one_line(attempt.ended_at);
  out += ", " + ending(attempt);
  out += attempt.progress ? " at " + percent(*attempt.progress) : std::string{};
  return out + titled("Error", attempt.error) + titled("Note", attempt.note);
}

} // namespace

std::string named(std::string_view handle, std::string_view guid) {
  if (handle.empty() || guid.empty()) {
    return handle.empty() && guid.empty() ? "somebody unknown"
                                          : shown_name(handle.empty() ? guid : handle);
  }
  return shown_name(handle) + " (" + shown_name(guid) + ")";
}

std::string percent(double progress) {
  // Somebody else's record may hold anything.
  const auto tenths = std::floor(std::clamp(progress, 0.0, 100.0) * 10);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), std::fmod(tenths, 10) == 0 ? "%.0f%%" : "%.1f%%",
                tenths / 10);
  return text.data();
}

std::string out_of(std::int64_t attempt, std::int64_t attempts_max) {
  return std::to_string(attempt) + " of " + std::to_string(attempts_max);
}

std::string shown_lease(const work_lease& lease) {
  auto out = one_line(lease.until);
  // Times as we write them are in order when their texts are.
  if (lease.held_until > lease.until) {
    out += ", renewed by itself until " + one_line(lease.held_until);
  }
  return out + "; report_progress extends it";
}

std::string titled(std::string_view title, std::string_view text) {
  return text.empty() ? std::string{}
                      : "\n**" + std::string{title} + ":** " + shown_within_line(text, claim_lines);
}

std::string titled_object(std::string_view title, const json::value& object) {
  return object.empty() ? std::string{}
                        : "\n**" + std::string{title} + ":** " + one_line(json::write(object));
}

std::string shown_attempts(const std::vector<work_attempt>& attempts) {
  std::string out;
  for (const auto& attempt : attempts) {
    out += shown_attempt(attempt);
  }
  return out;
}

std::string shown_state(const work_summary& item) {
  std::string out{to_text(item.state)};
  switch (item.state) {
    case work_state::pending:
      return item.attempt < item.attempts_max
               ? out + ", attempt " + out_of(item.attempt + 1, item.attempts_max) + " is next"
               : out;
    case work_state::claimed:
      out += " by " + named(item.worker_handle, {}) + ", attempt "
             + out_of(item.attempt, item.attempts_max);
      return item.progress ? out + " at " + percent(*item.progress) : out;
    case work_state::completed:
    case work_state::dead:
    case work_state::cancelled:
    case work_state::discarded:
      break;
  }
  return item.attempt > 0 ? out + ", attempt " + out_of(item.attempt, item.attempts_max) : out;
}

} // namespace nats_mcp::tools
