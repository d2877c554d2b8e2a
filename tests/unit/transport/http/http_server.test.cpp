// SPDX-License-Identifier: MIT
// What is served, and what is not there.
#include "tests/unit/transport/http/serving.hpp"

namespace nats_mcp::transport::http_server_test {
namespace {

using testing::item_id;
using testing::page_headers;
using testing::raw_client;

class a_server : public testing::served {};

TEST_F(a_server, says_that_it_lives) {
  serve();
  const auto answer = client().Get("/healthz");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "live\n");
  EXPECT_FALSE(asked_) << "nobody else has to be asked";
}

TEST_F(a_server, says_whether_it_is_ready_and_why_not) {
  serve();
  EXPECT_EQ(get("/readyz"), 200);
  answer_ = fail(ec::unavailable, "NATS is not reached.");
  const auto answer = client().Get("/readyz");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "NATS is not reached.\n");
  EXPECT_EQ(asked_->kind, question_kind::readiness);
}

TEST_F(a_server, gives_numbers_to_whoever_scrapes) {
  serve();
  answer_ = "nats_mcp_agents 1\n";
  const auto answer = client().Get("/metrics");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "nats_mcp_agents 1\n");
  EXPECT_EQ(answer->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(a_server, gives_the_page_with_all_its_parts) {
  serve();
  for (const auto* path : {"/", "/page.css", "/page.js", "/theme.js", "/icon.svg", "/work.js"}) {
    const auto answer = client().Get(path);
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(answer->status, 200) << path;
    EXPECT_GT(answer->body.size(), 100U) << path;
  }
  EXPECT_EQ(client().Get("/")->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(client().Head("/page.js")->body, "");
}

TEST_F(a_server, lets_no_browser_do_more_than_it_has_to) {
  serve();
  for (const auto* path : {"/", "/healthz", "/nowhere"}) {
    const auto answer = client().Get(path);
    ASSERT_TRUE(answer) << path;
    const auto policy = answer->get_header_value("Content-Security-Policy");
    EXPECT_EQ(policy.rfind("default-src 'none';", 0), 0U) << path;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << path;
    EXPECT_EQ(answer->get_header_value("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(answer->get_header_value("Referrer-Policy"), "no-referrer") << path;
    EXPECT_EQ(answer->get_header_value("Cache-Control"), "no-store") << path;
    EXPECT_FALSE(answer->has_header("Access-Control-Allow-Origin")) << path;
  }
}

TEST_F(a_server, has_nothing_else) {
  serve();
  for (const auto* path : {"/nowhere", "/page.js/", "/../page.js", "/%2e%2e/etc/passwd",
                           "/..%2f..%2fetc%2fpasswd", "/page.js%00", "//page.js", "/PAGE.JS"}) {
    EXPECT_EQ(get(path), 404) << path;
  }
}

TEST_F(a_server, passes_on_what_is_to_become_of_a_dead_letter) {
  serve();
  EXPECT_EQ(post("/dead-letters/" + item_id + "/retry", page_headers), 200);
  EXPECT_EQ(asked_->kind, question_kind::retry);
  EXPECT_EQ(asked_->item_id, item_id);
  EXPECT_EQ(post("/dead-letters/" + item_id + "/discard", page_headers), 200);
  EXPECT_EQ(asked_->kind, question_kind::discard);
}

TEST_F(a_server, says_what_became_of_it) {
  serve();
  const auto told = [this](ec code) {
    answer_ = fail(code, "This is why.");
    const auto answer = client().Post("/dead-letters/" + item_id + "/retry", page_headers, "", "");
    EXPECT_EQ(answer->body, "This is why.\n");
    return answer->status;
  };
  EXPECT_EQ(told(ec::not_found), 404);
  EXPECT_EQ(told(ec::conflict), 409);
  EXPECT_EQ(told(ec::invalid_argument), 400);
  EXPECT_EQ(told(ec::unknown_outcome), 504);
  EXPECT_EQ(told(ec::permission_denied), 502);
  EXPECT_EQ(told(ec::nats_unreachable), 503);
}

TEST_F(a_server, asks_nobody_about_what_cannot_be) {
  serve();
  EXPECT_EQ(post("/dead-letters/" + item_id + "/destroy", page_headers), 404);
  EXPECT_EQ(post("/dead-letters/" + item_id, page_headers), 404);
  EXPECT_EQ(post("/dead-letters/", page_headers), 404);
  EXPECT_EQ(post("/dead-letters/not-an-id/retry", page_headers), 400);
  EXPECT_EQ(post("/dead-letters/" + item_id + "%2f..%2fx/retry", page_headers), 404);
  EXPECT_EQ(get("/dead-letters/" + item_id + "/retry"), 405);
  EXPECT_EQ(post("/page.js", page_headers), 405);
  EXPECT_EQ(post("/nowhere", page_headers), 404);
  EXPECT_FALSE(asked_);
}

TEST_F(a_server, answers_one_request_on_a_connection) {
  serve();
  raw_client somebody{port()};
  somebody.say("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(somebody.hears_the_end());
  EXPECT_TRUE(somebody.heard("Connection: close"));
  EXPECT_TRUE(somebody.heard("live"));
}

TEST_F(a_server, sends_neither_parts_nor_what_is_compressed) {
  serve();
  const auto answer =
    client().Get("/page.js", {{"Range", "bytes=0-9,20-29"}, {"Accept-Encoding", "br, gzip"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_GT(answer->body.size(), 1000U);
  EXPECT_FALSE(answer->has_header("Content-Encoding"));
}

TEST_F(a_server, is_reached_over_ipv6_as_well) {
  serve({}, "[::1]:0");
  httplib::Client somebody{"::1", port()};
  const auto answer = somebody.Get("/healthz", {{"Host", "[::1]:7280"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
}

TEST_F(a_server, does_not_share_its_port) {
  serve();
  const auto second = http_server::start(
    {http::parse_address("127.0.0.1:" + std::to_string(port())).value(), {}, door_});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ec::system_error);
  EXPECT_NE(second.error().message.find("Cannot serve HTTP at 127.0.0.1:"), std::string::npos);
}

TEST_F(a_server, serves_nobody_else_without_a_token) {
  const auto open = http_server::start({http::parse_address("0.0.0.0:0").value(), {}, door_});
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().code, ec::configuration_invalid);
}

TEST_F(a_server, ends_at_once_whoever_is_there) {
  serve();
  raw_client silent{port()};
  raw_client page{port()};
  page.say("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  page.hear("retry:");
  const auto began = std::chrono::steady_clock::now();
  stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{2});
  EXPECT_TRUE(page.hears_the_end());
  EXPECT_TRUE(silent.hears_the_end());
}

} // namespace
} // namespace nats_mcp::transport::http_server_test
