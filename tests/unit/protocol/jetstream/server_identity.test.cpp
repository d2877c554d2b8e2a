// SPDX-License-Identifier: MIT
#include "protocol/jetstream/server_identity.hpp"

#include "protocol/jetstream/exchange.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace nats_mcp::jetstream::server_identity_test {
namespace {

using namespace std::chrono_literals;

/// As nats-server 2.10.27 answers.
constexpr auto told =
  R"({"server":{"name":"N","host":"127.0.0.1","id":"N","ver":"2.10.27","jetstream":true,"flags":3,)"
  R"("seq":8,"time":"2026-11-23T04:20:53.151430606Z"},"data":{"user":"","account":"$G"}})";

server_identity answered(incoming&& reply) {
  exchange asking{identify{monotonic_time{1h}}};
  auto step = asking.on_reply(std::move(reply), {{}, 1, monotonic_time{}});
  return std::get<server_identity>(*std::get<result<answer>>(step));
}

TEST(server_identity, is_read_from_the_servers_answer) {
  const auto server = parse_server_identity(told);
  EXPECT_EQ(server.version, "2.10.27");
  ASSERT_TRUE(server.time);
  EXPECT_EQ(to_rfc3339(*server.time), "2026-11-23T04:20:53.151Z");
}

TEST(server_identity, is_not_known_when_the_answer_is_something_else) {
  for (const auto* text : {"", "[]", "{}", R"({"server":7})", R"({"server":{"ver":1,"time":2}})"}) {
    EXPECT_EQ(parse_server_identity(text).version, "") << text;
    EXPECT_FALSE(parse_server_identity(text).time) << text;
  }
}

TEST(server_identity, is_asked_for_once_and_changes_nothing) {
  const exchange asking{identify{monotonic_time{1h}}};
  EXPECT_EQ(asking.terms().again, repetition::never);
  EXPECT_EQ(asking.terms().effect, consequence::none);
  EXPECT_EQ(asking.message("r", {}).subject, "$SYS.REQ.USER.INFO");
}

TEST(server_identity, is_empty_from_a_server_that_does_not_know_the_question) {
  incoming nobody;
  nobody.status = 503;
  EXPECT_EQ(answered(std::move(nobody)).version, "");
  incoming reply;
  reply.payload = told;
  EXPECT_EQ(answered(std::move(reply)).version, "2.10.27");
}

} // namespace
} // namespace nats_mcp::jetstream::server_identity_test
