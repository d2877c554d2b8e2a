// SPDX-License-Identifier: MIT
#include "actors/supervision/unavailability.hpp"

#include "protocol/limits.hpp"

#include "actors/error_bridge.hpp"

#include <caf/exit_reason.hpp>
#include <caf/to_string.hpp>

namespace nats_mcp {

namespace {

std::string subject(const std::string& part) { return "The part \"" + part + "\" of this server "; }

std::string because(const std::string& failure) {
  return failure.empty() ? std::string{} : " (" + failure + ")";
}

/// "1 s", "7 s", "5 min": a promise for a reader, not a measurement.
std::string about(std::chrono::milliseconds delay) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(delay).count();
  return seconds < 120 ? std::to_string(seconds) + " s" : std::to_string(seconds / 60) + " min";
}

} // namespace

supervision::ending supervision_ending(const caf::error& reason) {
  const bool normal =
    !reason || reason == caf::exit_reason::normal || reason == caf::exit_reason::user_shutdown;
  return normal ? supervision::ending::normal : supervision::ending::abnormal;
}

std::string describe_failure(const caf::error& reason, std::string_view part) {
  if (reason == caf::exit_reason::kill) {
    return "it was killed";
  }
  if (const auto* what = crash_text(reason)) {
    return bounded_failure(*what);
  }
  if (reason.category() == caf::detail::error_factory<ec>::category) {
    return bounded_failure(from_caf(reason, part).message);
  }
  return bounded_failure(caf::to_string(reason));
}

std::string bounded_failure(std::string_view text) {
  if (text.size() <= limits::failure_bytes_max) {
    return std::string{text};
  }
  auto end = limits::failure_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
    --end;
  }
  return std::string{text.substr(0, end)};
}

std::string restarting_sentence(const std::string& part, const std::string& failure) {
  return subject(part) + "ended" + because(failure) + " and is being restarted. Try again.";
}

std::string given_up_sentence(const std::string& part, const std::string& failure,
                              std::chrono::milliseconds delay) {
  return subject(part) + "is unavailable: it failed too often" + because(failure)
         + ". It is tried again in about " + about(delay) + "; everything else works on.";
}

std::string waiting_sentence(const std::string& part, const std::string& needed) {
  return subject(part) + "waits for the part \"" + needed
         + "\", which is being restarted. Try again.";
}

std::string ended_sentence(const std::string& part, const std::string& failure) {
  return subject(part) + "has ended" + because(failure) + " and is not restarted.";
}

std::string stopped_sentence(const std::string& part) {
  return subject(part) + "is stopped because the server is shutting down.";
}

} // namespace nats_mcp
