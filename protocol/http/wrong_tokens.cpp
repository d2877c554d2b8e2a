// SPDX-License-Identifier: MIT
#include "protocol/http/wrong_tokens.hpp"

#include "protocol/limits/http.hpp"

#include <algorithm>
#include <cstddef>

namespace nats_mcp::http {

namespace {

/// So much may be owed by wrong tokens before the next one has to wait.
constexpr auto credit = (limits::http_wrong_tokens_max - 1) * limits::http_wrong_token_pause;

} // namespace

std::chrono::milliseconds wrong_tokens::wait_for(const std::string& from,
                                                 monotonic_time now) const {
  auto known = settled_at_.find(from);
  if (known == settled_at_.end() && settled_at_.size() >= limits::http_wrong_addresses_max) {
    known = settled_at_.find(std::string{});
  }
  if (known == settled_at_.end() || known->second <= now + credit) {
    return {};
  }
  return std::chrono::ceil<std::chrono::milliseconds>(known->second - now - credit);
}

void wrong_tokens::sent_by(const std::string& from, monotonic_time now) {
  if (!settled_at_.contains(from) && settled_at_.size() >= limits::http_wrong_addresses_max) {
    make_room(now);
  }
  const bool has_room =
    settled_at_.contains(from) || settled_at_.size() < limits::http_wrong_addresses_max;
  auto& settled = settled_at_[has_room ? from : std::string{}];
  settled = std::max(settled, now) + limits::http_wrong_token_pause;
}

void wrong_tokens::make_room(monotonic_time now) {
  std::erase_if(settled_at_, [now](const auto& one) { return one.second <= now; });
}

bool equal_in_constant_time(const std::string& given, const std::string& wanted) {
  if (wanted.empty()) {
    return false;
  }
  // As long as what was given, which whoever gave it knows.
  unsigned different = given.size() == wanted.size() ? 0 : 1;
  for (std::size_t at = 0; at < given.size(); ++at) {
    const auto one = static_cast<unsigned char>(given[at]);
    const auto other = static_cast<unsigned char>(wanted[at % wanted.size()]);
    different |= static_cast<unsigned>(one ^ other);
  }
  return different == 0;
}

} // namespace nats_mcp::http
