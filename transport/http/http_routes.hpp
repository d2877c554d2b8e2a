// SPDX-License-Identifier: MIT
// What is answered to which request, once its bytes are read and before any are written: the rules
// of access, then the routes. Knows neither sockets nor a library of HTTP.
#pragma once

#include "protocol/error.hpp"
#include "protocol/http/access_policy.hpp"
#include "protocol/http/address.hpp"
#include "protocol/http/request.hpp"

#include "transport/http/http_door.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::transport {

/// Sent with every answer: nothing of another site in the page, and the page in no other one.
[[nodiscard]] const std::vector<std::pair<std::string, std::string>>& security_headers();

/// @threadsafe
class http_routes {
public:
  /// @param new_secret makes what cannot be guessed, from any thread; an error makes the login
  /// fail.
  http_routes(http::address where, http::access_terms terms, std::shared_ptr<http_door> door,
              std::function<result<std::string>()> new_secret);

  /// May wait for the actor behind the door, as long as limits/http.hpp says.
  [[nodiscard]] http::reply answer(const http::request& asked);

private:
  [[nodiscard]] http::reply serve(const http::request& asked);
  [[nodiscard]] http::reply serve_change(const http::request& asked);
  [[nodiscard]] http::reply ask(question what, monotonic_time give_up_at);
  [[nodiscard]] http::reply log_in();
  [[nodiscard]] http::reply log_out(const http::request& asked);

  std::shared_ptr<http_door> door_;
  std::function<result<std::string>()> new_secret_;
  std::mutex mutex_;
  /// Under the mutex.
  http::access_policy policy_;
};

} // namespace nats_mcp::transport
