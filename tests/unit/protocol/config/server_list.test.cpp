// SPDX-License-Identifier: MIT
#include "protocol/config/server_list.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::config::server_list_test {
namespace {

TEST(server_list, takes_nats_and_tls_addresses) {
  for (const auto* list :
       {"nats://localhost:4222", "tls://nats.example.com", "localhost", "localhost:4222",
        "nats://user:pass@host:1", "nats://token@host", "nats://[::1]:4222",
        "nats://10.0.0.1:4222/", "nats://a:1,nats://b:2 , tls://c"}) {
    EXPECT_TRUE(server_list_rule().holds(list)) << list;
  }
}

TEST(server_list, refuses_everything_else) {
  for (const auto* list :
       {"", ",", "http://x", "nats://", "nats://a,", "nats://a:0", "nats://a:65536", "nats://a:b",
        "nats://a b", "nats://[::1", "nats://[zz]:1", "NATS://a", "nats://a/path", "://a"}) {
    EXPECT_FALSE(server_list_rule().holds(list)) << list;
  }
}

TEST(server_list, is_split_without_blanks) {
  EXPECT_EQ(split_server_list("nats://a:1 ,\ttls://b"),
            (std::vector<std::string>{"nats://a:1", "tls://b"}));
}

TEST(server_list, is_shown_without_credentials) {
  EXPECT_EQ(without_credentials("nats://user:p@ss@host:4222,nats://token@[::1]:1"),
            "nats://host:4222, nats://[::1]:1");
  EXPECT_EQ(without_credentials("localhost:4222"), "localhost:4222");
}

} // namespace
} // namespace nats_mcp::config::server_list_test
