// SPDX-License-Identifier: MIT
// What the proxy does to a conversation is what the rounds believe it does.
#include "tests/support/tcp_proxy.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/loopback_listener.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <sys/socket.h>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;
using manner = tcp_proxy::manner;

/// Somebody who talks through the proxy.
class caller {
public:
  explicit caller(const tcp_proxy& through)
    : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(through.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
      ::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  void say(const std::string& text) const {
    ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL);
  }
  /// Takes in what there is.
  const std::string& heard() {
    std::array<char, 4096> block{};
    for (;;) {
      const auto count = ::recv(socket_.number(), block.data(), block.size(), MSG_DONTWAIT);
      if (count <= 0) {
        was_reset_ = was_reset_ || (count < 0 && errno == ECONNRESET);
        ended_ = ended_ || was_reset_ || count == 0;
        return heard_;
      }
      heard_.append(block.data(), static_cast<std::size_t>(count));
    }
  }
  bool ended() {
    (void)heard();
    return ended_;
  }
  bool was_reset() {
    (void)heard();
    return was_reset_;
  }

private:
  transport::descriptor socket_;
  bool connected_ = false;
  bool ended_ = false;
  bool was_reset_ = false;
  std::string heard_;
};

/// Greets with many bytes, so that a throttle has something to do.
class a_proxy : public ::testing::Test {
protected:
  const std::string greeting_ = std::string(1000, 'x');
  loopback_listener server_{greeting_};
  tcp_proxy proxy_{server_.port()};

  ::testing::AssertionResult greets(caller& who) {
    return eventually(5s, [&] {
      return observation{who.heard() == greeting_, std::to_string(who.heard().size()) + " bytes"};
    });
  }
  ::testing::AssertionResult server_hears(const std::string& text) {
    return eventually(5s, [&] { return observation{server_.heard() == text, server_.heard()}; });
  }
};

TEST_F(a_proxy, passes_on_what_both_sides_say) {
  caller who{proxy_};
  who.say("hello");
  EXPECT_TRUE(greets(who));
  EXPECT_TRUE(server_hears("hello"));
  EXPECT_EQ(proxy_.connections(), 1U);
}

TEST_F(a_proxy, ends_a_connection_that_one_side_ended) {
  {
    caller who{proxy_};
    who.say("bye");
    EXPECT_TRUE(greets(who));
  }
  EXPECT_TRUE(eventually(5s, [&] { return proxy_.connections() == 0; }));
  EXPECT_TRUE(server_hears("bye"));
}

TEST_F(a_proxy, delays_every_piece) {
  proxy_.behave({manner::delay, 150ms});
  const auto begun = std::chrono::steady_clock::now();
  caller who{proxy_};
  who.say("hello");
  EXPECT_TRUE(greets(who));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 150ms);
  EXPECT_TRUE(server_hears("hello"));
}

TEST_F(a_proxy, passes_on_no_more_than_so_many_bytes_a_second) {
  proxy_.behave({manner::throttle, 0ms, 4000});
  const auto begun = std::chrono::steady_clock::now();
  caller who{proxy_};
  EXPECT_TRUE(greets(who));
  // 400 of the 1000 bytes may come at once.
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 140ms);
}

TEST_F(a_proxy, holds_everything_up_and_loses_nothing) {
  proxy_.behave({manner::hold});
  caller who{proxy_};
  who.say("hello");
  ASSERT_TRUE(eventually(5s, [&] { return server_.connections() == 1; }));
  EXPECT_FALSE(eventually(50ms, [&] { return !who.heard().empty() || !server_.heard().empty(); }));
  proxy_.behave({});
  EXPECT_TRUE(greets(who));
  EXPECT_TRUE(server_hears("hello"));
  EXPECT_FALSE(who.ended());
}

TEST_F(a_proxy, loses_requests_alone_and_resets_what_lost_some) {
  proxy_.behave({manner::lose_requests});
  caller who{proxy_};
  who.say("hello");
  EXPECT_TRUE(greets(who)) << "answers come";
  EXPECT_FALSE(eventually(50ms, [&] { return !server_.heard().empty() || who.ended(); }));
  proxy_.behave({});
  EXPECT_TRUE(eventually(5s, [&] { return who.was_reset(); }));
  EXPECT_EQ(server_.heard(), "");
}

TEST_F(a_proxy, loses_answers_alone_and_resets_what_lost_some) {
  proxy_.behave({manner::lose_answers});
  caller who{proxy_};
  who.say("hello");
  EXPECT_TRUE(server_hears("hello")) << "requests come";
  EXPECT_FALSE(eventually(50ms, [&] { return !who.heard().empty() || who.ended(); }));
  proxy_.behave({});
  EXPECT_TRUE(eventually(5s, [&] { return who.was_reset(); }));
  EXPECT_EQ(who.heard(), "");
}

TEST_F(a_proxy, loses_everything_and_keeps_the_connection) {
  caller before{proxy_};
  ASSERT_TRUE(greets(before));
  proxy_.behave({manner::lose_all});
  before.say("hello");
  EXPECT_FALSE(eventually(50ms, [&] { return !server_.heard().empty() || before.ended(); }));
  proxy_.behave({});
  EXPECT_TRUE(eventually(5s, [&] { return before.was_reset(); }));
}

TEST_F(a_proxy, leaves_a_connection_alone_that_lost_nothing) {
  caller who{proxy_};
  ASSERT_TRUE(greets(who));
  proxy_.behave({manner::lose_all});
  proxy_.behave({});
  who.say("hello");
  EXPECT_TRUE(server_hears("hello"));
}

TEST_F(a_proxy, cuts_every_connection_and_takes_new_ones) {
  caller who{proxy_};
  ASSERT_TRUE(greets(who));
  proxy_.cut();
  EXPECT_TRUE(eventually(5s, [&] { return who.was_reset(); }));
  ASSERT_TRUE(eventually(5s, [&] { return proxy_.connections() == 0; }));
  caller next{proxy_};
  EXPECT_TRUE(greets(next));
}

TEST_F(a_proxy, refuses_and_is_back_at_the_same_port) {
  caller who{proxy_};
  ASSERT_TRUE(greets(who));
  proxy_.behave({manner::refuse});
  EXPECT_TRUE(eventually(5s, [&] { return who.was_reset(); }));
  EXPECT_FALSE(caller{proxy_}.connected());
  EXPECT_EQ(errno, ECONNREFUSED);
  proxy_.behave({});
  caller next{proxy_};
  EXPECT_TRUE(greets(next));
}

TEST(a_proxy_to_nobody, resets_whoever_comes) {
  tcp_proxy proxy{[] {
    const loopback_listener gone{""};
    return gone.port();
  }()};
  caller who{proxy};
  EXPECT_TRUE(eventually(5s, [&] { return who.was_reset(); }));
}

} // namespace
} // namespace nats_mcp::testing
