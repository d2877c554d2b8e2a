// SPDX-License-Identifier: MIT
#include "transport/engine/server_probe.hpp"

#include "tests/support/loopback_listener.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

using namespace nats_mcp;
using namespace nats_mcp::transport;
using namespace std::chrono_literals;
using nats_mcp::testing::loopback_listener;

namespace {

monotonic_time in(std::chrono::milliseconds duration) {
  return std::chrono::steady_clock::now() + duration;
}

/// A port on which nobody listens: one that was free a moment ago.
std::uint16_t silent_port() { return loopback_listener{""}.port(); }

} // namespace

TEST(greeting, says_what_the_server_can_and_demands) {
  const auto open = parse_greeting(R"(INFO {"version":"2.9.10","jetstream":true,"headers":true} )");
  ASSERT_TRUE(open.has_value());
  EXPECT_EQ(open->version, "2.9.10");
  EXPECT_TRUE(open->jetstream);
  EXPECT_FALSE(open->authentication_required);
  EXPECT_FALSE(open->tls_required);
  const auto closed = parse_greeting(R"(INFO {"auth_required":true,"tls_required":true})");
  ASSERT_TRUE(closed.has_value());
  EXPECT_FALSE(closed->jetstream);
  EXPECT_TRUE(closed->authentication_required);
  EXPECT_TRUE(closed->tls_required);
}

TEST(greeting, of_another_protocol_is_none) {
  EXPECT_FALSE(parse_greeting("").has_value());
  EXPECT_FALSE(parse_greeting("SSH-2.0-OpenSSH").has_value());
  EXPECT_FALSE(parse_greeting("INFO 7").has_value());
  EXPECT_FALSE(parse_greeting(R"(INFO {"jetstream":)").has_value());
}

TEST(greeting, does_not_trust_types) {
  const auto odd = parse_greeting(R"(INFO {"version":7,"jetstream":"true"})");
  ASSERT_TRUE(odd.has_value());
  EXPECT_EQ(odd->version, "");
  EXPECT_FALSE(odd->jetstream);
}

RC_GTEST_PROP(greeting, takes_any_bytes_without_harm, (const std::string& bytes)) {
  const auto greeting = parse_greeting("INFO " + bytes);
  RC_ASSERT((!greeting || greeting->version.size() <= bytes.size()));
}

TEST(probe, reads_the_greeting_and_says_nothing) {
  const loopback_listener server{"INFO {\"version\":\"1\",\"jetstream\":true}\r\n"};
  const auto greeting = read_greeting(server.port(), in(5s), {});
  ASSERT_TRUE(greeting.has_value());
  EXPECT_TRUE(greeting->jetstream);
  EXPECT_EQ(server.heard(), "");
}

TEST(probe, finds_nobody_on_a_free_port) {
  const auto greeting = read_greeting(silent_port(), in(5s), {});
  ASSERT_FALSE(greeting.has_value());
  EXPECT_EQ(greeting.error().code, ec::nats_unreachable);
}

TEST(probe, gives_up_on_a_listener_that_says_nothing) {
  const loopback_listener server{""};
  const auto greeting = read_greeting(server.port(), in(30ms), {});
  ASSERT_FALSE(greeting.has_value());
  EXPECT_EQ(greeting.error().code, ec::timeout);
}

TEST(probe, tells_another_protocol_from_nats) {
  const loopback_listener server{"HTTP/1.1 400 Bad Request\r\n\r\n"};
  const auto greeting = read_greeting(server.port(), in(5s), {});
  ASSERT_FALSE(greeting.has_value());
  EXPECT_EQ(greeting.error().code, ec::malformed);
}

TEST(probe, does_not_read_an_endless_greeting) {
  const loopback_listener server{"INFO " + std::string(200'000, 'x')};
  const auto greeting = read_greeting(server.port(), in(5s), {});
  ASSERT_FALSE(greeting.has_value());
  EXPECT_EQ(greeting.error().code, ec::malformed);
}

TEST(probe, is_called_off) {
  const loopback_listener server{""};
  std::stop_source stop;
  std::jthread later{[&] { stop.request_stop(); }};
  const auto greeting = read_greeting(server.port(), in(60s), stop.get_token());
  ASSERT_FALSE(greeting.has_value());
  EXPECT_EQ(greeting.error().code, ec::cancelled);
}
