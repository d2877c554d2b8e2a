// SPDX-License-Identifier: MIT
// How much mail of an agent is stored and was not read: the stream keeps a message until its reader
// has acknowledged it, so what is stored is what is unread, whoever holds it.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <string_view>

namespace nats_mcp::messaging {

/// `read_inbox_count` reads the answer.
[[nodiscard]] jetstream::api_request inbox_count_request(std::string_view guid,
                                                         monotonic_time deadline);
/// Nothing was ever sent where there is no stream. @returns the other errors of the reply, and
/// `ec::malformed`.
[[nodiscard]] result<std::uint64_t> read_inbox_count(const result<jetstream::api_reply>& reply);

} // namespace nats_mcp::messaging
