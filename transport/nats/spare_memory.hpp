// SPDX-License-Identifier: MIT
// What a burst of messages leaves behind: a watch that begins is sent a whole bucket at once, and
// the allocator keeps the room of it for a next time that may never come.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace nats_mcp::transport {

/// Gives memory nobody uses back to the system, of all threads; takes some milliseconds at most.
void release_spare_memory() noexcept;

/// Decides when: some time after a burst, since those who work it off need its memory.
class spare_memory {
public:
  using clock = std::chrono::steady_clock;

  /// So many bytes within `burst_span` are a burst; what less leaves behind is not worth the time.
  static constexpr std::size_t burst_bytes_min = 256 * 1024;
  static constexpr std::chrono::seconds burst_span{1};
  /// How long a burst is left alone.
  static constexpr std::chrono::seconds rest{3};

  explicit spare_memory(std::function<void()> release = release_spare_memory);

  /// To be told of all that comes.
  void note(std::size_t bytes, clock::time_point now);
  /// Releases it if it is time.
  void look(clock::time_point now);
  /// When to look again; `clock::time_point::max()`: no need to.
  [[nodiscard]] clock::time_point due() const noexcept { return due_; }

private:
  std::function<void()> release_;
  clock::time_point span_end_ = clock::time_point::min();
  std::size_t bytes_in_span_ = 0;
  clock::time_point due_ = clock::time_point::max();
};

} // namespace nats_mcp::transport
