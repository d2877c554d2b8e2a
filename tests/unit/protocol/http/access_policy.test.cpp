// SPDX-License-Identifier: MIT
// Who may ask what: every refusal, and what is not refused.
#include "protocol/http/access_policy.hpp"

#include "protocol/limits/http.hpp"

#include "tests/unit/protocol/http/asking.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::http::access_policy_test {
namespace {

using namespace std::chrono_literals;
using testing::by_page;
using testing::by_tool;
using testing::by_visitor;
using testing::start;
using testing::token;
using testing::with_token;

class access : public ::testing::Test {
protected:
  /// 200: not refused.
  static int status(access_policy& policy, const request& asked, monotonic_time now = start) {
    const auto refused = policy.refusal(asked, now);
    return refused ? refused->status : 200;
  }
  static std::string header(const reply& from, std::string_view name) {
    for (const auto& [one, value] : from.headers) {
      if (one == name) {
        return value;
      }
    }
    return {};
  }
  /// As a browser sends back what `Set-Cookie` says.
  static request with_cookie(request asked, const std::string& set_cookie) {
    asked.cookie = "other=1; " + set_cookie.substr(0, set_cookie.find(';'));
    return asked;
  }

  access_policy open_{parse_address("127.0.0.1:7280").value(), {}};
  access_policy guarded_{parse_address("0.0.0.0:7280").value(), {token, {"page.example"}}};
};

TEST_F(access, without_a_token_is_for_this_computer) {
  EXPECT_EQ(status(open_, by_visitor("/")), 200);
  EXPECT_EQ(status(open_, by_tool("GET", "/metrics")), 200);
  EXPECT_EQ(status(open_, by_page("POST", "/dead-letters/x/retry")), 200);
  auto asked = by_tool("GET", "/metrics");
  asked.host = "evil.example:7280";
  EXPECT_EQ(status(open_, asked), 421);
  asked.host = "10.0.0.1:7280";
  EXPECT_EQ(status(open_, asked), 421);
  asked.host.reset();
  EXPECT_EQ(status(open_, asked), 400);
}

TEST_F(access, with_a_token_is_for_whoever_shows_it) {
  for (const auto* path : {"/", "/page.js", "/readyz", "/metrics", "/events", "/session", "/x"}) {
    EXPECT_EQ(status(guarded_, by_tool("GET", path)), 401) << path;
    EXPECT_EQ(status(guarded_, with_token(by_tool("GET", path))), 200) << path;
  }
  EXPECT_EQ(status(guarded_, with_token(by_tool("POST", "/dead-letters/x/retry"))), 200)
    << "a tool needs no other header";
  auto by_other_means = by_tool("GET", "/metrics");
  by_other_means.authorization = "Basic " + token;
  EXPECT_EQ(status(guarded_, by_other_means), 401);
}

TEST_F(access, to_health_and_the_login_form_is_everybodys) {
  for (const auto* path : {"/healthz", "/login.css", "/login.js", "/theme.js", "/icon.svg"}) {
    EXPECT_EQ(status(guarded_, by_visitor(path)), 200) << path;
  }
  auto probe = by_tool("GET", "/healthz");
  probe.host = "pod-17.example";
  EXPECT_EQ(status(guarded_, probe), 200);
  EXPECT_NE(status(guarded_, by_tool("POST", "/healthz")), 200);
}

TEST_F(access, is_refused_to_wrong_tokens_ever_more_slowly) {
  const auto wrong = with_token(by_tool("GET", "/metrics"), "a-token-nobody-can-guesS");
  for (std::uint32_t sent = 0; sent < limits::http_wrong_tokens_max; ++sent) {
    const auto refused = guarded_.refusal(wrong, start);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 401);
    EXPECT_EQ(header(*refused, "WWW-Authenticate"), "Bearer realm=\"coordinator\"");
  }
  const auto refused = guarded_.refusal(wrong, start);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 429);
  EXPECT_EQ(header(*refused, "Retry-After"), "3");
  auto elsewhere = wrong;
  elsewhere.from = "10.0.0.9";
  EXPECT_EQ(status(guarded_, elsewhere), 401);
  EXPECT_EQ(status(guarded_, wrong, start + 3s), 401);
  EXPECT_EQ(status(guarded_, wrong, start + 3s), 429);
}

