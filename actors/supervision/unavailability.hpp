// SPDX-License-Identifier: MIT
// What callers read while a part is down, and how a failure is put into words: the sentences of the
// supervisor, apart from its decisions.
#pragma once

#include "protocol/supervision/child_policy.hpp"

#include <caf/error.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace nats_mcp {

/// An ordered shutdown is a normal end, as in OTP; everything else is a failure.
[[nodiscard]] supervision::ending supervision_ending(const caf::error& reason);

/// The failure in words, at most `limits::failure_bytes_max` bytes. @param part whose failure it
/// is.
[[nodiscard]] std::string describe_failure(const caf::error& reason, std::string_view part);

/// `text`, cut at `limits::failure_bytes_max` bytes on a character boundary.
[[nodiscard]] std::string bounded_failure(std::string_view text);

/// It failed and is being restarted.
[[nodiscard]] std::string restarting_sentence(const std::string& part, const std::string& failure);
/// It failed too often; the next try comes in `delay`.
[[nodiscard]] std::string given_up_sentence(const std::string& part, const std::string& failure,
                                            std::chrono::milliseconds delay);
/// It waits until the part it builds on runs again.
[[nodiscard]] std::string waiting_sentence(const std::string& part, const std::string& needed);
/// It ended and its policy says to leave it.
[[nodiscard]] std::string ended_sentence(const std::string& part, const std::string& failure);
/// The program is ending.
[[nodiscard]] std::string stopped_sentence(const std::string& part);

} // namespace nats_mcp
