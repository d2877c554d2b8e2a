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
