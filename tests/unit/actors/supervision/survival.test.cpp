// SPDX-License-Identifier: MIT
// A supervisor that fails itself goes on, at whatever message that happens.
#include "tests/unit/actors/supervision/supervised.hpp"

#include <algorithm>
#include <stdexcept>

namespace nats_mcp::counting::survival_test {

class survival : public supervised {
protected:
  survival() {
    probe = [this](std::string_view) {
      if (fails_in_ > 0 && --fails_in_ == 0) {
        throw std::runtime_error{"the supervisor is broken"};
      }
    };
  }

  void the_message_breaks_it(int number) { fails_in_ = number; }
  void the_next_message_breaks_it() { the_message_breaks_it(1); }

  [[nodiscard]] bool has_failed() const {
    return fails_in_ == 0 && std::any_of(diary.begin(), diary.end(), [](const std::string& line) {
             return line.ends_with(" supervisor survived");
           });
  }

private:
  int fails_in_ = 0;
};

TEST_F(survival, starts_a_child_again_whose_end_broke_the_supervisor) {
  const auto supervisor = supervise({child(first), child(second)});
  EXPECT_EQ(answer_of(second, 7), "7");
  the_next_message_breaks_it();
  tell(first.handle, fail_now{"broken"});
  EXPECT_TRUE(has_failed());
  EXPECT_EQ(answer_of(first, 1), "unavailable");
  EXPECT_EQ(answer_of(second, 1), "8");
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "1");
}

TEST_F(survival, starts_a_child_again_when_its_timer_broke_the_supervisor) {
  const auto supervisor = supervise({child(first)});
  tell(first.handle, fail_now{"broken"});
  the_next_message_breaks_it();
  advance(100ms);
  EXPECT_TRUE(has_failed());
  EXPECT_EQ(answer_of(first, 1), "1");
}

TEST_F(survival, keeps_a_checkpoint_that_broke_the_supervisor) {
  const auto supervisor = supervise({child(first)});
  the_next_message_breaks_it();
  EXPECT_EQ(answer_of(first, 5), "5");
  EXPECT_TRUE(has_failed());
  tell(first.handle, fail_now{"broken"});
  advance(100ms);
  EXPECT_EQ(answer_of(first, 1), "6");
}

TEST_F(survival, answers_who_asked_for_its_status_when_that_broke_it) {
  const auto supervisor = supervise({child(first)});
  the_next_message_breaks_it();
  const auto status = ask(supervisor, tree_status_query{});
  EXPECT_TRUE(has_failed());
  ASSERT_TRUE(status);
  ASSERT_EQ(status->children.size(), 1U);
  EXPECT_EQ(status->children[0].state, child_state::running);
}

TEST_F(survival, stops_the_tree_in_order_when_being_told_so_broke_it) {
  const auto supervisor = supervise({child(first), child(second)});
  the_next_message_breaks_it();
  const auto stopped = ask(supervisor, stop_tree{});
  EXPECT_TRUE(has_failed());
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->killed, 0U);
}

TEST_F(survival, goes_on_with_a_stop_in_the_middle_of_which_it_broke) {
  const auto supervisor = supervise({child(first), child(second)});
  const auto stopped = post(supervisor, stop_tree{});
  the_message_breaks_it(2); // that the second child has ended
  run();
  EXPECT_TRUE(has_failed());
  EXPECT_TRUE(stopped.value());
}

/// Survives, and breaks at the same message every time.
class hopeless {
public:
  explicit hopeless(counter_actor::pointer self)
    : self_{self} {
    // nop
  }

  void survive(const std::string& failure) { last_failure_ = failure; }

  counter_actor::behavior_type make_behavior() {
    return {
      [](const add& message) { return total{message.amount}; },
      [](const add_and_fail&) -> total { throw std::runtime_error{"broken for good"}; },
      [this](const hold&) -> caf::result<total> {
        auto promise = self_->make_response_promise<total>();
        held_.emplace_back(promise, "hopeless");
        return promise;
      },
      [](const fail_now& message) { throw std::runtime_error{message.why}; },
      [this](const finish&) { self_->quit(); },
    };
  }

private:
  counter_actor::pointer self_;
  std::string last_failure_;
  std::vector<guarded_promise<total>> held_;
};

TEST_F(survival, answers_a_request_at_which_an_actor_breaks_twice_and_goes_on) {
  const auto actor =
    adopt(spawn_shell<counter_actor, hopeless>(system(), "hopeless", message_probe{}));
  tell(actor, fail_now{"broken"});
  const auto answer = ask(actor, add_and_fail{1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ec::crashed);
  const auto later = ask(actor, add{3});
  ASSERT_TRUE(later);
  EXPECT_EQ(later->value, 3);
}

} // namespace nats_mcp::counting::survival_test
