// SPDX-License-Identifier: MIT
// Where to start reading so that exactly the newest N messages of a stream come. Sequences may have
// gaps (messages deleted or expired one by one), so the start cannot be computed; it is searched
// for, asking only how many messages a start would yield. Without gaps the first guess is right.
#pragma once

#include <cstdint>

namespace nats_mcp::messaging {

/// What a stream says of itself.
struct stream_extent {
  std::uint64_t messages = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
};

/// A search over start sequences. Ask `start()`, count the messages from there, `report` the count,
/// until `done()`. Ends within 130 reports (64 doublings, 64
/// halvings, the first and the last guess).
class newest_window {
public:
  /// @param wanted at least 1.
  newest_window(stream_extent extent, std::uint64_t wanted) noexcept;

  /// The sequence to start reading at.
  [[nodiscard]] std::uint64_t start() const noexcept { return start_; }

  /// Takes how many messages there are from `start()` on.
  void report(std::uint64_t available) noexcept;

  /// Whether reading from `start()` yields what is wanted, with not much before it.
  [[nodiscard]] bool done() const noexcept { return done_; }

  /// How many of the messages from `start()` on to leave out, oldest first. Valid when `done()`.
  [[nodiscard]] std::uint64_t surplus() const noexcept { return surplus_; }

private:
  /// The next start to try while none has yielded enough: twice as far from the end.
  [[nodiscard]] std::uint64_t wider() const noexcept;

  stream_extent extent_;
  std::uint64_t wanted_;
  /// The newest start known to yield enough.
  std::uint64_t enough_from_;
  /// The oldest start known to yield too little.
  std::uint64_t too_few_from_;
  std::uint64_t start_;
  std::uint64_t surplus_ = 0;
  bool widening_ = true;
  bool done_ = false;
};

} // namespace nats_mcp::messaging
