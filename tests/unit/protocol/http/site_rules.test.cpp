// SPDX-License-Identifier: MIT
// What another site may make a browser send, and how it is known.
#include "protocol/http/site_rules.hpp"

#include "tests/unit/protocol/http/asking.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::http::site_rules_test {
namespace {

using testing::by_page;
using testing::by_tool;
using testing::by_visitor;

TEST(an_own_host, is_an_address_or_localhost) {
  for (const auto* host : {"127.0.0.1", "127.0.0.1:7280", "[::1]", "[::1]:7280", "localhost",
                           "LocalHost:1", "127.9.9.9:1"}) {
    EXPECT_TRUE(is_own_host(host, {}, true)) << host;
    EXPECT_TRUE(is_own_host(host, {}, false)) << host;
  }
}

TEST(an_own_host, is_no_name_that_may_lead_here_today) {
  for (const auto* host :
       {"evil.example", "evil.example:7280", "localhost.evil.example", "127.0.0.1.evil.example", "",
        "localhost:", "localhost:x", "[::1", "[::1]x", "[::1]:", "127.1", "0x7f.1", "a b"}) {
    EXPECT_FALSE(is_own_host(host, {}, false)) << host;
  }
}

TEST(an_own_host, is_another_address_only_where_others_may_ask) {
  EXPECT_FALSE(is_own_host("10.0.0.1:7280", {}, true));
  EXPECT_TRUE(is_own_host("10.0.0.1:7280", {}, false));
  EXPECT_TRUE(is_own_host("[fd00::1]", {}, false));
}

TEST(an_own_host, may_have_a_name_that_was_given) {
  EXPECT_TRUE(is_own_host("Coordinator.example:443", {"coordinator.EXAMPLE"}, true));
  EXPECT_FALSE(is_own_host("a.coordinator.example", {"coordinator.example"}, true));
}

TEST(an_origin, is_the_same_with_scheme_host_and_port) {
  EXPECT_TRUE(is_same_origin("http://localhost:7280", "localhost:7280"));
  EXPECT_TRUE(is_same_origin("https://Page.example", "page.example"));
  for (const auto* origin :
       {"null", "", "http://localhost", "http://localhost:7281",
        "http://localhost:7280.evil.example", "file://localhost:7280", "http://localhost:7280/x"}) {
    EXPECT_FALSE(is_same_origin(origin, "localhost:7280")) << origin;
  }
}

TEST(another_site, is_known_by_what_the_browser_says) {
  EXPECT_FALSE(cross_site(by_tool("GET", "/events")));
  EXPECT_FALSE(cross_site(by_page("GET", "/events")));
  EXPECT_FALSE(cross_site(by_visitor("/")));
  for (const auto* site : {"cross-site", "same-site", "anything"}) {
    auto asked = by_page("GET", "/events");
    asked.fetch_site = site;
    EXPECT_TRUE(cross_site(asked)) << site;
  }
}

TEST(another_site, may_lead_a_visitor_to_the_page_and_nowhere_else) {
  auto asked = by_visitor("/");
  asked.fetch_site = "cross-site";
  EXPECT_FALSE(cross_site(asked));
  asked.fetch_destination = "iframe";
  EXPECT_TRUE(cross_site(asked));
  asked = by_visitor("/metrics");
  asked.fetch_site = "cross-site";
  EXPECT_TRUE(cross_site(asked));
}

TEST(another_site, is_known_by_its_origin) {
  auto asked = by_page("GET", "/events");
  for (const auto* origin : {"http://evil.example", "null", "http://127.0.0.1:7281"}) {
    asked.origin = origin;
    EXPECT_TRUE(cross_site(asked)) << origin;
  }
  asked.origin = "http://127.0.0.1:7280";
  EXPECT_FALSE(cross_site(asked));
  asked.host.reset();
  EXPECT_TRUE(cross_site(asked));
}

TEST(a_change, needs_the_header_no_other_site_can_send) {
  auto asked = by_page("POST", "/dead-letters/x/retry");
  EXPECT_FALSE(forged_change(asked));
  asked.page_header.reset();
  EXPECT_TRUE(forged_change(asked));
  auto tool = by_tool("POST", "/dead-letters/x/retry");
  EXPECT_TRUE(forged_change(tool));
  tool.page_header = "curl";
  EXPECT_FALSE(forged_change(tool));
}

TEST(a_change, by_a_browser_says_where_it_comes_from) {
  auto asked = by_page("POST", "/dead-letters/x/retry");
  asked.origin.reset();
  EXPECT_FALSE(forged_change(asked)) << "it says that it is of the same origin";
  asked.fetch_site = "none";
  EXPECT_TRUE(forged_change(asked));
}

} // namespace
} // namespace nats_mcp::http::site_rules_test
