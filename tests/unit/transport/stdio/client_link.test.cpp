// SPDX-License-Identifier: MIT
#include "transport/stdio/client_link.hpp"

#include "transport/signals/signal_thread.hpp"

#include "tests/unit/transport/stdio/peer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace nats_mcp::transport::client_link_test {

namespace {

using namespace testing;

class client_link_test : public ::testing::TestWithParam<pipe_ends (*)()> {
protected:
  client_link_test() {
    prepare_signals();
    link->start();
  }

  /// The next input, waiting for it; nothing when the test's patience is over.
  std::optional<input> take() {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
      if (auto next = link->next()) {
        return next;
      }
      told.reaches(++expected_);
    }
    return std::nullopt;
  }

  std::string take_line() {
    const auto next = take();
    link->done();
    return next && next->line ? *next->line : "(no line)";
  }

  /// Declared before the link, which ends before its pipes do.
  pipe_ends to_server = GetParam()();
  pipe_ends to_client = GetParam()();
  counter told;
  std::unique_ptr<client_link> link =
    std::make_unique<client_link>(client_link::options{.input = to_server.read.number(),
                                                       .output = to_client.write.number(),
                                                       .on_input = [this] { told.increment(); },
                                                       .on_drained = [] {},
                                                       .before_waiting = {},
                                                       .on_end = {}});

private:
  int expected_ = 0;
};

} // namespace

TEST_P(client_link_test, puts_a_line_together_that_comes_in_pieces) {
  write_all(to_server.write, "{\"jsonrpc\":");
  write_all(to_server.write, "\"2.0\"}");
  write_all(to_server.write, "\n");
  EXPECT_EQ(take_line(), R"({"jsonrpc":"2.0"})");
}

TEST_P(client_link_test, hands_out_several_lines_of_one_chunk_in_order) {
  write_all(to_server.write, "one\r\n\ntwo\nthree\n");
  EXPECT_EQ(take_line(), "one");
  EXPECT_EQ(take_line(), "two");
  EXPECT_EQ(take_line(), "three");
}

TEST_P(client_link_test, takes_a_line_of_the_greatest_length) {
  const std::string longest(limits::line_bytes_max, 'x');
  std::thread client{[&] { write_all(to_server.write, longest + "\n"); }};
  EXPECT_EQ(take_line(), longest);
  client.join();
}

TEST_P(client_link_test, reports_an_overlong_line_and_goes_on_with_the_next) {
  std::thread client{[&] {
    write_all(to_server.write, std::string(limits::line_bytes_max + 10, 'x') + "\nnext\n");
  }};
  const auto first = take();
  link->done();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, input_kind::overlong_line);
  EXPECT_EQ(take_line(), "next");
  client.join();
}

TEST_P(client_link_test, ends_after_the_last_line_even_without_its_line_feed) {
  write_all(to_server.write, "one\ntwo");
  to_server.write.reset();
  EXPECT_EQ(take_line(), "one");
  EXPECT_EQ(take_line(), "two");
  const auto last = take();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->kind, input_kind::end_of_input);
  EXPECT_TRUE(link->input_ended());
}

TEST_P(client_link_test, makes_a_client_wait_that_writes_faster_than_lines_are_taken) {
  std::string lines;
  for (int i = 0; i < 100'000; ++i) {
    lines += std::to_string(i) + "\n";
  }
  const auto written = write_until_refused(to_server.write, lines, std::chrono::milliseconds{200});
  ASSERT_LT(written, lines.size());
  std::thread client{[&] {
    ::fcntl(to_server.write.number(), F_SETFL, 0);
    write_all(to_server.write, std::string_view{lines}.substr(written));
  }};
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_EQ(take_line(), std::to_string(i));
  }
  client.join();
}

TEST_P(client_link_test, ends_while_the_reader_waits_for_bytes) {
  const auto began = std::chrono::steady_clock::now();
  link.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, patience);
  EXPECT_EQ(told.count(), 0);
}

TEST_P(client_link_test, ends_while_the_reader_waits_for_room) {
  std::string lines;
  for (int i = 0; i < 100'000; ++i) {
    lines += "a line that fills the buffers between the two\n";
  }
  EXPECT_LT(write_until_refused(to_server.write, lines, std::chrono::milliseconds{200}),
            lines.size());
  link.reset();
}

TEST_P(client_link_test, keeps_what_was_read_when_it_stops_reading) {
  write_all(to_server.write, "one\ntwo\n");
  EXPECT_EQ(take_line(), "one");
  link->stop_reading();
  EXPECT_EQ(take_line(), "two");
  to_server.write.reset();
  EXPECT_FALSE(link->next());
}

TEST_P(client_link_test, gives_the_next_session_what_the_dead_one_had_in_hand_and_owed) {
  write_all(to_server.write, "one\ntwo\n");
  const mcp::owed_answer first{{jsonrpc::request_id::kind::integer, "1"}, mcp::era::legacy, {}};
  link->owe(first);
  ASSERT_TRUE(take());
  const auto left = link->take_in_hand();
  ASSERT_TRUE(left);
  EXPECT_EQ(*left->line, "one");
  EXPECT_EQ(link->owed(), (std::vector<mcp::owed_answer>{first}));
  link->settle(first.id);
  EXPECT_TRUE(link->owed().empty());
  EXPECT_EQ(take_line(), "two");
}

TEST_P(client_link_test, treats_a_client_that_reads_no_more_as_the_end_of_input) {
  to_client.read.reset();
  link->write("an answer");
  link->push();
  EXPECT_TRUE(link->output_closed());
  const auto next = take();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->kind, input_kind::end_of_input);
}

TEST_P(client_link_test, writes_lines_in_order) {
  link->write("one");
  link->push();
  link->write("two");
  link->push();
  EXPECT_TRUE(link->flush(std::chrono::steady_clock::now() + patience));
  EXPECT_EQ(read_line(to_client.read), "one");
  EXPECT_EQ(read_line(to_client.read), "two");
  EXPECT_FALSE(link->output_congested());
}

INSTANTIATE_TEST_SUITE_P(over, client_link_test, ::testing::Values(&pipe_pair, &socket_pair),
                         [](const auto& chosen) {
                           return chosen.index == 0 ? std::string{"pipes"} : std::string{"sockets"};
                         });

} // namespace nats_mcp::transport::client_link_test
