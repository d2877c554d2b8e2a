// SPDX-License-Identifier: MIT
#include "transport/http/listening_socket.hpp"

#include "protocol/limits/http.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

struct socket_address {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

socket_address address_of(const http::address& where) {
  socket_address out;
  if (where.is_v6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(where.port);
    ::inet_pton(AF_INET6, where.host.c_str(), &v6.sin6_addr);
    std::memcpy(&out.storage, &v6, sizeof v6);
    out.length = sizeof v6;
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(where.port);
    ::inet_pton(AF_INET, where.host.c_str(), &v4.sin_addr);
    std::memcpy(&out.storage, &v4, sizeof v4);
    out.length = sizeof v4;
  }
  return out;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &length);
  // The port stands at the same place in both.
  sockaddr_in v4{};
  std::memcpy(&v4, &storage, sizeof v4);
  return ntohs(v4.sin_port);
}

} // namespace

result<listening_socket> listen_at(http::address where) {
  const auto failed = [&] {
    return tl::make_unexpected(system_failure("Cannot serve HTTP at " + to_text(where), errno));
  };
  descriptor socket{
    ::socket(where.is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket) {
    return failed();
  }
  const int yes = 1;
  // A port whose last owner has just ended is free; one that is owned is not shared.
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (where.is_v6) {
    ::setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  }
  const auto address = address_of(where);
  if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address.storage), address.length)
        != 0
      || ::listen(socket.number(), limits::http_backlog) != 0) {
    return failed();
  }
  where.port = port_of(socket.number());
  return listening_socket{std::move(socket), std::move(where)};
}

} // namespace nats_mcp::transport
