// SPDX-License-Identifier: MIT
// What a restarted gateway still knows of who observes the connection.
#include "tests/contract/real_world.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

std::ptrdiff_t connections(const hearing& heard) {
  const auto all = heard.connection_events();
  return std::count_if(all.begin(), all.end(), [](const auto& one) {
    return one.state == jetstream::connection_state::connected;
  });
}

TEST(nats_gateway_restart, an_observer_goes_on_hearing_of_the_connection) {
  real_world world{nats_server::options{true, {}}};
  auto heard = std::make_shared<hearing>();
  caf::anon_send(world.gateway(), observe_connection{world.listen(heard)});
  ASSERT_TRUE(world.ask(ping_server{world.in(10'000ms)}));
  ASSERT_TRUE(world.until(5s, [&] { return connections(*heard) == 1; }));
  world.crash_gateway();
  world.kill_server();
  ASSERT_TRUE(
    world.until(5s, [&] { return heard->heard(jetstream::connection_state::disconnected); }));
  const auto before = connections(*heard);
  world.start_server();
  ASSERT_TRUE(world.until(10s, [&] { return connections(*heard) == before + 1; }));
  EXPECT_EQ(heard->connection_events().back().epoch, 2U);
  EXPECT_EQ(heard->connection_events().back().server, world.server().url());
}

} // namespace
} // namespace nats_mcp::testing
