// SPDX-License-Identifier: MIT
// What a client hears when no session answers it any more.
#include "transport/stdio/unanswered.hpp"

#include "tests/simulation/world/simulated_client.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nats_mcp::transport::unanswered_test {
namespace {

class unanswered : public ::testing::Test {
protected:
  static std::string request(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"ping"})";
  }
  static mcp::owed_answer debt(const std::string& id) {
    return {{jsonrpc::request_id::kind::integer, id}, mcp::era::legacy, {}};
  }

  static mcp::owed_answer stream(const std::string& id) {
    return {{jsonrpc::request_id::kind::integer, id}, mcp::era::modern, {}, "the end of " + id};
  }

  std::vector<std::string> heard_;
  simulation::simulated_client client_{
    {.on_input = [] {},
     .on_drained = [] {},
     .on_line = [this](const std::string& line) { heard_.push_back(line); }}};
};

TEST_F(unanswered, hears_of_a_session_that_died_with_requests_owed_and_one_in_hand) {
  client_.say(request(2));
  client_.owe(debt("1"));
  ASSERT_TRUE(client_.next());
  answer_for_dead_session(client_);
  ASSERT_EQ(heard_.size(), 2U);
  EXPECT_EQ(heard_[0].find(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603)"), 0U);
  EXPECT_EQ(heard_[1].find(R"({"jsonrpc":"2.0","id":2,"error":{"code":-32603)"), 0U);
  answer_for_dead_session(client_);
  EXPECT_EQ(heard_.size(), 2U) << "once";
}

TEST_F(unanswered, hears_once_of_a_request_that_was_owed_and_in_hand) {
  client_.say(request(1));
  ASSERT_TRUE(client_.next());
  client_.owe(debt("1"));
  answer_for_dead_session(client_);
  EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(unanswered, hears_the_end_of_a_stream_only_when_no_session_goes_on_with_it) {
  client_.owe(stream("1"));
  client_.owe(debt("2"));
  client_.owe(stream("3"));
  answer_for_dead_session(client_);
  ASSERT_EQ(heard_.size(), 1U);
  EXPECT_NE(heard_[0].find(R"("id":2)"), std::string::npos);
  end_open_streams(client_);
  EXPECT_EQ(heard_, (std::vector<std::string>{heard_[0], "the end of 1", "the end of 3"}));
  end_open_streams(client_);
  EXPECT_EQ(heard_.size(), 3U) << "once";
  EXPECT_TRUE(client_.owed().empty());
}

TEST_F(unanswered, hears_no_error_for_a_stream_that_is_open_though_its_request_is_in_hand) {
  client_.say(request(1));
  ASSERT_TRUE(client_.next());
  client_.owe(stream("1"));
  answer_for_dead_session(client_);
  EXPECT_TRUE(heard_.empty()) << "the next session goes on with it";
}

TEST_F(unanswered, hears_that_what_nobody_took_did_not_happen) {
  client_.say(request(1));
  client_.say(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  client_.say(request(2));
  client_.end();
  answer_untaken(client_);
  ASSERT_EQ(heard_.size(), 2U) << "a notification has no answer";
  EXPECT_NE(heard_[0].find("did not begin this request, so nothing happened"), std::string::npos);
  EXPECT_NE(heard_[1].find(R"("id":2)"), std::string::npos);
  EXPECT_FALSE(client_.next());
}

} // namespace
} // namespace nats_mcp::transport::unanswered_test
