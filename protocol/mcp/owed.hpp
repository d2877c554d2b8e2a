// SPDX-License-Identifier: MIT
// What a session owes its client when it dies, kept by whoever outlives it, so that no request
// stays without an answer. Listen streams live on in the session's checkpoint, so that only the end
// of the process answers them.
#pragma once

#include "protocol/jsonrpc/request_id.hpp"
#include "protocol/mcp/version.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::mcp {

/// One request without an answer: enough to answer it later.
struct owed_answer {
  jsonrpc::request_id id;
  era of = era::legacy;
  /// The batch it came in: its answer belongs into that batch's array. Numbers of one session start
  /// at 1; `owed_by` uses 0.
  std::optional<std::uint64_t> batch;
  /// The line that answers a listen stream when the process ends and no session does it. Empty for
  /// every other request: those are answered as soon as their session is gone.
  std::string at_the_end{};

  [[nodiscard]] bool outlives_its_session() const noexcept { return !at_the_end.empty(); }

  friend bool operator==(const owed_answer&, const owed_answer&) = default;
};

/// What this raw line, which a session did not survive, would have been answered to. Empty for what
/// has no readable id. Never throws: short of memory it says less.
[[nodiscard]] std::vector<owed_answer> owed_by(std::string_view line) noexcept;

/// Error lines (-32603) for all of them, in their order; the members of one batch in one array.
[[nodiscard]] std::vector<std::string> answers_after_crash(const std::vector<owed_answer>& owed);

/// The same for requests that were read and never begun, because the server ends.
[[nodiscard]] std::vector<std::string> answers_at_the_end(const std::vector<owed_answer>& owed);

} // namespace nats_mcp::mcp
