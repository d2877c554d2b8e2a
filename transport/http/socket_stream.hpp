// SPDX-License-Identifier: MIT
// The bytes of one accepted connection, with a deadline for all of them and a bound on what is
// read: a slow or endless client costs a thread so long, and no longer.
#pragma once

#include "protocol/time.hpp"

#include "transport/process/descriptor.hpp"
#include "transport/process/wake_up.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// Used by one thread.
class socket_stream {
public:
  enum class waking : std::uint8_t { bell, time, end };

  /// @param received what came already.
  /// @param stop ends every wait; outlives this.
  /// @param read_bytes_max after which there is nothing more to read.
  socket_stream(descriptor socket, std::string received, const wake_up& stop,
                std::size_t read_bytes_max);

  /// For whatever is read or written from now on.
  void set_deadline(monotonic_time deadline) noexcept { deadline_ = deadline; }

  /// @returns how many bytes came; 0 at the end, the deadline, the bound, or when stopped.
  [[nodiscard]] std::size_t read(char* to, std::size_t size_max);
  /// @returns whether all of it was handed to the system by the deadline.
  [[nodiscard]] bool write(std::string_view bytes);
  [[nodiscard]] bool can_read();
  [[nodiscard]] bool can_write();

  /// Waits until `bell` is readable, for so long at most; `end` when the other side is gone or this
  /// one is to stop.
  [[nodiscard]] waking wait_for(int bell, std::chrono::milliseconds at_most);

  /// Says that nothing follows, and reads what still comes for a while: an end of ours before the
  /// client's would take our answer away from it.
  void finish();

  /// Of the other end, without its port.
  [[nodiscard]] std::string peer() const;
  [[nodiscard]] int number() const noexcept { return socket_.number(); }

private:
  /// Whether something that came is not read yet.
  [[nodiscard]] bool holds_bytes() const noexcept {
    return received_read_ < received_.size() || buffer_begin_ < buffer_end_;
  }
  /// Whether the socket is ready for `events` before the deadline.
  [[nodiscard]] bool wait(short events);
  [[nodiscard]] std::size_t receive(char* to, std::size_t size_max);

  descriptor socket_;
  const wake_up& stop_;
  std::size_t read_bytes_left_;
  monotonic_time deadline_{};
  /// What was received before this was made, and how much of it was read.
  std::string received_;
  std::size_t received_read_ = 0;
  /// What was received since and not read yet.
  std::array<char, 4096> buffer_{};
  std::size_t buffer_begin_ = 0;
  std::size_t buffer_end_ = 0;
};

} // namespace nats_mcp::transport
