// SPDX-License-Identifier: MIT
// The browsers that are logged in, each known by a secret in a cookie of its own. Pure and bounded.
#pragma once

#include "protocol/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::http {

class page_sessions {
public:
  /// @param secret as hard to guess as a token.
  void open(std::string secret, monotonic_time now);
  /// Whether it is open; it is used now.
  [[nodiscard]] bool use(const std::string& secret, monotonic_time now);
  void close(const std::string& secret);

private:
  struct session {
    std::string secret;
    monotonic_time used_at;
  };
  std::vector<session> sessions_;
};

/// The value of a cookie among those of a request.
[[nodiscard]] std::optional<std::string> cookie_value(std::string_view cookies,
                                                      std::string_view name);

} // namespace nats_mcp::http
