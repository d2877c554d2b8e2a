// SPDX-License-Identifier: MIT
// How many are served at once, how many wait, and what becomes of the others.
#include "transport/http/connection_threads.hpp"

#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace nats_mcp::transport::connection_threads_test {
namespace {

using namespace std::chrono_literals;
using nats_mcp::testing::eventually;

begun_connection some_connection() { return {std::move(make_pipe().value().read), {}}; }

TEST(connection_threads, serve_so_many_and_let_so_many_wait) {
  std::promise<void> gate;
  const auto opened = gate.get_future().share();
  std::atomic<int> served{0};
  std::atomic<int> begun{0};
  {
    connection_threads threads{{2, 1, [&](const begun_connection& connection) {
                                  EXPECT_TRUE(connection);
                                  ++begun;
                                  opened.wait();
                                  ++served;
                                }}};
    EXPECT_FALSE(threads.give(some_connection()));
    EXPECT_TRUE(eventually(10s, [&] { return begun == 1; }));
    EXPECT_FALSE(threads.give(some_connection()));
    EXPECT_TRUE(eventually(10s, [&] { return begun == 2; }));
    EXPECT_FALSE(threads.give(some_connection())) << "it waits";
    EXPECT_TRUE(threads.give(some_connection())) << "there is no room";
    gate.set_value();
    EXPECT_TRUE(eventually(10s, [&] { return served == 3; }));
    EXPECT_FALSE(threads.give(some_connection()));
    EXPECT_TRUE(eventually(10s, [&] { return served == 4; }));
  }
  EXPECT_EQ(served, 4);
}

} // namespace
} // namespace nats_mcp::transport::connection_threads_test
