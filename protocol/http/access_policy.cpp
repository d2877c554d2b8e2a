// SPDX-License-Identifier: MIT
#include "protocol/http/access_policy.hpp"

#include "protocol/http/site_rules.hpp"
#include "protocol/limits/http.hpp"

#include <chrono>
#include <utility>

namespace nats_mcp::http {

namespace {

constexpr std::string_view bearer = "Bearer ";

std::optional<reply> malformed(const request& asked) {
  if (asked.target_bytes > limits::http_target_bytes_max) {
    return sentence(414, "Nothing here has such a long address.");
  }
  if (asked.has_body) {
    return sentence(413, "No request here has a body.");
  }
  if (asked.method != "GET" && asked.method != "HEAD" && asked.method != "POST") {
    auto out = sentence(405, "Only GET, HEAD and POST are answered.");
    out.headers.emplace_back("Allow", "GET, HEAD, POST");
    return out;
  }
  return std::nullopt;
}

bool is_bearer(const std::optional<std::string>& authorization) {
  return authorization && authorization->starts_with(bearer);
}

reply unauthorized(std::string text) {
  auto out = sentence(401, std::move(text));
  out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"coordinator\"");
  return out;
}

} // namespace

bool is_public(std::string_view path) {
  return path == "/login.css" || path == "/login.js" || path == "/theme.js" || path == "/icon.svg";
}

access_policy::access_policy(address where, access_terms terms)
  : where_{std::move(where)}
  , terms_{std::move(terms)} {
  // nop
}

std::optional<reply> access_policy::refusal(const request& asked, monotonic_time now) {
  if (auto wrong = malformed(asked)) {
    return wrong;
  }
  if (asked.path == "/healthz" && asked.method != "POST") {
    return std::nullopt; // says nothing but that somebody is there
  }
  const bool shows_token = has_token() && is_bearer(asked.authorization);
  if (shows_token) {
    if (auto wrong = token_refusal(*asked.authorization, asked.from, now)) {
      return wrong;
    }
  }
  // A tool that shows the token is no browser that was led astray; a login is a browser's.
  const bool is_tool = shows_token && asked.path != "/login";
  if (!asked.host) {
    return sentence(400, "A request needs exactly one Host header.");
  }
  if (!is_tool && !is_own_host(*asked.host, terms_.host_names, !has_token())) {
    return sentence(421, "This server is not known under the name in the Host header. Ask for its"
                         " address, or name it when the coordinator is started.");
  }
  if (auto why = cross_site(asked)) {
    return sentence(403, std::move(*why));
  }
  if (asked.method == "POST" && !is_tool) {
    if (auto why = forged_change(asked)) {
      return sentence(403, std::move(*why));
    }
  }
  if (!has_token() || shows_token || is_public(asked.path) || is_logged_in(asked, now)) {
    return std::nullopt;
  }
  return unauthorized("This needs the coordinator's token: \"Authorization: Bearer ...\" with the"
                      " value of NATS_MCP_HTTP_TOKEN.");
}

std::optional<reply> access_policy::token_refusal(const std::string& authorization,
                                                  const std::string& from, monotonic_time now) {
  // The right one passes whatever others did: behind a proxy all of them are one address.
  if (equal_in_constant_time(authorization.substr(bearer.size()), terms_.token)) {
    return std::nullopt;
  }
  if (const auto wait = wrong_.wait_for(from, now); wait > wait.zero()) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    auto out =
      sentence(429, "Too many wrong tokens came from there. Try again in " + std::to_string(seconds)
                      + (seconds == 1 ? " second." : " seconds."));
    out.headers.emplace_back("Retry-After", std::to_string(seconds));
    return out;
  }
  wrong_.sent_by(from, now);
  return unauthorized("That is not this coordinator's token.");
}

bool access_policy::is_logged_in(const request& asked, monotonic_time now) {
  const auto secret = cookie_value(asked.cookie.value_or(std::string{}), cookie_name());
  return secret && sessions_.use(*secret, now);
}

std::string access_policy::log_in(const std::string& secret, monotonic_time now) {
  sessions_.open(secret, now);
  return cookie_name() + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict";
}

std::string access_policy::log_out(const request& asked) {
  if (const auto secret = cookie_value(asked.cookie.value_or(std::string{}), cookie_name())) {
    sessions_.close(*secret);
  }
  return cookie_name() + "=gone; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
}

std::string access_policy::cookie_name() const {
  // Browsers do not tell ports apart in cookies; two coordinators of one computer are two.
  return "nats_mcp_page_" + std::to_string(where_.port);
}

} // namespace nats_mcp::http
