// SPDX-License-Identifier: MIT
#include "transport/http/http_routes.hpp"

#include "protocol/coordination/metrics.hpp"
#include "protocol/limits/http.hpp"
#include "protocol/work/streams.hpp"

#include "transport/http/page_files.hpp"

#include <chrono>
#include <string_view>

namespace nats_mcp::transport {

namespace {

using http::reply;
using http::request;
using http::sentence;

reply file(std::string_view path, int status) {
  const auto* found = find_page_file(path);
  if (found == nullptr) {
    return sentence(404, "There is nothing here.");
  }
  reply out;
  out.status = status;
  out.content_type = std::string{found->content_type};
  out.body = std::string{found->content};
  return out;
}

reply nothing() {
  reply out;
  out.status = 204;
  return out;
}

/// By what a failure means for whoever asked.
int status_of(ec code) {
  switch (code) {
    case ec::invalid_argument:
      return 400;
    case ec::not_found:
      return 404;
    case ec::conflict:
      return 409;
    case ec::permission_denied:
    case ec::authentication_failed:
      return 502;
    case ec::timeout:
    case ec::unknown_outcome:
      return 504;
    default:
      return 503;
  }
}

reply method_refused(std::string allowed) {
  auto out = sentence(405, "Only " + allowed + " is answered here.");
  out.headers.emplace_back("Allow", std::move(allowed));
  return out;
}

constexpr std::string_view letters = "/dead-letters/";

} // namespace

const std::vector<std::pair<std::string, std::string>>& security_headers() {
  static const std::vector<std::pair<std::string, std::string>> headers{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
     " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
     " require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Cache-Control", "no-store"},
  };
  return headers;
}

http_routes::http_routes(http::address where, http::access_terms terms,
                         std::shared_ptr<http_door> door,
                         std::function<result<std::string>()> new_secret)
  : door_{std::move(door)}
  , new_secret_{std::move(new_secret)}
  , policy_{std::move(where), std::move(terms)} {
  // nop
}

reply http_routes::answer(const request& asked) {
  std::optional<reply> refused;
  {
    const std::lock_guard lock{mutex_};
    refused = policy_.refusal(asked, std::chrono::steady_clock::now());
  }
  if (!refused) {
    return asked.method == "POST" ? serve_change(asked) : serve(asked);
  }
  if (refused->status == 401 && asked.path == "/" && !asked.authorization) {
    auto form = file("/login.html", 401);
    form.headers = std::move(refused->headers);
    return form;
  }
  return std::move(*refused);
}

reply http_routes::serve(const request& asked) {
  const auto now = std::chrono::steady_clock::now();
  if (asked.path == "/healthz") {
    return sentence(200, "live");
  }
  if (asked.path == "/readyz") {
    return ask({question_kind::readiness, {}, now + limits::http_question_max},
               now + limits::http_question_max);
  }
  if (asked.path == "/metrics") {
    auto out = ask({question_kind::metrics, {}, now + limits::http_question_max},
                   now + limits::http_question_max);
    if (out.status == 200) {
      out.content_type = std::string{coordination::metrics_content_type};
    }
    return out;
  }
  if (asked.path == "/session") {
    return nothing();
  }
  if (asked.path == "/events") {
    reply out;
    out.is_event_stream = asked.method == "GET";
    out.content_type = "text/event-stream";
    return out;
  }
  if (asked.path == "/login" || asked.path == "/logout" || asked.path.starts_with(letters)) {
    return method_refused("POST");
  }
  return file(asked.path == "/" ? "/index.html" : asked.path, 200);
}

reply http_routes::serve_change(const request& asked) {
  if (asked.path == "/login") {
    return log_in();
  }
  if (asked.path == "/logout") {
    return log_out(asked);
  }
  const std::string_view path{asked.path};
  if (!path.starts_with(letters)) {
    return find_page_file(path == "/" ? "/index.html" : path) != nullptr
             ? method_refused("GET")
             : sentence(404, "There is nothing here.");
  }
  const auto rest = path.substr(letters.size());
  const auto slash = rest.find('/');
  const std::string id{rest.substr(0, slash)};
  const auto action = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  if (action != "retry" && action != "discard") {
    return sentence(404, "A dead letter can be retried and discarded, nothing else.");
  }
  if (!work::is_item_id(id)) {
    return sentence(400, "That is no item's id.");
  }
  const auto kind = action == "retry" ? question_kind::retry : question_kind::discard;
  const auto deadline = std::chrono::steady_clock::now() + limits::http_change_max;
  return ask({kind, id, deadline}, deadline + limits::http_change_slack);
}

reply http_routes::ask(question what, monotonic_time give_up_at) {
  auto text = door_->desk.ask(std::move(what), give_up_at);
  if (!text) {
    return sentence(status_of(text.error().code), std::move(text.error().message));
  }
  reply out;
  out.body = std::move(*text);
  return out;
}

reply http_routes::log_in() {
  if (const std::lock_guard lock{mutex_}; !policy_.has_token()) {
    return sentence(404, "There is no token here, and nothing to log in to.");
  }
  auto secret = new_secret_();
  if (!secret) {
    return sentence(503, std::move(secret.error().message));
  }
  auto out = nothing();
  const std::lock_guard lock{mutex_};
  out.headers.emplace_back("Set-Cookie", policy_.log_in(*secret, std::chrono::steady_clock::now()));
  return out;
}

reply http_routes::log_out(const request& asked) {
  auto out = nothing();
  const std::lock_guard lock{mutex_};
  out.headers.emplace_back("Set-Cookie", policy_.log_out(asked));
  return out;
}

} // namespace nats_mcp::transport
