// SPDX-License-Identifier: MIT
// When the memory of a burst is given back, and that it is.
#include "transport/nats/spare_memory.hpp"

#include "transport/nats/connection.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <memory>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nats_mcp::transport::spare_memory_test {
namespace {

using namespace std::chrono_literals;
using clock = spare_memory::clock;

class a_spare_memory : public ::testing::Test {
protected:
  clock::time_point now{};
  int released = 0;
  spare_memory spare{[this] { ++released; }};

  void look_after(clock::duration time) {
    now += time;
    spare.look(now);
  }
};

TEST_F(a_spare_memory, is_released_once_after_a_burst) {
  spare.note(spare_memory::burst_bytes_min, now);
  EXPECT_EQ(spare.due(), now + spare_memory::rest);
  look_after(spare_memory::rest - clock::duration{1});
  EXPECT_EQ(released, 0);
  look_after(clock::duration{1});
  look_after(spare_memory::rest);
  EXPECT_EQ(released, 1);
  EXPECT_EQ(spare.due(), clock::time_point::max());
}

TEST_F(a_spare_memory, is_released_after_a_burst_of_small_messages) {
  for (std::size_t bytes = 0; bytes < spare_memory::burst_bytes_min; bytes += 1024) {
    spare.note(1024, now);
    now += clock::duration{spare_memory::burst_span} / 1000;
  }
  look_after(spare_memory::rest);
  EXPECT_EQ(released, 1);
}

TEST_F(a_spare_memory, is_not_released_again_soon) {
  spare.note(spare_memory::burst_bytes_min, now);
  look_after(spare_memory::rest);
  spare.note(spare_memory::burst_bytes_min, now);
  EXPECT_EQ(spare.due(), now + spare_memory::release_interval_min);
  look_after(spare_memory::release_interval_min);
  EXPECT_EQ(released, 2);
}

TEST_F(a_spare_memory, is_left_alone_while_a_new_connection_begins) {
  spare.note(spare_memory::burst_bytes_min, now);
  now += 10 * spare_memory::rest;
  spare.connected(now);
  EXPECT_EQ(spare.due(), now + spare_memory::rest);
}

TEST_F(a_spare_memory, is_no_matter_to_a_first_connection) {
  spare.connected(now);
  EXPECT_EQ(spare.due(), clock::time_point::max());
}

TEST_F(a_spare_memory, waits_for_the_end_of_a_long_burst) {
  constexpr auto half = clock::duration{spare_memory::rest} / 2;
  spare.note(spare_memory::burst_bytes_min, now);
  now += half;
  spare.note(2 * spare_memory::burst_bytes_min, now);
  look_after(half);
  EXPECT_EQ(released, 0);
  look_after(half);
  EXPECT_EQ(released, 1);
}

TEST_F(a_spare_memory, is_left_alone_while_little_comes_at_a_time) {
  for (int times = 0; times < 10; ++times) {
    spare.note(spare_memory::burst_bytes_min - 1, now);
    EXPECT_EQ(spare.due(), clock::time_point::max());
    look_after(spare_memory::burst_span);
  }
  look_after(spare_memory::rest);
  EXPECT_EQ(released, 0);
}

TEST(connection, has_spare_memory_released_after_a_burst) {
  const testing::nats_server nats;
  std::atomic<int> releases{0};
  connection::options choice;
  endpoint where;
  where.urls = nats.url();
  choice.source = [where](const std::stop_token&) -> result<endpoint> { return where; };
  choice.random = [] { return 0U; };
  choice.release_memory = [&] { ++releases; };
  connection client{std::move(choice)};
  client.connect();
  ASSERT_TRUE(testing::eventually(30s, [&] { return client.current().has_value(); }));
  jetstream::outgoing message;
  message.subject = client.inbox() + ".one";
  message.payload.assign(spare_memory::burst_bytes_min / 4, 'x');
  for (int times = 0; times < 4; ++times) {
    ASSERT_TRUE(client.write(client.current()->epoch, message));
  }
  client.flush();
  EXPECT_TRUE(testing::eventually(30s, [&] { return releases == 1; }));
}

std::size_t resident_bytes() {
  std::size_t whole = 0;
  std::size_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> whole >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(spare_memory_of_all_threads, goes_back_to_the_system) {
  constexpr std::size_t messages = 16 * 1024;
  constexpr std::size_t message_bytes = 1000;
  std::vector<std::unique_ptr<char[]>> burst;
  std::unique_ptr<char[]> last;
  std::thread{[&] { // with an arena of its own, as the connection's thread has one
    for (std::size_t i = 0; i < messages; ++i) {
      burst.push_back(std::make_unique<char[]>(message_bytes));
    }
    last = std::make_unique<char[]>(message_bytes);
  }}
    .join();
  burst.clear();
  const auto before = resident_bytes();
  release_spare_memory();
  EXPECT_LT(resident_bytes() + messages * message_bytes / 2, before);
}

} // namespace
} // namespace nats_mcp::transport::spare_memory_test
