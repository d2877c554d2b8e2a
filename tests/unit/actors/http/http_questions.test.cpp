// SPDX-License-Identifier: MIT
// What is asked over HTTP reaches whoever knows, and the answer comes back.
#include "tests/support/eventually.hpp"
#include "tests/unit/actors/http/http_story.hpp"

namespace nats_mcp::http_questions_test {
namespace {

using namespace std::chrono_literals;
using transport::question_kind;

class questions : public testing::http_story {};

TEST_F(questions, about_numbers_are_answered_by_the_overview) {
  EXPECT_EQ(answer_of(ask_at_the_door(question_kind::metrics)).value(), "numbers\n");
  script_->overview_failure = error{ec::unavailable, "The part \"overview\" is restarting.", 0};
  EXPECT_EQ(answer_of(ask_at_the_door(question_kind::metrics)).error(), *script_->overview_failure);
}

TEST_F(questions, about_readiness_are_answered_with_the_reason) {
  EXPECT_EQ(answer_of(ask_at_the_door(question_kind::readiness)).value(), "ready\n");
  script_->ready = {false, "NATS is not reached."};
  const auto answer = answer_of(ask_at_the_door(question_kind::readiness));
  EXPECT_EQ(answer.error().code, ec::unavailable);
  EXPECT_EQ(answer.error().message, "NATS is not reached.");
}

TEST_F(questions, to_retry_give_the_item_all_its_attempts) {
  EXPECT_EQ(answer_of(ask_at_the_door(question_kind::retry, "an-item")).value(),
            "Retried: the item waits for a worker with \"rust\" again, with all its attempts.\n");
  ASSERT_EQ(script_->retries.size(), 1U);
  EXPECT_EQ(script_->retries.front().arguments.item_id, "an-item");
  EXPECT_TRUE(script_->retries.front().arguments.reset_attempts);
  EXPECT_FALSE(script_->retries.front().arguments.capability);
}

TEST_F(questions, to_discard_name_the_item) {
  EXPECT_EQ(answer_of(ask_at_the_door(question_kind::discard, "an-item")).value(),
            "Discarded: nobody will work on this item any more.\n");
  ASSERT_EQ(script_->discards.size(), 1U);
  EXPECT_EQ(script_->discards.front().arguments.item_id, "an-item");
}

TEST_F(questions, that_fail_say_why) {
  script_->letters_failure = error{ec::not_found, "There is no such dead letter.", 0};
  EXPECT_EQ(answer_of(ask_at_the_door(question_kind::retry, "x")).error(),
            *script_->letters_failure);
  EXPECT_EQ(answer_of(ask_at_the_door(question_kind::discard, "x")).error(),
            *script_->letters_failure);
}

TEST_F(questions, that_came_before_there_was_an_actor_are_answered_by_the_next) {
  caf::anon_send_exit(http_, caf::exit_reason::kill);
  run();
  auto asked = ask_at_the_door(question_kind::metrics);
  restart();
  EXPECT_EQ(answer_of(std::move(asked)).value(), "numbers\n");
}

TEST_F(questions, a_dead_actor_held_are_answered_with_its_failure) {
  auto asked = ask_at_the_door(question_kind::retry, "x");
  EXPECT_TRUE(testing::eventually(10s, [this] { return door_->desk.take().size() == 1; }))
    << "as the actor would, just before it fails";
  restart();
  EXPECT_EQ(answer_of(std::move(asked)).error().code, ec::crashed);
}

} // namespace
} // namespace nats_mcp::http_questions_test
