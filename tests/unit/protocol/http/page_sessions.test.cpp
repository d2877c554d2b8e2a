// SPDX-License-Identifier: MIT
// Which browsers are logged in, and for how long.
#include "protocol/http/page_sessions.hpp"

#include "protocol/limits/http.hpp"

#include "tests/unit/protocol/http/asking.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::http::page_sessions_test {
namespace {

using namespace std::chrono_literals;
using testing::start;

TEST(a_page_session, is_open_until_it_is_closed) {
  page_sessions all;
  EXPECT_FALSE(all.use("s1", start));
  all.open("s1", start);
  all.open("s2", start);
  EXPECT_TRUE(all.use("s1", start));
  all.close("s1");
  EXPECT_FALSE(all.use("s1", start));
  EXPECT_TRUE(all.use("s2", start));
}

TEST(a_page_session, lasts_as_long_as_somebody_comes_back) {
  page_sessions all;
  all.open("s1", start);
  auto now = start;
  for (int day = 0; day < 5; ++day) {
    now += limits::page_session_idle_max - 1s;
    EXPECT_TRUE(all.use("s1", now));
  }
  EXPECT_FALSE(all.use("s1", now + limits::page_session_idle_max));
  EXPECT_FALSE(all.use("s1", now)) << "it is over for good";
}

TEST(a_page_session, gives_way_when_there_are_many) {
  page_sessions all;
  for (std::size_t one = 0; one < limits::page_sessions_max; ++one) {
    all.open("s" + std::to_string(one), start + one * 1s);
  }
  EXPECT_TRUE(all.use("s0", start + 1h));
  all.open("another", start + 1h);
  EXPECT_TRUE(all.use("s0", start + 1h));
  EXPECT_FALSE(all.use("s1", start + 1h)) << "away longest";
}

TEST(a_cookie, is_found_by_its_whole_name) {
  EXPECT_EQ(cookie_value("a=1; page=2; b=3", "page"), "2");
  EXPECT_EQ(cookie_value("page=x=y", "page"), "x=y");
  EXPECT_EQ(cookie_value(";;  page=", "page"), "");
  for (const auto* cookies : {"", "apage=1", "page2=1", "page", "x; page"}) {
    EXPECT_EQ(cookie_value(cookies, "page"), std::nullopt) << cookies;
  }
}

} // namespace
} // namespace nats_mcp::http::page_sessions_test
