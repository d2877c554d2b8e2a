// SPDX-License-Identifier: MIT
// Whose request is not there yet waits beside everybody else, for so long and not longer.
#include "transport/http/awaited_heads.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace nats_mcp::transport::awaited_heads_test {
namespace {

using namespace std::chrono_literals;

class heads : public ::testing::Test {
protected:
  static constexpr std::string_view whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  /// Somebody connects. @returns the client's end.
  descriptor somebody() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    heads_.add(descriptor{ends[0]}, now_);
    return descriptor{ends[1]};
  }

  static void say(const descriptor& client, std::string_view text) {
    ASSERT_EQ(::write(client.number(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }

  /// Whether the server's end is closed.
  static bool is_closed(const descriptor& client) {
    char ignored = 0;
    return ::read(client.number(), &ignored, 1) == 0;
  }

  /// Polls once, without waiting. @returns what those who are ready said.
  std::vector<std::string> ready() {
    std::vector<pollfd> polled;
    heads_.append_to(polled);
    EXPECT_GE(::poll(polled.data(), polled.size(), 0), 0);
    std::vector<std::string> out;
    for (auto& one : heads_.take(polled.data(), now_)) {
      out.push_back(std::move(one.received));
    }
    return out;
  }

  using texts = std::vector<std::string>;
  monotonic_time now_{100s};
  awaited_heads heads_{{3, 64, 5s}};
};

TEST_F(heads, are_ready_when_they_are_whole) {
  const auto client = somebody();
  say(client, whole.substr(0, 20));
  EXPECT_EQ(ready(), texts{});
  say(client, whole.substr(20));
  EXPECT_EQ(ready(), texts{std::string{whole}});
  EXPECT_FALSE(heads_.next_due()) << "nobody waits any more";
}

TEST_F(heads, are_whole_wherever_they_are_cut) {
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    const auto client = somebody();
    say(client, whole.substr(0, cut));
    EXPECT_EQ(ready(), texts{});
    say(client, whole.substr(cut));
    EXPECT_EQ(ready(), texts{std::string{whole}}) << cut;
  }
}

TEST_F(heads, are_read_beside_one_that_says_nothing) {
  const auto silent = somebody();
  const auto client = somebody();
  say(client, whole);
  EXPECT_EQ(ready(), texts{std::string{whole}});
  EXPECT_FALSE(is_closed(silent));
}

TEST_F(heads, that_are_too_long_go_to_whoever_says_so) {
  const auto client = somebody();
  say(client, std::string(100, 'a'));
  EXPECT_EQ(ready(), texts{std::string(64, 'a')});
}

TEST_F(heads, that_take_too_long_are_closed_by_the_time_that_was_told) {
  const auto client = somebody();
  EXPECT_EQ(heads_.next_due(), now_ + 5s);
  now_ += 4'999ms;
  say(client, "G");
  EXPECT_EQ(ready(), texts{});
  EXPECT_FALSE(is_closed(client));
  now_ += 1ms;
  EXPECT_EQ(ready(), texts{});
  EXPECT_TRUE(is_closed(client));
}

TEST_F(heads, of_who_left_are_forgotten_and_of_who_ended_early_answered) {
  { const auto client = somebody(); }
  EXPECT_EQ(ready(), texts{});
  EXPECT_FALSE(heads_.next_due());
  const auto client = somebody();
  say(client, "GET /");
  ::shutdown(client.number(), SHUT_WR);
  EXPECT_EQ(ready(), texts{});
  EXPECT_EQ(ready(), texts{"GET /"});
}

TEST_F(heads, make_room_by_closing_who_waits_for_longest) {
  const auto first = somebody();
  const auto second = somebody();
  const auto third = somebody();
  const auto fourth = somebody();
  EXPECT_TRUE(is_closed(first));
  EXPECT_TRUE(heads_.drop_oldest());
  EXPECT_TRUE(is_closed(second));
  EXPECT_FALSE(is_closed(third));
  EXPECT_FALSE(is_closed(fourth));
}

} // namespace
} // namespace nats_mcp::transport::awaited_heads_test
