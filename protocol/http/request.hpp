// SPDX-License-Identifier: MIT
// A request and its answer as plain values: what the rules look at, whoever reads the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::http {

struct request {
  std::string method;
  /// Without the query.
  std::string path;
  /// Of the path and what stands behind it, as sent.
  std::size_t target_bytes = 0;
  /// Each of them is absent, too, when it came more than once.
  std::optional<std::string> host;
  std::optional<std::string> origin;
  std::optional<std::string> authorization;
  std::optional<std::string> cookie;
  std::optional<std::string> fetch_site;
  std::optional<std::string> fetch_mode;
  std::optional<std::string> fetch_destination;
  /// What no other site can make a browser send.
  std::optional<std::string> page_header;
  std::optional<std::string> last_event_id;
  bool has_body = false;
  /// Whom the connection is from, without the port.
  std::string from;
};

struct reply {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// No response of this size: the connection carries events from here on.
  bool is_event_stream = false;
};

/// A sentence as an answer.
[[nodiscard]] inline reply sentence(int status, std::string text) {
  reply out;
  out.status = status;
  out.body = std::move(text) + "\n";
  return out;
}

/// The name of the header in `page_header`.
inline constexpr std::string_view page_header_name = "X-Nats-Mcp";

} // namespace nats_mcp::http
