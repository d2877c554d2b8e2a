// SPDX-License-Identifier: MIT
// What the connection reports, in the order in which it happened. Copied out of the library's
// memory, so it may be kept.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/wire_message.hpp"
#include "protocol/time.hpp"

#include "transport/nats/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace nats_mcp::transport {

/// Names one of the connection's subscriptions; chosen by whoever subscribes. Zero is the inbox.
enum class subscription_key : std::uint64_t { inbox = 0 };

struct message_received {
  subscription_key source = subscription_key::inbox;
  jetstream::incoming message;
};

/// Ready: the inbox and everything wanted is subscribed.
struct connection_made {
  std::uint64_t epoch = 0;
  /// Without credentials.
  std::string server;
  std::size_t max_payload_bytes = 0;
  bool clustered = false;
  /// As far as whoever named the endpoint knew it; may be empty.
  std::string server_version{};
};

struct connection_lost {
  std::uint64_t epoch = 0;
  error reason;
};

/// One attempt to connect failed; the next comes by itself.
struct connection_failed {
  monotonic_time began;
  error reason;
};

/// The server refused one subject.
struct subject_refused {
  refused_subject refusal;
};

using event = std::variant<message_received, connection_made, connection_lost, connection_failed,
                           subject_refused>;

} // namespace nats_mcp::transport
