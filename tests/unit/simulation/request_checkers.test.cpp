// SPDX-License-Identifier: MIT
// The checkers of requests against histories made by hand: one good, the others each bad in one
// way.
#include "tests/simulation/checkers/request_checkers.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::simulation::request_checkers_test {
namespace {

class request_checkers : public ::testing::Test {
protected:
  request_checkers() {
    history_.processes.push_back({0, false, false});
    for (int number = 0; number < 2; ++number) {
      request_record request;
      request.what = "send_message";
      request.order = ++history_.last_order;
      request.answers.push_back({++history_.last_order, {}, false, {}, {}, false});
      history_.requests.push_back(request);
    }
  }

  [[nodiscard]] std::size_t unanswered() const {
    return requests_are_answered_once{history_}.violations().size();
  }
  [[nodiscard]] std::size_t mixed_up() const {
    return answers_keep_their_era{history_}.violations().size();
  }

  request_history history_;
};

TEST_F(request_checkers, are_content_when_every_request_has_its_answer) {
  EXPECT_EQ(unanswered(), 0U);
  EXPECT_EQ(mixed_up(), 0U);
}

TEST_F(request_checkers, miss_an_answer) {
  history_.requests[1].answers.clear();
  EXPECT_EQ(unanswered(), 1U);
}

TEST_F(request_checkers, miss_none_for_what_was_withdrawn_or_died_with_its_process) {
  history_.requests[1].answers.clear();
  history_.requests[1].withdrawn = 9;
  EXPECT_EQ(unanswered(), 0U);
  history_.requests[1].withdrawn.reset();
  history_.processes[0].killed = true;
  EXPECT_EQ(unanswered(), 0U);
}

TEST_F(request_checkers, catch_a_second_answer_even_to_what_was_withdrawn) {
  history_.requests[0].answers.push_back(history_.requests[0].answers[0]);
  EXPECT_EQ(unanswered(), 1U);
  history_.requests[0].withdrawn = 9;
  EXPECT_EQ(unanswered(), 1U);
}

TEST_F(request_checkers, catch_a_line_that_answers_nothing) {
  history_.strays.push_back(R"({"jsonrpc":"2.0","id":77,"result":{}})");
  EXPECT_EQ(unanswered(), 1U);
}

TEST_F(request_checkers, catch_an_answer_in_the_other_era) {
  history_.requests[0].answers[0].modern = true;
  EXPECT_EQ(mixed_up(), 1U);
  history_.requests[0].how = mcp::era::modern;
  EXPECT_EQ(mixed_up(), 0U);
}

} // namespace
} // namespace nats_mcp::simulation::request_checkers_test
