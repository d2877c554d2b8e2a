// SPDX-License-Identifier: MIT
// Open pages are told what is different, soon, and nobody is asked for anything while none is open.
#include "protocol/limits/http.hpp"

#include "tests/unit/actors/http/http_story.hpp"

namespace nats_mcp::http_pages_test {
namespace {

using namespace std::chrono_literals;

constexpr auto fine = "sight={\"ok\":true,\"reason\":\"\"} ";

class pages : public testing::http_story {
protected:
  void SetUp() override {
    http_story::SetUp();
    script_->parts = {{"agents", "1"}, {"work", "1"}};
  }
};

TEST_F(pages, cost_nothing_while_none_is_open) {
  advance(1h);
  EXPECT_EQ(script_->page_queries, 0);
}

TEST_F(pages, are_told_everything_at_once_and_then_what_is_different) {
  const auto page = door_->board.open_page();
  run();
  EXPECT_EQ(told(*page), std::string{"agents=1 work=1 "} + fine);
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), "");
  script_->parts = {{"agents", "1"}, {"work", "2"}};
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), "work=2 ");
}

TEST_F(pages, are_looked_for_once_a_second_however_many_there_are) {
  const auto page = door_->board.open_page();
  const auto second = door_->board.open_page();
  run();
  advance(10 * limits::page_look_interval);
  EXPECT_EQ(script_->page_queries, 11);
}

TEST_F(pages, that_are_all_closed_are_looked_for_no_more) {
  auto page = door_->board.open_page();
  run();
  page.reset();
  run();
  const auto before = script_->page_queries;
  advance(1min);
  EXPECT_EQ(script_->page_queries, before);
}

TEST_F(pages, opened_later_are_told_everything_again) {
  auto page = door_->board.open_page();
  run();
  (void)told(*page);
  page.reset();
  page = door_->board.open_page(); // before the actor has noticed anything
  run();
  EXPECT_EQ(told(*page), std::string{"agents=1 work=1 "} + fine);
  advance(3 * limits::page_look_interval);
  EXPECT_EQ(script_->page_queries, 5) << "one timer, not two";
}

TEST_F(pages, are_told_when_nothing_can_be_seen_and_when_it_can_again) {
  const auto page = door_->board.open_page();
  run();
  (void)told(*page);
  script_->overview_failure = error{ec::nats_unreachable, "NATS is not reached.", 0};
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), "sight={\"ok\":false,\"reason\":\"NATS is not reached.\"} ");
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), "") << "they know";
  script_->overview_failure.reset();
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), fine);
}

TEST_F(pages, are_told_that_what_they_show_may_be_old_and_go_on_showing_it) {
  const auto page = door_->board.open_page();
  run();
  (void)told(*page);
  script_->stale = "There is no connection to NATS.";
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), "sight={\"ok\":false,\"reason\":\"There is no connection to NATS.\"} ");
  script_->parts.front().data = "2";
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), "agents=2 ") << "what is seen of it is shown all the same";
  script_->stale.clear();
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), fine);
}

TEST_F(pages, are_told_when_the_overview_takes_long_and_ask_it_only_once) {
  script_->holds_pages = true;
  const auto page = door_->board.open_page();
  run();
  advance((limits::page_looks_missed_max - 1) * limits::page_look_interval);
  EXPECT_EQ(told(*page), "");
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page).rfind("sight={\"ok\":false", 0), 0U);
  EXPECT_EQ(script_->page_queries, 1);
  release_pages();
  EXPECT_EQ(told(*page), std::string{"agents=1 work=1 "} + fine);
}

TEST_F(pages, stay_open_over_a_failure_of_the_actor) {
  const auto page = door_->board.open_page();
  run();
  (void)told(*page);
  restart();
  EXPECT_EQ(told(*page), std::string{"agents=1 work=1 "} + fine);
  script_->parts.front().data = "2";
  advance(limits::page_look_interval);
  EXPECT_EQ(told(*page), "agents=2 ");
}

} // namespace
} // namespace nats_mcp::http_pages_test
