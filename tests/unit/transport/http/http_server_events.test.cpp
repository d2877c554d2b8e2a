// SPDX-License-Identifier: MIT
// Open pages: what they are told, how many there may be, and what one costs that does not read.
#include "protocol/limits/http.hpp"

#include "tests/unit/transport/http/serving.hpp"

#include <list>

namespace nats_mcp::transport::http_server_events_test {
namespace {

using namespace std::chrono_literals;
using nats_mcp::testing::eventually;
using testing::raw_client;

class an_open_page : public testing::served {
protected:
  void SetUp() override { serve(); }

  void open(raw_client& page, const std::string& more_headers = {}) const {
    page.say("GET /events HTTP/1.1\r\nHost: localhost\r\n" + more_headers + "\r\n");
  }
  void publish(std::string name, std::string data) {
    door_->board.publish({{std::move(name), std::move(data)}});
  }
};

TEST_F(an_open_page, is_told_what_is_there_and_then_what_is_new) {
  raw_client page{port()};
  open(page);
  page.hear("event: clock\n");
  EXPECT_TRUE(page.heard("Content-Type: text/event-stream\r\n"));
  EXPECT_TRUE(page.heard("Content-Security-Policy: "));
  EXPECT_TRUE(page.heard("retry: 2000\n\n"));
  publish("agents", "1");
  EXPECT_NE(page.hear("id: b00t-1\nevent: agents\ndata: 1\n\n").find("data: 1"), std::string::npos);
  raw_client second{port()};
  open(second);
  second.hear("data: 1\n\n");
  publish("work", "2");
  for (auto* one : {&page, &second}) {
    one->hear("id: b00t-2\nevent: work\ndata: 2\n\n");
    EXPECT_TRUE(one->heard("data: 2"));
  }
}

TEST_F(an_open_page, that_comes_back_is_told_only_what_it_missed) {
  raw_client other{port()};
  open(other);
  other.hear("clock");
  publish("agents", "1");
  publish("work", "2");
  raw_client page{port()};
  open(page, "Last-Event-ID: b00t-1\r\n");
  page.hear("id: b00t-2\n");
  EXPECT_FALSE(page.heard("id: b00t-1\n"));
  raw_client stranger{port()};
  open(stranger, "Last-Event-ID: another-9\r\n");
  stranger.hear("id: b00t-2\n");
  EXPECT_TRUE(stranger.heard("id: b00t-1\n"));
}

TEST_F(an_open_page, after_all_were_closed_is_told_nothing_old) {
  {
    raw_client page{port()};
    open(page);
    page.hear("clock");
    publish("agents", "old");
    page.hear("old");
  }
  EXPECT_TRUE(eventually(10s, [this] { return door_->board.audience() == 0; }))
    << "a closed page is noticed at once";
  raw_client page{port()};
  open(page);
  page.hear("clock");
  publish("agents", "new");
  page.hear("data: new");
  EXPECT_FALSE(page.heard("old"));
}

TEST_F(an_open_page, is_one_of_so_many) {
  std::list<raw_client> pages;
  for (std::size_t one = 0; one < limits::http_pages_max; ++one) {
    open(pages.emplace_back(port()));
    pages.back().hear("clock");
    ASSERT_TRUE(pages.back().heard("200 OK"));
  }
  raw_client one_more{port()};
  open(one_more);
  EXPECT_TRUE(one_more.hears_the_end());
  EXPECT_TRUE(one_more.heard("HTTP/1.1 503"));
  EXPECT_EQ(get("/healthz"), 200) << "requests have threads of their own";
  pages.pop_front();
  EXPECT_TRUE(eventually(10s, [this] {
    raw_client next{port()};
    open(next);
    next.hear("clock", 200ms);
    return next.heard("200 OK");
  }));
}

TEST_F(an_open_page, that_does_not_read_is_let_go_and_keeps_nobody_waiting) {
  raw_client lazy{port()};
  open(lazy);
  raw_client keen{port()};
  open(keen);
  keen.hear("clock");
  // More than the system keeps for a connection.
  publish("agents", std::string(16 * 1024 * 1024, 'x'));
  publish("work", "the last");
  EXPECT_NE(keen.hear("the last", 30s).find("the last"), std::string::npos);
  keen.leave();
  EXPECT_TRUE(
    eventually(limits::http_write_max + 30s, [this] { return door_->board.audience() == 0; }));
}

TEST_F(an_open_page, is_asked_for_and_not_posted_to) {
  EXPECT_EQ(post("/events", testing::page_headers), 404);
  EXPECT_EQ(client().Head("/events")->status, 200);
  EXPECT_EQ(door_->board.audience(), 0U);
}

} // namespace
} // namespace nats_mcp::transport::http_server_events_test
