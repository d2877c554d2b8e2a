// SPDX-License-Identifier: MIT
#include "protocol/http/page_sessions.hpp"

#include "protocol/http/wrong_tokens.hpp"
#include "protocol/limits/http.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::http {

void page_sessions::open(std::string secret, monotonic_time now) {
  if (sessions_.size() >= limits::page_sessions_max) {
    sessions_.erase(
      std::min_element(sessions_.begin(), sessions_.end(), [](const auto& left, const auto& right) {
        return left.used_at < right.used_at;
      }));
  }
  sessions_.push_back({std::move(secret), now});
}

bool page_sessions::use(const std::string& secret, monotonic_time now) {
  std::erase_if(sessions_, [now](const session& one) {
    return one.used_at + limits::page_session_idle_max <= now;
  });
  bool is_open = false;
  for (auto& one : sessions_) {
    if (equal_in_constant_time(secret, one.secret)) {
      one.used_at = now;
      is_open = true;
    }
  }
  return is_open;
}

void page_sessions::close(const std::string& secret) {
  std::erase_if(sessions_,
                [&](const session& one) { return equal_in_constant_time(secret, one.secret); });
}

std::optional<std::string> cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    auto one = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
      return std::string{one.substr(name.size() + 1)};
    }
  }
  return std::nullopt;
}

} // namespace nats_mcp::http
