// SPDX-License-Identifier: MIT
// One NATS message as it goes out and as it comes in: what the pure cores and the transport
// exchange. Nothing here knows the client library.
#pragma once

#include "protocol/jetstream/command.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

/// A message to be written.
struct outgoing {
  std::string subject;
  /// Where answers go; empty = nobody answers.
  std::string reply;
  jetstream::headers headers;
  std::string payload;
};

/// A message that was received.
struct incoming {
  std::string subject;
  std::string reply;
  jetstream::headers headers;
  std::string payload;
  /// The code of a status message (100 heartbeat or flow control, 404, 408, 409, 503); 0 =
  /// ordinary.
  int status = 0;
};

/// The first value of the header `name` (compared exactly, as NATS does), or empty.
[[nodiscard]] inline std::string_view header(const headers& all, std::string_view name) noexcept {
  const auto found =
    std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.first == name; });
  return found == all.end() ? std::string_view{} : std::string_view{found->second};
}

/// What is known about the server side when an answer is judged.
struct server_facts {
  enum class verdict { unknown, enabled, disabled };
  /// Whether JetStream answers for this account.
  verdict jetstream = verdict::unknown;
  /// Whether the server is one of a cluster, where a stream may be without a leader for a moment.
  bool clustered = false;
};

} // namespace nats_mcp::jetstream
