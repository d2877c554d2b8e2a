// SPDX-License-Identifier: MIT
#include "transport/log/logger.hpp"

#include "transport/signals/signal_thread.hpp"

#include "tests/unit/transport/stdio/peer.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::transport::logger_test {

namespace {

using namespace testing;
using logging::format;
using logging::level;

logging::event said(level severity, std::string message) {
  return {severity, "test", "test.said", std::move(message), {}};
}

class logger_test : public ::testing::Test {
protected:
  logger_test() { prepare_signals(); }

  logger::options options(level least, format form) {
    return {ends.write.number(), least, form, [] { return wall_time{}; }};
  }

  pipe_ends ends = pipe_pair();
};

} // namespace

TEST_F(logger_test, writes_one_line_for_each_event) {
  logger log{options(level::info, format::text)};
  log.write(said(level::info, "one"));
  log.write(said(level::error, "two"));
  EXPECT_EQ(read_line(ends.read), "1970-01-01T00:00:00.000Z INFO test test.said: one");
  EXPECT_EQ(read_line(ends.read), "1970-01-01T00:00:00.000Z ERROR test test.said: two");
}

TEST_F(logger_test, writes_json_when_asked_to) {
  logger log{options(level::info, format::json)};
  log.write(said(level::warning, "a \"quoted\" %v {} line"));
  EXPECT_EQ(read_line(ends.read),
            R"({"time":"1970-01-01T00:00:00.000Z","level":"WARN","component":"test",)"
            R"("event":"test.said","message":"a \"quoted\" %v {} line"})");
}

TEST_F(logger_test, leaves_out_what_is_below_its_level) {
  logger log{options(level::warning, format::text)};
  EXPECT_FALSE(log.enabled(level::info));
  log.write(said(level::info, "quiet"));
  log.set_least(level::debug);
  EXPECT_TRUE(log.enabled(level::debug));
  log.write(said(level::debug, "loud"));
  EXPECT_EQ(read_line(ends.read), "1970-01-01T00:00:00.000Z DEBUG test test.said: loud");
}

TEST_F(logger_test, redacts_credentials) {
  logger log{options(level::info, format::text)};
  log.write(said(level::info, "trying nats://u:p@host"));
  EXPECT_EQ(read_line(ends.read),
            "1970-01-01T00:00:00.000Z INFO test test.said: trying nats://***@host");
}

TEST_F(logger_test, drops_and_counts_lines_nobody_reads_and_says_so_afterwards) {
  logger log{options(level::info, format::text)};
  const std::string text(2000, 'x');
  int written = 0;
  while (log.dropped() < 100) {
    log.write(said(level::info, text));
    ++written;
  }
  const auto line_bytes =
    std::string{"1970-01-01T00:00:00.000Z INFO test test.said: \n"}.size() + 2000;
  const auto arrived =
    read_bytes(ends.read, (static_cast<std::size_t>(written) - 100) * line_bytes);
  EXPECT_EQ(arrived.size() % line_bytes, 0U);
  log.write(said(level::info, "back"));
  std::string rest = read_line(ends.read);
  if (rest.find("log.dropped") == std::string::npos) {
    rest = read_line(ends.read); // the beginning of the line at which the pipe was full
  }
  EXPECT_EQ(rest, "1970-01-01T00:00:00.000Z WARN log log.dropped: Nobody read standard error for a "
                  "while, so log lines are missing here. lines=100");
  EXPECT_EQ(read_line(ends.read), "1970-01-01T00:00:00.000Z INFO test test.said: back");
}

TEST_F(logger_test, outlives_its_reader) {
  logger log{options(level::info, format::text)};
  ends.read.reset();
  log.write(said(level::info, "nobody"));
  EXPECT_EQ(log.dropped(), 1U);
}

} // namespace nats_mcp::transport::logger_test
