// SPDX-License-Identifier: MIT
// Who may ask what over HTTP: the token, logged-in browsers, and no other site's doing. Decides by
// the request and `now`; the routes behind it only serve. Not thread-safe.
#pragma once

#include "protocol/http/address.hpp"
#include "protocol/http/page_sessions.hpp"
#include "protocol/http/request.hpp"
#include "protocol/http/wrong_tokens.hpp"
#include "protocol/time.hpp"

#include <optional>
#include <string>

namespace nats_mcp::http {

class access_policy {
public:
  /// @pre `check(where, terms)` has no objection; the port is the one that is served.
  access_policy(address where, access_terms terms);

  /// What is answered instead, if the request may not be served.
  [[nodiscard]] std::optional<reply> refusal(const request& asked, monotonic_time now);

  /// A browser that has just shown the token is logged in under this secret.
  /// @returns the `Set-Cookie` for it.
  [[nodiscard]] std::string log_in(const std::string& secret, monotonic_time now);
  /// @returns the `Set-Cookie` that ends it.
  [[nodiscard]] std::string log_out(const request& asked);

  [[nodiscard]] bool has_token() const noexcept { return !terms_.token.empty(); }

private:
  [[nodiscard]] std::optional<reply> token_refusal(const std::string& authorization,
                                                   const std::string& from, monotonic_time now);
  [[nodiscard]] bool is_logged_in(const request& asked, monotonic_time now);
  [[nodiscard]] std::string cookie_name() const;

  address where_;
  access_terms terms_;
  wrong_tokens wrong_;
  page_sessions sessions_;
};

/// What the login form is made of, which everybody may see.
[[nodiscard]] bool is_public(std::string_view path);

} // namespace nats_mcp::http
