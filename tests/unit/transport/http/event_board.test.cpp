// SPDX-License-Identifier: MIT
// What pages show: the last of each part, to those who look.
#include "transport/http/event_board.hpp"

#include "protocol/limits/http.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <string>

namespace nats_mcp::transport::event_board_test {
namespace {

class a_board : public ::testing::Test {
protected:
  static std::string told(event_board::page& page, std::uint64_t after) {
    std::string out;
    for (const auto& [number, event] : page.news(after)) {
      out += std::to_string(number) + event.name + "=" + event.data + " ";
    }
    return out;
  }
  static bool rings(const event_board::page& page) {
    pollfd entry{page.number(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
  }

  int changes_ = 0;
  event_board board_{[this] { ++changes_; }, "b00t"};
};

TEST_F(a_board, keeps_the_last_of_each_part) {
  const auto page = board_.open_page();
  board_.publish({{"a", "1"}, {"b", "1"}});
  EXPECT_EQ(told(*page, 0), "1a=1 2b=1 ");
  board_.publish({{"a", "2"}});
  board_.publish({{"a", "3"}});
  EXPECT_EQ(told(*page, 2), "4a=3 ");
  EXPECT_EQ(told(*page, 0), "2b=1 4a=3 ");
  EXPECT_EQ(told(*page, 4), "");
}

TEST_F(a_board, rings_until_the_page_has_looked) {
  const auto page = board_.open_page();
  EXPECT_TRUE(rings(*page)) << "there may be something already";
  (void)page->news(0);
  EXPECT_FALSE(rings(*page));
  board_.publish({{"a", "1"}});
  EXPECT_TRUE(rings(*page));
}

TEST_F(a_board, knows_whether_anybody_looks) {
  EXPECT_EQ(board_.audience(), 0U);
  auto first = board_.open_page();
  EXPECT_EQ(changes_, 1);
  EXPECT_EQ(board_.audience(), 1U);
  auto second = board_.open_page();
  first.reset();
  EXPECT_EQ(changes_, 1) << "somebody looks all the time";
  EXPECT_EQ(board_.audience(), 1U);
  second.reset();
  EXPECT_EQ(changes_, 2);
  EXPECT_EQ(board_.audience(), 0U);
}

TEST_F(a_board, begins_empty_with_a_new_audience) {
  auto page = board_.open_page();
  board_.publish({{"a", "1"}});
  page.reset();
  page = board_.open_page();
  EXPECT_EQ(board_.audience(), 2U);
  EXPECT_EQ(told(*page, 0), "");
}

TEST_F(a_board, has_room_for_so_many) {
  std::vector<std::unique_ptr<event_board::page>> pages;
  for (std::size_t one = 0; one < limits::http_pages_max; ++one) {
    pages.push_back(board_.open_page());
    EXPECT_TRUE(pages.back());
  }
  EXPECT_FALSE(board_.open_page());
  pages.pop_back();
  EXPECT_TRUE(board_.open_page());
}

TEST_F(a_board, that_is_closed_wakes_everybody_and_lets_nobody_in) {
  const auto page = board_.open_page();
  (void)page->news(0);
  board_.close();
  EXPECT_TRUE(rings(*page));
  EXPECT_TRUE(board_.is_closed());
  EXPECT_FALSE(board_.open_page());
}

} // namespace
} // namespace nats_mcp::transport::event_board_test
