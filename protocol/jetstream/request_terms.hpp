// SPDX-License-Identifier: MIT
// How `request_table` is to treat a request.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::jetstream {

/// Whether a request may be written more than once, on silence and after a lost connection.
enum class repetition : std::uint8_t { never, allowed };
/// Whether a written request may have changed something although no answer came.
enum class consequence : std::uint8_t { none, possible };
/// Over which connections it means the same.
enum class connection_scope : std::uint8_t {
  any,
  /// Only the one that is there when it is submitted: it waits for no other, and ends with that
  /// one.
  present,
};
/// Long polls have a bound of their own: in the window they would keep everything else out.
enum class window_use : std::uint8_t { counted, free };

struct request_terms {
  repetition again = repetition::never;
  consequence effect = consequence::possible;
  window_use window = window_use::counted;
  /// What it costs while it waits.
  std::size_t bytes = 0;
  monotonic_time deadline;
  /// How long it stays written before it is written again, where that is allowed.
  std::chrono::milliseconds repeat_after = limits::publish_repeat_after;
  connection_scope scope = connection_scope::any;
};

} // namespace nats_mcp::jetstream
