// SPDX-License-Identifier: MIT
// What a burst of messages leaves behind: a watch that begins is sent a whole bucket at once, and
// the allocator keeps the room of it for a next time that may never come
// (docs/decisions/0027-memory-of-bursts-goes-back.md).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace nats_mcp::transport {

/// Gives memory nobody uses back to the system, of all threads. Whoever allocates from the same
/// heap meanwhile waits: milliseconds, with many small gaps and a busy computer some hundred of
/// them.
/// @threadsafe
void release_spare_memory() noexcept;

/// Decides when: some time after a burst, since those who work it off need its memory, and not
/// often. One thread's, the connection's.
class spare_memory {
public:
  using clock = std::chrono::steady_clock;

  /// So many bytes between two looks at the clock that are `burst_span` apart are a burst; what
  /// less leaves behind is not worth the time.
  static constexpr std::size_t burst_bytes_min = 512 * 1024;
  static constexpr std::chrono::seconds burst_span{1};
  /// How long a burst is left alone.
  static constexpr std::chrono::seconds rest{3};
  /// Bursts that follow each other need their memory again.
  static constexpr std::chrono::seconds release_interval_min{60};

  explicit spare_memory(std::function<void()> release);

  /// To be told of all that comes.
  void note(std::size_t bytes, clock::time_point now);
  /// The connection was made anew: everything that is watched comes again.
  void connected(clock::time_point now);
  /// Releases it if it is time.
  void look(clock::time_point now);
  /// When to look again; `clock::time_point::max()`: no need to.
  [[nodiscard]] clock::time_point due() const noexcept { return due_; }

private:
  void plan(clock::time_point now);

  std::function<void()> release_;
  clock::time_point span_end_ = clock::time_point::min();
  std::size_t bytes_in_span_ = 0;
  clock::time_point due_ = clock::time_point::max();
  clock::time_point next_release_ = clock::time_point::min();
};

} // namespace nats_mcp::transport
