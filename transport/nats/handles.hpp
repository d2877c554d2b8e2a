// SPDX-License-Identifier: MIT
// Ownership of nats.c's objects. Every one of them is released by exactly one of these; nothing
// else calls a `nats…_Destroy`.
#pragma once

#include <nats/nats.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace nats_mcp::transport {

struct options_deleter {
  void operator()(natsOptions* it) const noexcept { natsOptions_Destroy(it); }
};
struct connection_deleter {
  /// Closes first. Waits up to 500 ms if something written is still in the buffer.
  void operator()(natsConnection* it) const noexcept { natsConnection_Destroy(it); }
};
struct message_deleter {
  void operator()(natsMsg* it) const noexcept { natsMsg_Destroy(it); }
};
struct subscription_deleter {
  /// Only on the thread that reads from the connection: nats.c 3.4.1 uses a subscription after it
  /// was destroyed when a message for it arrives at the same moment.
  void operator()(natsSubscription* it) const noexcept {
    natsSubscription_Unsubscribe(it);
    natsSubscription_Destroy(it);
  }
};

using options_handle = std::unique_ptr<natsOptions, options_deleter>;
using connection_handle = std::unique_ptr<natsConnection, connection_deleter>;
using message_handle = std::unique_ptr<natsMsg, message_deleter>;
using subscription_handle = std::unique_ptr<natsSubscription, subscription_deleter>;

/// Messages we are done with, destroyed many at a time: nats.c hands each to a thread of its own,
/// and waking that thread costs more than everything else that is done with a small message. Holds
/// no more than limits::nats_spent_messages_max and limits::nats_spent_bytes_max; not thread-safe.
class spent_messages {
public:
  void add(message_handle message);

private:
  std::vector<message_handle> messages_;
  std::size_t bytes_ = 0;
};

/// Keeps the library open: its timer and callback threads run while one of these exists. Any
/// thread.
[[nodiscard]] std::shared_ptr<const void> open_library();

} // namespace nats_mcp::transport
