// SPDX-License-Identifier: MIT
#include "transport/stdio/line_writer.hpp"

#include "transport/signals/signal_thread.hpp"

#include "tests/unit/transport/stdio/peer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <future>
#include <optional>
#include <poll.h>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace nats_mcp::transport::line_writer_test {

namespace {

using namespace testing;

monotonic_time soon() { return std::chrono::steady_clock::now() + patience; }

/// Every test runs over a pipe and over a socket pair, since clients use both.
class line_writer_test : public ::testing::TestWithParam<pipe_ends (*)()> {
protected:
  line_writer_test() { prepare_signals(); }

  line_writer::options options() {
    return {.descriptor_number = ends.write.number(),
            .congested_bytes = 512 * 1024,
            .drained_bytes = 128 * 1024,
            .on_drained = [this] { drained.increment(); },
            .on_closed = [this] { closed.increment(); }};
  }

  pipe_ends ends = GetParam()();
  counter drained;
  counter closed;
};

} // namespace

TEST_P(line_writer_test, writes_a_line_at_once_and_adds_its_end) {
  line_writer writer{options()};
  writer.write(R"({"jsonrpc":"2.0"})");
  writer.push();
  EXPECT_EQ(read_bytes(ends.read, 18), "{\"jsonrpc\":\"2.0\"}\n");
}

TEST_P(line_writer_test, sends_nothing_before_it_is_pushed) {
  line_writer writer{options()};
  writer.write("one");
  writer.write("two");
  pollfd waiting{ends.read.number(), POLLIN, 0};
  EXPECT_EQ(::poll(&waiting, 1, 0), 0);
  writer.push();
  EXPECT_EQ(read_line(ends.read), "one");
  EXPECT_EQ(read_line(ends.read), "two");
}

TEST_P(line_writer_test, sends_what_was_not_pushed_when_it_is_flushed) {
  line_writer writer{options()};
  writer.write("last words");
  EXPECT_TRUE(writer.flush(soon()));
  EXPECT_EQ(read_line(ends.read), "last words");
}

TEST_P(line_writer_test, tells_that_it_drained_when_one_push_took_everything) {
  auto small = options();
  small.congested_bytes = 1000;
  small.drained_bytes = 500;
  line_writer writer{small};
  writer.write(std::string(2000, 'y'));
  EXPECT_TRUE(writer.congested());
  writer.push();
  EXPECT_FALSE(writer.congested());
  EXPECT_EQ(drained.count(), 1);
}

TEST_P(line_writer_test, keeps_a_line_whole_that_is_longer_than_the_pipe) {
  line_writer writer{options()};
  const std::string line(3'000'000, 'x');
  writer.write(line);
  writer.push();
  writer.write("after");
  writer.push();
  EXPECT_EQ(read_bytes(ends.read, line.size() + 1), line + "\n");
  EXPECT_EQ(read_line(ends.read), "after");
  EXPECT_TRUE(writer.flush(soon()));
}

TEST_P(line_writer_test, never_blocks_a_caller_when_nobody_reads) {
  line_writer writer{options()};
  for (int i = 0; i < 2000; ++i) {
    writer.write(std::string(1000, 'y'));
    writer.push();
  }
  EXPECT_TRUE(writer.congested());
  EXPECT_FALSE(writer.flush(std::chrono::steady_clock::now()));
}

TEST_P(line_writer_test, tells_when_a_slow_reader_has_caught_up) {
  line_writer writer{options()};
  for (int i = 0; i < 2000; ++i) {
    writer.write(std::string(1000, 'y'));
    writer.push();
  }
  EXPECT_EQ(read_bytes(ends.read, 2000 * 1001).size(), 2000U * 1001U);
  EXPECT_TRUE(writer.flush(soon()));
  EXPECT_FALSE(writer.congested());
  // Once when no new work has to wait any more, once when everything is written.
  EXPECT_TRUE(drained.reaches(2));
}

