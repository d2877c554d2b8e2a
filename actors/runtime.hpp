// SPDX-License-Identifier: MIT
// What actors need of the world besides messages: civil time, randomness, and the fault tests'
// probe. Handed in at construction; a simulation hands in seeded ones.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"

#include "actors/supervision/actor_shell.hpp"

#include <chrono>
#include <functional>
#include <string_view>

namespace nats_mcp {

struct runtime {
  /// Civil time, for time stamps in payloads. Callable from any thread.
  std::function<wall_time()> wall_clock;
  random_source random;
  /// See `message_probe`; empty in production.
  message_probe probe;
  /// How long the computer has been asleep since it was started, of which the monotonic clock knows
  /// nothing. Empty: it never sleeps. Callable from any thread.
  std::function<std::chrono::nanoseconds()> asleep{};
  /// Told of entries of our buckets that nobody of us wrote, again with every look; must neither
  /// block nor throw. Empty: nobody wants to know. Callable from any thread.
  std::function<void(std::string_view bucket, const jetstream::kv_entry& entry)> unreadable{};
};

inline void tell_unreadable(const runtime& world, std::string_view bucket,
                            const jetstream::kv_entry& entry) {
  if (world.unreadable) {
    world.unreadable(bucket, entry);
  }
}

/// What `asleep` says; nothing without it.
[[nodiscard]] inline std::chrono::nanoseconds time_asleep(const runtime& world) {
  return world.asleep ? world.asleep() : std::chrono::nanoseconds{0};
}

} // namespace nats_mcp
