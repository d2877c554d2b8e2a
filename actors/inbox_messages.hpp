// SPDX-License-Identifier: MIT
// The messages between the session and the inbox. All of them stay inside one process.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/direct_message_tools.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>

namespace nats_mcp {

struct send_direct {
  tools::send_direct_message_arguments arguments;
  monotonic_time deadline;
};

struct read_inbox {
  call_id call{};
  tools::read_direct_messages_arguments arguments;
  /// For the requests the read needs; waiting for mail lasts as long as the arguments say.
  monotonic_time deadline;
  /// Only looks: nothing of it counts as read, whatever becomes of the answer.
  bool peek = false;
};

/// The answer of this call is with the client: what it showed is read now.
struct direct_messages_shown {
  call_id call{};
};
/// The answer of this call never got to the client: what it would have shown is unread.
struct direct_messages_not_shown {
  call_id call{};
};
/// The session was restarted: every answer under way counts as never shown, nobody waits any more.
struct inbox_readers_gone {};

/// Waits until there is mail that nobody was shown; answers with the number, 0 when the time passed
/// without any.
struct wait_for_mail {
  call_id call{};
  std::chrono::milliseconds timeout{0};
  monotonic_time deadline;
};
struct mail_news {
  std::uint64_t unread = 0;
};
/// Ends a wait or a waiting read whose caller withdrew; its request is answered `cancelled`.
struct cancel_mail_wait {
  call_id call{};
};

/// The inbox tells the session: how much is unread, as far as known.
struct unread_mail {
  std::uint64_t unread = 0;
};

/// INTERNAL of the inbox: what the timer was set for.
enum class inbox_moment : std::uint8_t { wait_over, renew, acknowledge, count };
struct inbox_timer {
  inbox_moment due = inbox_moment::count;
  /// With `wait_over`.
  call_id call{};
  std::uint64_t generation = 0;
};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::send_direct)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::read_inbox)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::direct_messages_shown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::direct_messages_not_shown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::inbox_readers_gone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::wait_for_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::mail_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::cancel_mail_wait)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::unread_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::inbox_timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::send_direct_message_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::read_direct_messages_result)
