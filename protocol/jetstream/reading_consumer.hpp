// SPDX-License-Identifier: MIT
// The short-lived pull consumer behind one batch read of a stream: acknowledges nothing, lives in
// memory, vanishes by itself seconds after its reader did.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

struct reading_consumer {
  std::string stream;
  /// The subject to read, or a pattern; part of the API subject, so that NATS permissions can allow
  /// it.
  std::string filter_subject;
  /// Unique; chosen by the reader.
  std::string name;
  std::uint64_t start_sequence = 1;
};

/// The request that creates it. Not repeatable: a second one meets the first.
[[nodiscard]] api_request create_request(const reading_consumer& consumer, monotonic_time deadline);

/// The request that deletes it once it has been read.
[[nodiscard]] api_request delete_request(const reading_consumer& consumer, monotonic_time deadline);

/// How many messages the new consumer will deliver, from the server's answer to `create_request`.
[[nodiscard]] result<std::uint64_t> available_messages(std::string_view reply);

/// The server's clock when it made the consumer, from the same answer; nothing if it does not say.
[[nodiscard]] std::optional<wall_time> creation_time(std::string_view reply);

/// Whether a pull that does not wait brought all there was: up to 2.10 servers say `expired` for it
/// when they had something.
[[nodiscard]] constexpr bool found_no_more(pull_end end) noexcept {
  return end == pull_end::no_messages || end == pull_end::expired;
}

} // namespace nats_mcp::jetstream