TEST_F(access, is_given_to_the_right_token_whatever_others_of_its_address_sent) {
  const auto wrong = with_token(by_tool("GET", "/metrics"), "a-token-nobody-can-guesS");
  for (std::uint32_t sent = 0; sent < 100 * limits::http_wrong_tokens_max; ++sent) {
    (void)guarded_.refusal(wrong, start);
  }
  ASSERT_EQ(status(guarded_, wrong), 429);
  EXPECT_EQ(status(guarded_, with_token(by_tool("GET", "/metrics"))), 200)
    << "behind a proxy all clients are one address";
  EXPECT_EQ(status(guarded_, with_token(by_page("POST", "/login"))), 200);
  EXPECT_EQ(status(guarded_, wrong), 429) << "which settles nothing for those that are wrong";
}

TEST_F(access, of_a_browser_is_by_a_cookie_once_it_showed_the_token) {
  ASSERT_EQ(status(guarded_, with_token(by_page("POST", "/login"))), 200);
  const auto cookie = guarded_.log_in("s3cret", start);
  EXPECT_EQ(cookie, "nats_mcp_page_7280=s3cret; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_EQ(cookie.find(token), std::string::npos);
  EXPECT_EQ(status(guarded_, with_cookie(by_page("GET", "/events"), cookie)), 200);
  EXPECT_EQ(status(guarded_, with_cookie(by_page("POST", "/dead-letters/x/retry"), cookie)), 200);
  EXPECT_EQ(status(guarded_, with_cookie(by_page("GET", "/events"), "nats_mcp_page_7280=s3creT")),
            401);
  EXPECT_EQ(status(guarded_, with_cookie(by_page("GET", "/events"), "nats_mcp_page_1=s3cret")),
            401);
  EXPECT_EQ(status(guarded_, with_cookie(by_page("GET", "/events"), cookie),
                   start + limits::page_session_idle_max),
            401);
}

TEST_F(access, ends_with_the_logout) {
  const auto cookie = guarded_.log_in("s3cret", start);
  const auto gone = guarded_.log_out(with_cookie(by_page("POST", "/logout"), cookie));
  EXPECT_NE(gone.find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(status(guarded_, with_cookie(by_page("GET", "/events"), cookie)), 401);
}

TEST_F(access, by_a_cookie_is_not_for_other_sites) {
  const auto cookie = guarded_.log_in("s3cret", start);
  auto forged = with_cookie(by_page("POST", "/dead-letters/x/discard"), cookie);
  forged.origin = "http://evil.example";
  EXPECT_EQ(status(guarded_, forged), 403);
  forged = with_cookie(by_page("POST", "/dead-letters/x/discard"), cookie);
  forged.page_header.reset();
  EXPECT_EQ(status(guarded_, forged), 403);
  auto rebound = with_cookie(by_page("GET", "/events"), cookie);
  rebound.host = "evil.example:7280";
  EXPECT_EQ(status(guarded_, rebound), 421);
}

TEST_F(access, by_a_login_is_not_for_other_sites) {
  auto forged = with_token(by_page("POST", "/login"));
  forged.page_header.reset();
  EXPECT_EQ(status(guarded_, forged), 403);
  forged = with_token(by_page("POST", "/login"));
  forged.host = "evil.example";
  EXPECT_EQ(status(guarded_, forged), 421);
}

TEST_F(access, by_a_name_is_by_one_that_was_given) {
  auto asked = by_visitor("/login.js");
  asked.host = "page.example";
  EXPECT_EQ(status(guarded_, asked), 200);
  auto scrape = with_token(by_tool("GET", "/metrics"));
  scrape.host = "coordinator.monitoring.svc:7280";
  EXPECT_EQ(status(guarded_, scrape), 200) << "whoever shows the token is not led astray";
}

TEST_F(access, is_to_what_is_asked_for_properly) {
  auto asked = by_tool("GET", "/");
  asked.target_bytes = limits::http_target_bytes_max + 1;
  EXPECT_EQ(status(open_, asked), 414);
  asked = by_page("POST", "/dead-letters/x/retry");
  asked.has_body = true;
  EXPECT_EQ(status(open_, asked), 413);
  for (const auto* method : {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"}) {
    EXPECT_EQ(status(open_, by_tool(method, "/")), 405) << method;
  }
  EXPECT_EQ(status(open_, by_tool("HEAD", "/")), 200);
}

} // namespace
} // namespace nats_mcp::http::access_policy_test
