// SPDX-License-Identifier: MIT
// What a stream's parts need of the server around them: who listens, and a way to be heard.
#pragma once

#include "protocol/jetstream/wire_message.hpp"

#include "tests/simulation/jetstream/instant.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace nats_mcp::simulation {

struct outlet {
  /// Whether anybody is subscribed to this subject.
  std::function<bool(const std::string& subject)> has_interest;
  /// Sends `message` to whoever is subscribed to `to`.
  std::function<void(const std::string& to, jetstream::incoming message)> send;
  /// A stream took a message, as `sequence`. May be empty: nobody keeps a journal.
  std::function<void(const std::string& stream, const jetstream::outgoing& message,
                     std::uint64_t sequence, instant now)>
    stored{};
};

/// A message without payload that says how a request stands, such as 404 "No Messages".
[[nodiscard]] inline jetstream::incoming status_message(int status, std::string description) {
  jetstream::incoming message;
  message.status = status;
  if (!description.empty()) {
    message.headers.emplace_back("Description", std::move(description));
  }
  return message;
}

} // namespace nats_mcp::simulation
