// SPDX-License-Identifier: MIT
#include "transport/http/socket_stream.hpp"

#include "protocol/limits/http.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

/// What is thrown away at once while a connection ends.
constexpr std::size_t drained_bytes = 4096;

int milliseconds_until(monotonic_time deadline) {
  const auto left =
    std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

bool is_over(monotonic_time deadline) { return std::chrono::steady_clock::now() >= deadline; }

} // namespace

socket_stream::socket_stream(descriptor socket, std::string received, const wake_up& stop,
                             std::size_t read_bytes_max)
  : socket_{std::move(socket)}
  , stop_{stop}
  , read_bytes_left_{read_bytes_max - std::min(received.size(), read_bytes_max)}
  , received_{std::move(received)} {
  // nop
}

bool socket_stream::wait(short events) {
  for (;;) {
    std::array<pollfd, 2> entries{pollfd{socket_.number(), events, 0},
                                  pollfd{stop_.number(), POLLIN, 0}};
    const auto ready = ::poll(entries.data(), entries.size(), milliseconds_until(deadline_));
    if (entries[1].revents != 0 || (ready < 0 && errno != EINTR)) {
      return false;
    }
    if (ready > 0) {
      return true;
    }
    if (is_over(deadline_)) {
      return false;
    }
  }
}

std::size_t socket_stream::receive(char* to, std::size_t size_max) {
  while (wait(POLLIN)) {
    const auto count = ::recv(socket_.number(), to, size_max, MSG_DONTWAIT);
    if (count >= 0) {
      return static_cast<std::size_t>(count);
    }
    if (errno != EAGAIN && errno != EINTR) {
      return 0;
    }
  }
  return 0;
}

std::size_t socket_stream::read(char* to, std::size_t size_max) {
  if (received_read_ < received_.size()) {
    const auto count = received_.copy(to, size_max, received_read_);
    received_read_ += count;
    return count;
  }
  if (buffer_begin_ == buffer_end_) {
    if (read_bytes_left_ == 0) {
      return 0; // whatever comes, nobody reads it: not worth waiting for
    }
    buffer_begin_ = 0;
    buffer_end_ = receive(buffer_.data(), std::min(buffer_.size(), read_bytes_left_));
    read_bytes_left_ -= buffer_end_;
  }
  const auto count = std::min(size_max, buffer_end_ - buffer_begin_);
  std::memcpy(to, buffer_.data() + buffer_begin_, count);
  buffer_begin_ += count;
  return count;
}

bool socket_stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count =
      ::send(socket_.number(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR && (errno != EAGAIN || !wait(POLLOUT))) {
      return false;
    }
    if (is_over(deadline_) && !bytes.empty()) {
      return false;
    }
  }
  return true;
}

bool socket_stream::can_read() { return holds_bytes() || (read_bytes_left_ > 0 && wait(POLLIN)); }

bool socket_stream::can_write() { return wait(POLLOUT); }

socket_stream::waking socket_stream::wait_for(int bell, std::chrono::milliseconds at_most) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    // Whatever a client sends on such a connection means its end, or nothing we would wait for.
    std::array<pollfd, 3> entries{pollfd{bell, POLLIN, 0}, pollfd{socket_.number(), POLLRDHUP, 0},
                                  pollfd{stop_.number(), POLLIN, 0}};
    const auto ready = ::poll(entries.data(), entries.size(), milliseconds_until(until));
    if (entries[1].revents != 0 || entries[2].revents != 0 || (ready < 0 && errno != EINTR)) {
      return waking::end;
    }
    if (entries[0].revents != 0) {
      return waking::bell;
    }
    if (is_over(until)) {
      return waking::time;
    }
  }
}

void socket_stream::finish() {
  ::shutdown(socket_.number(), SHUT_WR);
  deadline_ = std::chrono::steady_clock::now() + limits::http_linger_max;
  std::array<char, drained_bytes> rest{};
  std::size_t drained = 0;
  while (drained < limits::http_head_bytes_max) {
    const auto count = receive(rest.data(), rest.size());
    if (count == 0) {
      return;
    }
    drained += count;
  }
}

std::string socket_stream::peer() const {
  sockaddr_storage where{};
  socklen_t length = sizeof where;
  std::array<char, NI_MAXHOST> host{};
  if (::getpeername(socket_.number(), reinterpret_cast<sockaddr*>(&where), &length) != 0
      || ::getnameinfo(reinterpret_cast<sockaddr*>(&where), length, host.data(), host.size(),
                       nullptr, 0, NI_NUMERICHOST)
           != 0) {
    return {};
  }
  return host.data();
}

} // namespace nats_mcp::transport
