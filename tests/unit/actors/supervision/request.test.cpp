// SPDX-License-Identifier: MIT
#include "actors/request.hpp"

#include "tests/unit/actors/supervision/supervised.hpp"

#include <string>
#include <vector>

namespace nats_mcp::counting {

/// Asks a counter and writes down what comes back.
struct add_elsewhere {
  int amount = 0;
};
struct ask_and_end {};

} // namespace nats_mcp::counting

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::add_elsewhere)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::ask_and_end)

namespace nats_mcp::counting {

using asker_actor = caf::typed_actor<caf::reacts_to<add_elsewhere>, caf::reacts_to<ask_and_end>>;

class asker {
public:
  asker(asking_actor<asker_actor>* self, counter_actor whom, std::vector<std::string>* heard)
    : self_{self}
    , whom_{std::move(whom)}
    , heard_{heard} {
    // nop
  }

  asker_actor::behavior_type make_behavior() {
    return {
      [this](const add_elsewhere& what) {
        ask<total>(
          self_, whom_, add{what.amount}, "counter",
          [this](total answer) { heard_->push_back(std::to_string(answer.value)); },
          [this](const error& why) { heard_->push_back(why.message); });
      },
      [this](const ask_and_end&) {
        ask<total>(
          self_, whom_, add{1}, "counter", [this](total) { heard_->push_back("too late"); },
          [this](const error&) { heard_->push_back("too late"); });
        self_->quit();
      },
    };
  }

private:
  asking_actor<asker_actor>* self_;
  counter_actor whom_;
  std::vector<std::string>* heard_;
};

class request : public supervised {
protected:
  asker_actor asking(const counter_actor& whom) {
    return adopt(spawn_shell<asker_actor, asker>(system(), "asker", {}, whom, &heard));
  }

  std::vector<std::string> heard;
};

TEST_F(request, gets_each_answer_in_the_order_of_the_questions) {
  supervise({child(first)});
  const auto who = asking(first.handle);
  for (int i = 0; i < 3; ++i) {
    caf::anon_send(who, add_elsewhere{1});
  }
  run();
  EXPECT_EQ(heard, (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(request, to_a_part_that_is_not_there_fails_in_its_name) {
  tell(asking(first.handle), add_elsewhere{1});
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_NE(heard[0].find("\"first\""), std::string::npos) << heard[0];
}

TEST_F(request, to_nobody_fails_later_and_not_at_once) {
  tell(asking({}), add_elsewhere{1});
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_NE(heard[0].find("counter"), std::string::npos) << heard[0];
}

TEST_F(request, of_an_actor_that_ended_is_not_answered_any_more) {
  supervise({child(first)});
  tell(asking(first.handle), ask_and_end{});
  EXPECT_TRUE(heard.empty());
  EXPECT_EQ(answer_of(first, 1), "2");
}

} // namespace nats_mcp::counting
