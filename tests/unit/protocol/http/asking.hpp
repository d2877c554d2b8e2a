// SPDX-License-Identifier: MIT
// Requests as browsers and tools send them.
#pragma once

#include "protocol/http/request.hpp"
#include "protocol/time.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace nats_mcp::http::testing {

inline const std::string token = "a-token-nobody-can-guess";
inline constexpr monotonic_time start{std::chrono::hours{1}};

/// From a tool such as curl.
inline request by_tool(std::string method, std::string path) {
  request out;
  out.method = std::move(method);
  out.path = std::move(path);
  out.target_bytes = out.path.size();
  out.host = "127.0.0.1:7280";
  out.from = "127.0.0.1";
  return out;
}

/// From the page itself, in a browser.
inline request by_page(std::string method, std::string path) {
  auto out = by_tool(std::move(method), std::move(path));
  out.fetch_site = "same-origin";
  out.fetch_mode = "cors";
  out.fetch_destination = "empty";
  if (out.method == "POST") {
    out.origin = "http://127.0.0.1:7280";
    out.page_header = "page";
  }
  return out;
}

/// Somebody types the address, or follows a bookmark.
inline request by_visitor(std::string path) {
  auto out = by_tool("GET", std::move(path));
  out.fetch_site = "none";
  out.fetch_mode = "navigate";
  out.fetch_destination = "document";
  return out;
}

inline request with_token(request asked, const std::string& shown = token) {
  asked.authorization = "Bearer " + shown;
  return asked;
}

} // namespace nats_mcp::http::testing
