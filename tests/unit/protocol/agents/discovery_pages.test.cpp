// SPDX-License-Identifier: MIT
// Discovery page by page, while the agents move.
#include "protocol/agents/discovery_pages.hpp"

#include "tests/support/counting_random.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace nats_mcp::agents::discovery_pages_test {
namespace {

using namespace std::chrono_literals;
using jetstream::kv_operation;
using strings = std::vector<std::string>;

constexpr wall_time noon{1'736'935'200'000ms};

std::string guid_of(std::size_t number) {
  auto digits = std::to_string(number);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

class discovering : public ::testing::Test {
protected:
  void put(std::size_t number, wall_time at, std::string type = "developer") {
    agent_record record;
    record.guid = guid_of(number);
    record.session_id = "s";
    record.handle = "dev-" + std::to_string(number);
    record.agent_type = std::move(type);
    record.seen_by = visibility::public_;
    directory_.apply({"public.all." + record.guid, write_agent_record(record, "w"), ++revision_,
                      kv_operation::put, at});
  }
  void remove(std::size_t number) {
    directory_.apply({"public.all." + guid_of(number), {}, ++revision_, kv_operation::deleted, {}});
  }
  void beat(std::size_t number, wall_time at) {
    directory_.apply_presence({{"public.all." + guid_of(number), write_presence("s", "w"),
                                ++revision_, kv_operation::put, at}});
  }

  result<tools::discover_agents_result> ask(std::string cursor = {}, std::int64_t limit = 2) {
    tools::discover_agents_arguments what;
    what.limit = limit;
    if (!cursor.empty()) {
      what.cursor = std::move(cursor);
    }
    return pages_.page(what, noon);
  }
  tools::discover_agents_result must_page(std::string cursor = {}, std::int64_t limit = 2) {
    auto found = ask(std::move(cursor), limit);
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(tools::discover_agents_result{});
  }
  static strings handles(const tools::discover_agents_result& page) {
    strings out;
    for (const auto& one : page.agents) {
      out.push_back(one.handle);
    }
    return out;
  }

  agent_directory directory_;
  discovery_pages pages_{&directory_, testing::counting_from(7)};
  std::uint64_t revision_ = 0;
};

TEST_F(discovering, without_more_than_fit_has_no_next_page) {
  put(1, noon);
  put(2, noon - 1s);
  const auto page = must_page();
  EXPECT_EQ(handles(page), (strings{"dev-1", "dev-2"}));
  EXPECT_EQ(page.total, 2U);
  EXPECT_TRUE(page.next_cursor.empty());
}

TEST_F(discovering, leaves_out_nobody_who_gave_a_sign_of_life_between_two_pages) {
  for (std::size_t i = 1; i <= 5; ++i) {
    put(i, noon - i * 1s);
  }
  const auto first = must_page();
  EXPECT_EQ(handles(first), (strings{"dev-1", "dev-2"}));
  beat(5, noon); // it would stand before the first now
  beat(1, noon);
  const auto second = must_page(first.next_cursor);
  EXPECT_EQ(handles(second), (strings{"dev-3", "dev-4"}));
  beat(4, noon);
  const auto third = must_page(second.next_cursor);
  EXPECT_EQ(handles(third), strings{"dev-5"});
  EXPECT_EQ(third.agents.front().last_seen, to_rfc3339(noon)) << "as it is now";
  EXPECT_TRUE(third.next_cursor.empty());
  EXPECT_EQ(third.total, 5U);
}

TEST_F(discovering, shows_the_same_page_again_for_the_same_cursor) {
  for (std::size_t i = 1; i <= 5; ++i) {
    put(i, noon - i * 1s);
  }
  const auto first = must_page();
  EXPECT_EQ(handles(must_page(first.next_cursor)), handles(must_page(first.next_cursor)));
}

TEST_F(discovering, leaves_out_on_later_pages_who_is_gone_or_does_not_match_any_more) {
  for (std::size_t i = 1; i <= 6; ++i) {
    put(i, noon - i * 1s);
  }
  tools::discover_agents_arguments what;
  what.limit = 2;
  what.agent_type = "developer";
  auto page = pages_.page(what, noon);
  ASSERT_TRUE(page);
  remove(3);
  put(4, noon, "tester");
  what.cursor = page->next_cursor;
  page = pages_.page(what, noon);
  ASSERT_TRUE(page);
  EXPECT_EQ(handles(*page), (strings{"dev-5", "dev-6"}));
  EXPECT_TRUE(page->next_cursor.empty());
}

TEST_F(discovering, goes_on_with_the_filters_of_its_cursor_when_none_are_given) {
  for (std::size_t i = 1; i <= 6; ++i) {
    put(i, noon - i * 1h, i % 2 == 0 ? "tester" : "developer"); // all offline
  }
  tools::discover_agents_arguments what;
  what.limit = 1;
  what.agent_type = "developer";
  what.include_offline = true;
  const auto first = pages_.page(what, noon);
  ASSERT_TRUE(first);
  EXPECT_EQ(handles(must_page(first->next_cursor, 9)), (strings{"dev-3", "dev-5"}));
  what.cursor = first->next_cursor;
  const auto repeated = pages_.page(what, noon);
  ASSERT_TRUE(repeated) << repeated.error().message;
  EXPECT_EQ(handles(*repeated), strings{"dev-3"}) << "the same ones may be given again";
}

TEST_F(discovering, refuses_other_filters_with_a_cursor) {
  for (std::size_t i = 1; i <= 5; ++i) {
    put(i, noon - i * 1s);
  }
  tools::discover_agents_arguments first;
  first.limit = 1;
  first.agent_type = "developer";
  const auto page = pages_.page(first, noon);
  ASSERT_TRUE(page);
  const auto refused = [&](const char* filter, auto change) {
    auto what = first;
    what.cursor = page->next_cursor;
    change(what);
    const auto answer = pages_.page(what, noon);
    ASSERT_FALSE(answer) << filter;
    EXPECT_EQ(answer.error().code, ec::invalid_argument);
    EXPECT_NE(answer.error().message.find(std::string{"\""} + filter + "\" is another one"),
              std::string::npos)
      << answer.error().message;
  };
  refused("agentType", [](auto& what) { what.agent_type = "tester"; });
  refused("capability", [](auto& what) { what.capability = "coding"; });
  refused("hostname", [](auto& what) { what.hostname = "build-1"; });
  refused("projectId", [](auto& what) { what.project_id = "0123456789abcdef"; });
  refused("status", [](auto& what) { what.status = tools::effective_status::online; });
  refused("includeOffline", [](auto& what) { what.include_offline = true; });
}

TEST_F(discovering, refuses_a_cursor_that_no_answer_gave) {
  for (const auto* cursor : {"7", "7.", ".1", "x.1", "7.x", "7.1x", "99999999999999999999.0",
                             "7.00000000-0000-4000-8000-000000000001"}) {
    const auto refused = ask(cursor);
    ASSERT_FALSE(refused) << cursor;
    EXPECT_EQ(refused.error().code, ec::invalid_argument);
    EXPECT_NE(refused.error().message.find("cursor must be one"), std::string::npos);
  }
}

TEST_F(discovering, says_that_a_cursor_is_too_old) {
  for (std::size_t i = 1; i <= 5; ++i) {
    put(i, noon - i * 1s);
  }
  const auto first = must_page().next_cursor;
  for (int others = 0; others < 15; ++others) {
    (void)must_page();
  }
  EXPECT_TRUE(ask(first)) << "a few are kept";
  (void)must_page();
  const auto refused = ask(first);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::not_found);
  EXPECT_NE(refused.error().message.find("not kept any more"), std::string::npos);
}

TEST_F(discovering, beyond_the_end_has_nobody) {
  for (std::size_t i = 1; i <= 3; ++i) {
    put(i, noon);
  }
  auto cursor = must_page().next_cursor;
  cursor.replace(cursor.find('.'), std::string::npos, ".999999");
  const auto page = must_page(cursor);
  EXPECT_TRUE(page.agents.empty());
  EXPECT_TRUE(page.next_cursor.empty());
}

RC_GTEST_FIXTURE_PROP(discovering, shows_everybody_once_whoever_moves_meanwhile, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(0, 40);
  for (std::size_t i = 0; i < count; ++i) {
    put(i, noon - std::chrono::milliseconds{*rc::gen::inRange(0, 5)});
  }
  const auto limit = *rc::gen::inRange<std::int64_t>(1, 12);
  strings expected;
  for (std::size_t i = 0; i < count; ++i) {
    expected.push_back("dev-" + std::to_string(i));
  }
  strings paged;
  std::string cursor;
  do {
    const auto page = must_page(cursor, limit);
    RC_ASSERT(page.total == count);
    RC_ASSERT(page.agents.size() <= static_cast<std::size_t>(limit));
    for (const auto& one : page.agents) {
      paged.push_back(one.handle);
    }
    cursor = page.next_cursor;
    for (int moves = *rc::gen::inRange(0, 5); moves > 0 && count > 0; --moves) {
      beat(*rc::gen::inRange<std::size_t>(0, count),
           noon + std::chrono::milliseconds{*rc::gen::inRange(0, 9)});
    }
  } while (!cursor.empty());
  std::sort(paged.begin(), paged.end());
  std::sort(expected.begin(), expected.end());
  RC_ASSERT(paged == expected);
}

} // namespace
} // namespace nats_mcp::agents::discovery_pages_test
