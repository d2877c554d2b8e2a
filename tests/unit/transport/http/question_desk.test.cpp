// SPDX-License-Identifier: MIT
// Questions from threads, answers from an actor that may fail, be slow, or end.
#include "transport/http/question_desk.hpp"

#include "protocol/limits/http.hpp"

#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <list>

namespace nats_mcp::transport::question_desk_test {
namespace {

using namespace std::chrono_literals;
using nats_mcp::testing::eventually;

class a_desk : public ::testing::Test {
protected:
  using answer = result<std::string>;

  [[nodiscard]] std::future<answer> ask(question_kind kind,
                                        std::chrono::milliseconds within = 20s) {
    return std::async(std::launch::async, [this, kind, within] {
      const auto until = std::chrono::steady_clock::now() + within;
      return desk_.ask({kind, "an-item", until}, until);
    });
  }
  /// The next question, which comes for sure.
  [[nodiscard]] taken_question next() {
    std::vector<taken_question> taken;
    EXPECT_TRUE(eventually(10s, [&] {
      taken = desk_.take();
      return !taken.empty();
    }));
    EXPECT_EQ(taken.size(), 1U);
    return taken.front();
  }

  std::atomic<int> told_{0};
  question_desk desk_{[this] { ++told_; }};
};

TEST_F(a_desk, brings_each_question_its_answer) {
  auto first = ask(question_kind::metrics);
  const auto one = next();
  auto second = ask(question_kind::retry);
  const auto other = next();
  EXPECT_EQ(told_, 2);
  EXPECT_EQ(other.what.kind, question_kind::retry);
  EXPECT_EQ(other.what.item_id, "an-item");
  desk_.answer(other.id, "two");
  desk_.answer(one.id, fail(ec::not_found, "one"));
  EXPECT_EQ(second.get().value(), "two");
  EXPECT_EQ(first.get().error().message, "one");
}

TEST_F(a_desk, hands_out_each_question_once) {
  auto asked = ask(question_kind::metrics);
  const auto one = next();
  EXPECT_TRUE(desk_.take().empty());
  desk_.answer(one.id, "first");
  desk_.answer(one.id, "second");
  EXPECT_EQ(asked.get().value(), "first");
  desk_.answer(one.id, "nobody waits");
}

TEST_F(a_desk, lets_nobody_wait_longer_than_said) {
  EXPECT_EQ(ask(question_kind::metrics, 10ms).get().error().code, ec::timeout);
  EXPECT_EQ(ask(question_kind::retry, 10ms).get().error().code, ec::timeout) << "nobody has begun";
  auto begun = ask(question_kind::discard, 500ms);
  (void)next();
  EXPECT_EQ(begun.get().error().code, ec::unknown_outcome);
}

TEST_F(a_desk, answers_for_an_actor_that_failed) {
  auto taken = ask(question_kind::retry);
  (void)next();
  auto waiting = ask(question_kind::metrics);
  EXPECT_TRUE(eventually(10s, [this] { return told_ == 2; }));
  desk_.answer_for_predecessor();
  EXPECT_EQ(taken.get().error().code, ec::crashed);
  desk_.answer(next().id, "by the next one");
  EXPECT_EQ(waiting.get().value(), "by the next one");
}

TEST_F(a_desk, has_room_for_so_many_questions) {
  std::list<std::future<answer>> asked;
  for (std::size_t one = 0; one < limits::http_questions_max; ++one) {
    asked.push_back(ask(question_kind::metrics));
  }
  const auto all = static_cast<int>(limits::http_questions_max);
  EXPECT_TRUE(eventually(10s, [&] { return told_ == all; }));
  EXPECT_EQ(ask(question_kind::metrics).get().error().code, ec::busy);
  desk_.close();
  for (auto& one : asked) {
    EXPECT_EQ(one.get().error().code, ec::unavailable);
  }
}

TEST_F(a_desk, that_is_closed_answers_everybody_at_once) {
  auto change = ask(question_kind::discard);
  (void)next();
  auto look = ask(question_kind::metrics);
  EXPECT_TRUE(eventually(10s, [this] { return told_ == 2; }));
  desk_.close();
  EXPECT_EQ(change.get().error().code, ec::unknown_outcome);
  EXPECT_EQ(look.get().error().code, ec::unavailable);
  EXPECT_EQ(ask(question_kind::metrics).get().error().code, ec::unavailable);
}

} // namespace
} // namespace nats_mcp::transport::question_desk_test
