// SPDX-License-Identifier: MIT
// Every refusal, as a client meets it. The rules by themselves: tests/unit/protocol/http.
#include "tests/unit/transport/http/serving.hpp"

namespace nats_mcp::transport::http_server_access_test {
namespace {

using testing::item_id;
using testing::page_headers;
using testing::raw_client;
using testing::token;

class a_guarded_server : public testing::served {
protected:
  void SetUp() override { serve({token, {}}); }

  /// As a browser that was given the cookie.
  [[nodiscard]] httplib::Headers log_in() const {
    const auto answer = client().Post(
      "/login", {{"Authorization", "Bearer " + token}, {"X-Nats-Mcp", "page"}}, "", "");
    EXPECT_EQ(answer->status, 204);
    const auto cookie = answer->get_header_value("Set-Cookie");
    return {{"Cookie", cookie.substr(0, cookie.find(';'))}};
  }
};

TEST_F(a_guarded_server, lets_in_who_has_the_token) {
  EXPECT_EQ(get("/metrics"), 401);
  EXPECT_EQ(get("/metrics", {{"Authorization", "Bearer " + token}}), 200);
  EXPECT_EQ(get("/metrics", {{"Authorization", "Bearer x" + token}}), 401);
  EXPECT_EQ(get("/healthz"), 200);
}

TEST_F(a_guarded_server, has_a_form_for_browsers) {
  const auto answer = client().Get("/");
  EXPECT_EQ(answer->status, 401);
  EXPECT_EQ(answer->get_header_value("WWW-Authenticate"), "Bearer realm=\"coordinator\"");
  EXPECT_NE(answer->body.find("<form"), std::string::npos);
  EXPECT_EQ(answer->body.find("page.js"), std::string::npos);
  EXPECT_EQ(get("/login.js"), 200);
  EXPECT_EQ(get("/page.js"), 401);
}

TEST_F(a_guarded_server, knows_a_browser_by_its_cookie) {
  const auto cookie = log_in();
  EXPECT_EQ(get("/", cookie), 200);
  EXPECT_EQ(get("/page.js", cookie), 200);
  EXPECT_EQ(get("/session", cookie), 204);
  EXPECT_EQ(cookie.begin()->second.find(token), std::string::npos);
  auto change = cookie;
  change.emplace("X-Nats-Mcp", "page");
  EXPECT_EQ(post("/dead-letters/" + item_id + "/retry", change), 200);
  EXPECT_EQ(post("/logout", change), 204);
  EXPECT_EQ(get("/session", cookie), 401);
}

TEST_F(a_guarded_server, gives_every_browser_another_cookie) {
  EXPECT_NE(log_in().begin()->second, log_in().begin()->second);
}

TEST_F(a_guarded_server, slows_down_who_guesses) {
  int refused = 0;
  for (int tries = 0; tries < 12; ++tries) {
    refused = get("/metrics", {{"Authorization", "Bearer guess-number-" + std::to_string(tries)}});
  }
  EXPECT_EQ(refused, 429);
  EXPECT_EQ(get("/healthz"), 200);
}

class an_open_server : public testing::served {
protected:
  void SetUp() override { serve(); }

  [[nodiscard]] std::string here() const { return "127.0.0.1:" + std::to_string(port()); }
};

TEST_F(an_open_server, is_not_asked_under_another_name) {
  EXPECT_EQ(get("/events", {{"Host", "evil.example"}}), 421);
  EXPECT_EQ(get("/", {{"Host", "evil.example"}}), 421);
  EXPECT_EQ(get("/", {{"Host", "localhost"}}), 200);
  raw_client nameless{port()};
  nameless.say("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(nameless.hears_the_end());
  EXPECT_TRUE(nameless.heard("HTTP/1.1 400"));
  raw_client two_named{port()};
  two_named.say("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");
  EXPECT_TRUE(two_named.hears_the_end());
  EXPECT_TRUE(two_named.heard("HTTP/1.1 400"));
}

TEST_F(an_open_server, is_not_asked_by_other_sites) {
  EXPECT_EQ(get("/events", {{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(get("/metrics", {{"Origin", "http://evil.example"}}), 403);
  EXPECT_EQ(get("/metrics", {{"Origin", "null"}}), 403);
  EXPECT_EQ(get("/metrics", {{"Origin", "http://" + here()}}), 200);
}

TEST_F(an_open_server, is_not_changed_by_other_sites) {
  const auto path = "/dead-letters/" + item_id + "/discard";
  EXPECT_EQ(post(path), 403) << "as a form of another site would";
  EXPECT_EQ(post(path, {{"X-Nats-Mcp", "page"}, {"Origin", "http://evil.example"}}), 403);
  EXPECT_EQ(post(path, {{"X-Nats-Mcp", "page"}, {"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_FALSE(asked_);
  EXPECT_EQ(post(path, {{"X-Nats-Mcp", "page"}, {"Origin", "http://" + here()}}), 200);
  EXPECT_EQ(client().Options(path)->status, 405) << "nothing is allowed to other sites in advance";
}

TEST_F(an_open_server, has_nothing_to_log_in_to) {
  EXPECT_EQ(post("/login", page_headers), 404);
  EXPECT_EQ(get("/session"), 204);
}

} // namespace
} // namespace nats_mcp::transport::http_server_access_test
