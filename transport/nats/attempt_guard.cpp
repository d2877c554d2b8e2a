// SPDX-License-Identifier: MIT
#include "transport/nats/attempt_guard.hpp"

#include <charconv>
#include <filesystem>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace nats_mcp::transport {

namespace {

/// How late an attempt that takes too long may be noticed.
constexpr std::chrono::milliseconds between_looks{100};

/// The port of whoever is at the other end of a TCP connection; 0 for anything else.
std::uint16_t peer_port(int number) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(number, reinterpret_cast<sockaddr*>(&peer), &size) != 0) {
    return 0;
  }
  if (peer.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(peer).sin_port);
  }
  return peer.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6&>(peer).sin6_port)
                                    : std::uint16_t{0};
}

struct open_socket {
  int number = -1;
  ino_t node = 0;
};

/// Every socket of this process that is connected to one of the ports.
std::vector<open_socket> sockets_to(const std::set<std::uint16_t>& ports) {
  std::vector<open_socket> found;
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd", unreadable}) {
    const auto name = entry.path().filename().string();
    int number = -1;
    std::from_chars(name.data(), name.data() + name.size(), number);
    struct stat facts {};
    if (::fstat(number, &facts) == 0 && S_ISSOCK(facts.st_mode)
        && ports.contains(peer_port(number))) {
      found.push_back({number, facts.st_ino});
    }
  }
  return found;
}

} // namespace

attempt_guard::attempt_guard(options choice)
  : options_{std::move(choice)} {
  for (const auto& one : sockets_to(options_.ports)) {
    others_.insert(one.node);
  }
  thread_ = std::jthread{[this](const std::stop_token& over) { watch(over); }};
}

void attempt_guard::watch(const std::stop_token& over) {
  std::unique_lock guard{mutex_};
  while (!sleep_.wait_for(guard, over, between_looks, [&over] { return over.stop_requested(); })) {
    look(std::chrono::steady_clock::now());
  }
}

void attempt_guard::look(time_point now) {
  for (const auto& one : sockets_to(options_.ports)) {
    if (others_.contains(one.node)) {
      continue;
    }
    const auto first = seen_.try_emplace(one.node, now).first->second;
    if (now - first >= options_.patience) {
      ::shutdown(one.number, SHUT_RDWR);
      intervened_ = true;
    }
  }
}

} // namespace nats_mcp::transport
