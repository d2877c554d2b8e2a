// SPDX-License-Identifier: MIT
// Direct messages and inboxes in NATS (docs/wire.md, "Inboxes"): names, the stream, the payload.
// The only place that builds and reads them.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/direct_message_tools.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::messaging {

inline constexpr std::string_view inbox_stream_name = "AGENT_INBOX";

/// One stream for everybody: work-queue retention, discard-new per subject, nothing accepted is
/// dropped for 7 days.
[[nodiscard]] jetstream::stream_config inbox_stream(std::uint32_t replicas);

/// `inbox.<recipient>.<sender>`.
[[nodiscard]] std::string inbox_subject(std::string_view recipient_guid,
                                        std::string_view sender_guid);
/// `inbox.<recipient>.*`: everything for one agent.
[[nodiscard]] std::string inbox_pattern(std::string_view recipient_guid);
/// The name of an agent's durable consumer, `inbox-<guid>`.
[[nodiscard]] std::string inbox_consumer(std::string_view recipient_guid);

struct inbox_address {
  std::string recipient_guid;
  std::string sender_guid;

  friend bool operator==(const inbox_address&, const inbox_address&) = default;
};
/// The inverse of `inbox_subject`; nothing for what is none.
[[nodiscard]] std::optional<inbox_address> parse_inbox_subject(std::string_view subject);

/// What a sender stores.
struct direct_message_payload {
  std::string id;
  std::string sender_guid;
  std::string sender_handle;
  std::string recipient_guid;
  tools::message_type type = tools::message_type::text;
  std::string content;
  /// An object; empty = none.
  json::value metadata = json::value::object();
  wall_time timestamp{};
};

[[nodiscard]] std::string write_direct_message(const direct_message_payload& message);

/// A delivery of an inbox as its reader is shown it. Payloads that strangers wrote are shown as
/// what they are; the sender's guid is always the subject's.
[[nodiscard]] tools::direct_message read_direct_message(const jetstream::delivery& delivery);

} // namespace nats_mcp::messaging
