// SPDX-License-Identifier: MIT
// Which browsers are logged in, and for how long.
#include "protocol/http/page_sessions.hpp"

#include "protocol/limits/http.hpp"

#include "tests/unit/protocol/http/asking.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

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

// -- whatever happens ----------------------------------------------------------------------------

RC_GTEST_PROP(any_page_session, is_open_unless_it_was_closed_idle_or_away_longest_of_too_many, ()) {
  struct login {
    std::string secret;
    monotonic_time used_at;
  };
  page_sessions all;
  std::vector<login> known;
  auto now = start;
  int opened = 0;
  const auto away_longest = [](const login& left, const login& right) {
    return left.used_at < right.used_at;
  };
  const auto open = [&] {
    now += 1ms; // no two are away for equally long
    const auto secret = "secret-" + std::to_string(opened++);
    all.open(secret, now);
    if (known.size() == limits::page_sessions_max) {
      known.erase(std::min_element(known.begin(), known.end(), away_longest));
    }
    known.push_back({secret, now});
  };
  for (const int event :
       *rc::gen::container<std::vector<int>>(rc::gen::element(0, 1, 2, 3, 4, 5))) {
    const auto secret = "secret-" + std::to_string(*rc::gen::inRange(0, opened + 2));
    const auto one = std::find_if(known.begin(), known.end(),
                                  [&](const login& any) { return any.secret == secret; });
    now += std::chrono::milliseconds{1 + *rc::gen::inRange(0, 60'000)};
    if (event == 0) {
      for (int count = *rc::gen::inRange(1, 40); count > 0; --count) {
        open();
      }
    } else if (event == 1) {
      all.close(secret);
      if (one != known.end()) {
        known.erase(one);
      }
    } else if (event == 2) {
      now += limits::page_session_idle_max / *rc::gen::inRange(1, 4) - 30s;
    } else {
      const bool is_open = one != known.end() && now - one->used_at < limits::page_session_idle_max;
      RC_ASSERT(all.use(secret, now) == is_open);
      if (is_open) {
        one->used_at = now;
      }
    }
  }
}

RC_GTEST_PROP(any_cookie, is_the_first_of_its_name, ()) {
  std::string cookies;
  std::optional<std::string> value;
  for (int count = *rc::gen::inRange(0, 6); count > 0; --count) {
    const auto name = *rc::gen::element<std::string>("page", "page2", "apage", "a", "");
    const auto given = *rc::gen::element<std::string>("", "1", "page=2", "=", "a b");
    cookies += *rc::gen::element<std::string>("", " ", "  ") + name + "=" + given + ";";
    if (name == "page" && !value) {
      value = given;
    }
  }
  RC_ASSERT(cookie_value(cookies, "page") == value);
  RC_ASSERT(cookie_value(cookies + "page", "page") == value); // which is none
}

} // namespace
} // namespace nats_mcp::http::page_sessions_test