TEST_P(line_writer_test, tells_how_much_the_client_has) {
  line_writer writer{options()};
  writer.write("one");
  EXPECT_EQ(writer.taken(), 4U);
  EXPECT_EQ(writer.sent(), 0U) << "nothing was pushed";
  writer.push();
  EXPECT_EQ(writer.sent(), 4U);
  const std::string large(4U * 1024 * 1024, 'x'); // no pipe holds that
  writer.write(large);
  writer.push();
  EXPECT_LT(writer.sent(), writer.taken());
  EXPECT_EQ(read_bytes(ends.read, 4 + large.size() + 1).size(), 4 + large.size() + 1);
  EXPECT_TRUE(writer.flush(soon()));
  EXPECT_EQ(writer.sent(), writer.taken());
}

TEST_P(line_writer_test, counts_nothing_as_sent_that_was_dropped) {
  line_writer writer{options()};
  ends.read.reset();
  writer.write("nobody reads this");
  writer.push();
  EXPECT_EQ(writer.sent(), 0U);
  EXPECT_GT(writer.taken(), 0U);
}

TEST_P(line_writer_test, keeps_lines_in_order_and_whole_with_many_writers) {
  std::optional<line_writer> writer{options()};
  constexpr int writers = 4;
  constexpr int lines_each = 500;
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&writer, w] {
      for (int i = 0; i < lines_each; ++i) {
        writer->write(std::to_string(w) + ":" + std::to_string(i) + ":" + std::string(700, 'z'));
        writer->push();
      }
    });
  }
  auto reading = std::async(std::launch::async, [&] { return read_bytes(ends.read, SIZE_MAX); });
  for (auto& each : threads) {
    each.join();
  }
  ASSERT_TRUE(writer->flush(soon()));
  writer.reset();
  ends.write.reset(); // the end of what is to be read
  std::istringstream lines{reading.get()};
  std::vector<int> next(writers, 0);
  for (std::string line; std::getline(lines, line);) {
    int w = -1;
    int number = -1;
    ASSERT_EQ(std::sscanf(line.c_str(), "%d:%d:", &w, &number), 2) << line.substr(0, 80);
    ASSERT_EQ(number, next.at(static_cast<std::size_t>(w))++);
    ASSERT_EQ(line.substr(line.rfind(':') + 1), std::string(700, 'z'));
  }
  EXPECT_EQ(next, std::vector<int>(writers, lines_each));
}

TEST_P(line_writer_test, notices_in_the_caller_that_the_client_is_gone) {
  line_writer writer{options()};
  ends.read.reset();
  writer.write("hello");
  writer.push();
  EXPECT_TRUE(writer.closed());
  writer.write("nobody reads this");
  writer.push();
  EXPECT_EQ(closed.count(), 1);
}

TEST_P(line_writer_test, notices_while_lines_are_queued_that_the_client_is_gone) {
  line_writer writer{options()};
  for (int i = 0; i < 2000; ++i) {
    writer.write(std::string(1000, 'y'));
    writer.push();
  }
  ends.read.reset();
  EXPECT_TRUE(closed.reaches(1));
  EXPECT_TRUE(writer.closed());
  EXPECT_FALSE(writer.congested());
  EXPECT_TRUE(writer.flush(soon()));
}

TEST_P(line_writer_test, ends_with_lines_queued_and_nobody_reading) {
  const auto began = std::chrono::steady_clock::now();
  {
    line_writer writer{options()};
    writer.write(std::string(1'000'000, 'x'));
    writer.push();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, patience);
}

TEST_P(line_writer_test, leaves_the_shared_description_blocking) {
  line_writer writer{options()};
  writer.write(std::string(1'000'000, 'x'));
  writer.push();
  EXPECT_EQ(::fcntl(ends.write.number(), F_GETFL) & O_NONBLOCK, 0);
}

INSTANTIATE_TEST_SUITE_P(over, line_writer_test, ::testing::Values(&pipe_pair, &socket_pair),
                         [](const auto& chosen) {
                           return chosen.index == 0 ? std::string{"a_pipe"}
                                                    : std::string{"a_socket"};
                         });

TEST(line_writer_to_a_file, writes_everything_at_once) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  {
    line_writer writer{
      {.descriptor_number = ::fileno(file), .on_drained = [] {}, .on_closed = [] {}}};
    writer.write(std::string(1'000'000, 'x'));
    writer.push();
    writer.write("end");
    writer.push();
    EXPECT_FALSE(writer.congested());
  }
  EXPECT_EQ(::lseek(::fileno(file), 0, SEEK_END), 1'000'005);
  std::fclose(file);
}

} // namespace nats_mcp::transport::line_writer_test
