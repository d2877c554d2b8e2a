// SPDX-License-Identifier: MIT
#include "transport/nats/learnt_servers.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::transport {
namespace {

using addresses = std::vector<std::string>;

TEST(learnt_servers, are_those_of_the_last_two_connections) {
  learnt_servers known;
  known.connected({"a", "b", "c"});
  known.connected({"b"});
  EXPECT_EQ(known.addresses(), (addresses{"b", "a", "c"})) << "a and c may only be away";
  known.connected({"b", "d"});
  EXPECT_EQ(known.addresses(), (addresses{"b", "d"}));
}

TEST(learnt_servers, of_a_server_alone_are_none_in_the_end) {
  learnt_servers known;
  known.connected({"a"});
  known.connected({});
  known.connected({});
  EXPECT_EQ(known.addresses(), addresses{});
}

TEST(learnt_servers, are_bounded) {
  addresses many;
  for (std::size_t i = 0; i <= limits::nats_servers_learnt_max; ++i) {
    many.push_back(std::to_string(i));
  }
  learnt_servers known;
  known.connected(many);
  EXPECT_EQ(known.addresses().size(), limits::nats_servers_learnt_max);
}

} // namespace
} // namespace nats_mcp::transport
