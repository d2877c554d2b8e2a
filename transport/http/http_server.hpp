// SPDX-License-Identifier: MIT
// Serves the coordinator's page, health and numbers. One thread accepts and waits until a request
// has come, others serve one connection each: a request and its answer, or the events of an open
// page; all of them are started and joined here. cpp-httplib reads requests and writes answers, and
// is included nowhere else; sockets, threads, bounds and events are ours
// (docs/decisions/0023-http-for-the-page.md).
#pragma once

#include "protocol/error.hpp"
#include "protocol/http/address.hpp"

#include "transport/http/http_door.hpp"

#include <memory>

namespace nats_mcp::transport {

/// Serves from its start to its destruction, which closes the door and waits for every thread: as
/// long as a client may take to read what is being written, at most. @threadsafe
class http_server {
  class loop;

public:
  struct options {
    http::address where;
    http::access_terms terms;
    /// Where questions go and events come from.
    std::shared_ptr<http_door> door;
  };

  /// Errors: `configuration_invalid` (see `http::check`), `system_error` such as an address that is
  /// taken.
  [[nodiscard]] static result<std::unique_ptr<http_server>> start(options choice);

  /// INTERNAL: see `start`.
  explicit http_server(std::unique_ptr<loop> running);
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// With the port the system chose, if it was to choose one.
  [[nodiscard]] const http::address& where() const noexcept;

private:
  std::unique_ptr<loop> loop_;
};

/// 256 random bits from the operating system, as 64 hexadecimal digits. @threadsafe
[[nodiscard]] result<std::string> random_secret();

} // namespace nats_mcp::transport
