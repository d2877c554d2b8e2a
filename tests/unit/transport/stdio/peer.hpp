// SPDX-License-Identifier: MIT
// The client's side of a link in tests: two real pipes (or socket pairs), reads with a deadline,
// and a counter that tests wait on instead of sleeping.
#pragma once

#include "transport/process/descriptor.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport::testing {

/// No test waits longer for anything; reaching it is a failure.
inline constexpr std::chrono::seconds patience{10};

/// How often something happened.
class counter {
public:
  void increment() {
    {
      std::lock_guard lock{mutex_};
      ++count_;
    }
    changed_.notify_all();
  }

  /// Waits until it happened `count` times. @returns whether it did.
  bool reaches(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [&] { return count_ >= count; });
  }

  int count() {
    std::lock_guard lock{mutex_};
    return count_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

inline pipe_ends pipe_pair() { return std::move(make_pipe().value()); }

/// Like Node's standard streams: `read` and `write` are the two ends of one socket pair.
inline pipe_ends socket_pair() {
  int ends[2] = {-1, -1};
  (void)::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
  return {descriptor{ends[0]}, descriptor{ends[1]}};
}

inline void write_all(const descriptor& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(to.number(), bytes.data(), bytes.size());
    if (count <= 0) {
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// Writes as much as the other side takes; gives up when it takes nothing for `silence`.
inline std::size_t write_until_refused(const descriptor& to, std::string_view bytes,
                                       std::chrono::milliseconds silence) {
  ::fcntl(to.number(), F_SETFL, O_NONBLOCK);
  std::size_t written = 0;
  pollfd waiting{to.number(), POLLOUT, 0};
  while (written < bytes.size() && ::poll(&waiting, 1, static_cast<int>(silence.count())) > 0) {
    const auto count = ::write(to.number(), bytes.data() + written, bytes.size() - written);
    if (count > 0) {
      written += static_cast<std::size_t>(count);
    }
  }
  return written;
}

/// Reads `count` bytes, fewer only at the end of the stream or of the test's patience.
inline std::string read_bytes(const descriptor& from, std::size_t count) {
  std::string bytes;
  pollfd waiting{from.number(), POLLIN, 0};
  const auto until = std::chrono::steady_clock::now() + patience;
  while (bytes.size() < count && std::chrono::steady_clock::now() < until
         && ::poll(&waiting, 1, 1000) >= 0) {
    char buffer[65536];
    const auto got = waiting.revents == 0 ? -1
                                          : ::read(from.number(), buffer,
                                                   std::min(sizeof buffer, count - bytes.size()));
    if (got == 0) {
      break;
    }
    bytes.append(buffer, static_cast<std::size_t>(got > 0 ? got : 0));
  }
  return bytes;
}

/// Reads up to a line feed, which is not returned.
inline std::string read_line(const descriptor& from) {
  std::string line;
  for (auto next = read_bytes(from, 1); !next.empty() && next != "\n"; next = read_bytes(from, 1)) {
    line += next;
  }
  return line;
}

} // namespace nats_mcp::transport::testing
