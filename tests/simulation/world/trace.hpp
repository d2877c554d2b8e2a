// SPDX-License-Identifier: MIT
// What happened in a world, as one number: two runs with the same number took the same course. On
// demand also as text, for somebody who looks for the cause of a failure.
#pragma once

#include "protocol/time.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace nats_mcp::simulation {

class trace {
public:
  /// Receives one line of text for each note; empty = nobody reads.
  using reader = std::function<void(std::string_view)>;

  explicit trace(reader reads);

  /// Something a reader understands: who, and what. Counts for the number.
  void note(monotonic_time now, std::string_view who, std::string_view what);
  /// The turn of one actor: counts for the number, is not written.
  void turn(monotonic_time now, std::uint64_t actor, std::string_view name);

  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }
  [[nodiscard]] std::uint64_t turns() const noexcept { return turns_; }

private:
  void mix(std::uint64_t word) noexcept;
  void mix(std::string_view text) noexcept;

  reader reads_;
  std::uint64_t hash_ = 0xcbf29ce484222325U;
  std::uint64_t turns_ = 0;
};

} // namespace nats_mcp::simulation
