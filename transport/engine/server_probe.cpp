// SPDX-License-Identifier: MIT
#include "transport/engine/server_probe.hpp"

#include "protocol/json/value.hpp"

#include "transport/process/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

/// A greeting is some hundred bytes; a cluster adds one address per server.
constexpr std::size_t greeting_bytes_max = 64 * 1024;
/// How late a wait may notice that it is not wanted any more.
constexpr std::chrono::milliseconds stop_latency_max{20};

bool flag_member(const json::value& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::string address_text(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

/// Waits for `events`; true when they came, an error after the deadline or the stop.
result<void> wait_for(int socket, short events, std::uint16_t port, monotonic_time deadline,
                      const std::stop_token& stop) {
  for (;;) {
    if (stop.stop_requested()) {
      return fail(ec::cancelled, "The look at " + address_text(port) + " was called off.");
    }
    const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return fail(ec::timeout, "Whoever listens at " + address_text(port)
                                 + " did not greet as a NATS server does in time.");
    }
    pollfd entry{socket, events, 0};
    const auto slice = std::min<std::chrono::milliseconds>(left, stop_latency_max);
    if (::poll(&entry, 1, static_cast<int>(slice.count())) > 0) {
      return {};
    }
  }
}

result<descriptor> connect_to(std::uint16_t port, monotonic_time deadline,
                              const std::stop_token& stop) {
  descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!socket) {
    return tl::make_unexpected(system_failure("Cannot make a socket", errno));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int reason = 0;
  if (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address)
      != 0) {
    reason = errno;
  }
  if (reason == EINPROGRESS) {
    if (auto ready = wait_for(socket.number(), POLLOUT, port, deadline, stop); !ready) {
      return tl::make_unexpected(ready.error());
    }
    socklen_t length = sizeof reason;
    ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &reason, &length);
  }
  if (reason != 0) {
    return fail(ec::nats_unreachable, "No server listens at " + address_text(port) + ".");
  }
  return socket;
}

} // namespace

std::optional<server_greeting> parse_greeting(std::string_view line) {
  constexpr std::string_view verb{"INFO "};
  if (line.substr(0, verb.size()) != verb) {
    return std::nullopt;
  }
  const auto document = json::value::parse(line.substr(verb.size()), nullptr, false);
  if (!document.is_object()) {
    return std::nullopt;
  }
  server_greeting greeting;
  if (const auto version = document.find("version");
      version != document.end() && version->is_string()) {
    greeting.version = version->get_ref<const std::string&>();
  }
  greeting.jetstream = flag_member(document, "jetstream");
  greeting.authentication_required = flag_member(document, "auth_required");
  greeting.tls_required = flag_member(document, "tls_required");
  return greeting;
}

result<server_greeting> read_greeting(std::uint16_t port, monotonic_time deadline,
                                      const std::stop_token& stop) {
  const auto socket = connect_to(port, deadline, stop);
  if (!socket) {
    return tl::make_unexpected(socket.error());
  }
  std::string text;
  std::array<char, 4096> block{};
  while (text.size() <= greeting_bytes_max) {
    if (auto ready = wait_for(socket->number(), POLLIN, port, deadline, stop); !ready) {
      return tl::make_unexpected(ready.error());
    }
    const auto count = ::read(socket->number(), block.data(), block.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
      continue;
    }
    if (count <= 0) {
      return fail(ec::nats_unreachable,
                  "Whoever listens at " + address_text(port) + " closed the connection at once.");
    }
    text.append(block.data(), static_cast<std::size_t>(count));
    if (const auto end = text.find("\r\n"); end != std::string::npos) {
      if (auto greeting = parse_greeting(std::string_view{text}.substr(0, end))) {
        return *greeting;
      }
      break;
    }
  }
  return fail(ec::malformed, "Whoever listens at " + address_text(port) + " is no NATS server.");
}

} // namespace nats_mcp::transport
