// SPDX-License-Identifier: MIT
// Servers that greet and then say nothing: nats.c 3.4.1 would read from them for ever.
#include "transport/nats/attempt_guard.hpp"
#include "transport/nats/connection.hpp"
#include "transport/process/descriptor.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/loopback_listener.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <variant>
#include <vector>

namespace nats_mcp::transport::silent_servers_test {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using testing::loopback_listener;
using testing::observation;

constexpr auto greeting =
  "INFO {\"server_id\":\"X\",\"version\":\"2.9.10\",\"proto\":1,\"headers\":true,"
  "\"max_payload\":1048576}\r\n";

descriptor connected_to(const loopback_listener& server) {
  descriptor out{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(out.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
  return out;
}

/// Whether our end was shut down.
bool ended(const descriptor& socket) {
  char byte = 0;
  return ::recv(socket.number(), &byte, 1, MSG_DONTWAIT) == 0;
}

TEST(silent_servers, end_an_attempt_and_are_tried_again) {
  const loopback_listener server{std::string{greeting}};
  connection::options choice;
  endpoint where;
  where.urls = "nats://127.0.0.1:" + std::to_string(server.port());
  choice.source = [where](const std::stop_token&) -> result<endpoint> { return where; };
  choice.random = [] { return 0U; };
  choice.connect_timeout = 200ms;
  connection client{std::move(choice)};
  client.connect();
  std::vector<event> events;
  ASSERT_TRUE(eventually(30s, [&] {
    for (auto& one : client.take_events()) {
      events.push_back(std::move(one));
    }
    return !events.empty();
  }));
  ASSERT_TRUE(std::holds_alternative<connection_failed>(events.front()));
  const auto& why = std::get<connection_failed>(events.front()).reason;
  EXPECT_EQ(why.code, ec::nats_unreachable);
  EXPECT_NE(why.message.find("it greets, and then says nothing"), std::string::npos) << why.message;
  EXPECT_NE(server.heard().find("CONNECT"), std::string::npos);
  client.connect();
  EXPECT_TRUE(eventually(30s, [&] { return server.connections() >= 2; }));
}

TEST(attempt_guard, ends_what_belongs_to_the_attempt_and_nothing_else) {
  const loopback_listener server{std::string{greeting}};
  const loopback_listener another{std::string{}};
  const auto before = connected_to(server);
  const attempt_guard guard{{{server.port()}, 50ms}};
  const auto of_attempt = connected_to(server);
  const auto elsewhere = connected_to(another);
  EXPECT_FALSE(ended(of_attempt));
  EXPECT_TRUE(eventually(30s, [&] { return guard.intervened(); }));
  std::array<char, 256> greeted{};
  EXPECT_TRUE(eventually(30s, [&] {
    const auto count = ::recv(of_attempt.number(), greeted.data(), greeted.size(), MSG_DONTWAIT);
    return observation{count == 0, std::to_string(count)};
  }));
  EXPECT_FALSE(ended(before));
  EXPECT_FALSE(ended(elsewhere));
}

TEST(attempt_guard, leaves_what_is_over_in_time_alone) {
  const loopback_listener server{std::string{greeting}};
  descriptor made;
  {
    const attempt_guard guard{{{server.port()}, 1h}};
    made = connected_to(server);
    EXPECT_FALSE(guard.intervened());
  }
  EXPECT_FALSE(ended(made));
}

} // namespace
} // namespace nats_mcp::transport::silent_servers_test
