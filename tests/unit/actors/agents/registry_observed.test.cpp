// SPDX-License-Identifier: MIT
// What the registry tells of other agents to those who want to hear of changes.
#include "protocol/agents/buckets.hpp"

#include "tests/support/registry_story.hpp"

#include <algorithm>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

class the_observed_view : public testing::registry_story {
protected:
  void beat(const agents::agent_record& of) {
    (void)nats_.store().put({std::string{agents::presence_bucket},
                             key_of(of),
                             agents::write_presence(of.session_id, "w"),
                             {},
                             "w",
                             {}});
  }
  /// Begins to observe one agent whose registration was told of.
  int observe_one() {
    put(stranger(1));
    tell(registry_, observe_agents{true});
    advance(5s);
    return session_heard_->agents_changed;
  }
  std::size_t snapshots() const {
    const auto& asked = nats_.script()->api_requests;
    return static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [](const auto& one) {
      return one.verb.starts_with("CONSUMER.CREATE.KV_presence.");
    }));
  }
};

TEST_F(the_observed_view, tells_the_session_of_changes_while_it_wants_to_hear_of_them) {
  put(stranger(1));
  tell(registry_, observe_agents{true});
  const auto told = session_heard_->agents_changed;
  put(stranger(2));
  run();
  EXPECT_GT(session_heard_->agents_changed, told);
  tell(registry_, observe_agents{false});
  const auto before = session_heard_->agents_changed;
  put(stranger(3));
  run();
  EXPECT_EQ(session_heard_->agents_changed, before);
}

TEST_F(the_observed_view, tells_of_an_agent_that_falls_silent) {
  const auto told = observe_one();
  advance(110s);
  EXPECT_EQ(session_heard_->agents_changed, told);
  advance(15s);
  EXPECT_EQ(session_heard_->agents_changed, told + 1) << "stale after two intervals";
  advance(1h);
  EXPECT_EQ(session_heard_->agents_changed, told + 1) << "once";
}

TEST_F(the_observed_view, tells_nothing_while_signs_of_life_come) {
  const auto told = observe_one();
  for (int beats = 0; beats < 10; ++beats) {
    advance(60s);
    beat(stranger(1));
  }
  EXPECT_EQ(session_heard_->agents_changed, told);
}

TEST_F(the_observed_view, tells_of_a_stale_agent_that_comes_back) {
  const auto told = observe_one();
  advance(125s);
  ASSERT_EQ(session_heard_->agents_changed, told + 1);
  beat(stranger(1));
  advance(60s);
  EXPECT_EQ(session_heard_->agents_changed, told + 2);
}

TEST_F(the_observed_view, looks_for_signs_of_life_only_when_somebody_may_have_fallen_silent) {
  (void)observe_one();
  const auto before = snapshots();
  advance(100s);
  EXPECT_EQ(snapshots(), before);
  tell(registry_, observe_agents{false});
  advance(1h);
  EXPECT_EQ(snapshots(), before) << "nobody wants to know";
}

TEST_F(the_observed_view, stays_open_while_it_is_observed_and_closes_afterwards) {
  put(stranger(1));
  tell(registry_, observe_agents{true});
  advance(1h);
  EXPECT_EQ(nats_.watched().size(), 3U);
  tell(registry_, observe_agents{false});
  advance(10min);
  EXPECT_TRUE(nats_.watched().empty());
}

TEST_F(the_observed_view, that_is_observed_neither_connects_nor_writes) {
  nats_.connection_is(jetstream::connection_state::idle);
  run();
  tell(registry_, observe_agents{true});
  advance(1min);
  EXPECT_TRUE(nats_.watched().empty());
  nats_.connection_is(jetstream::connection_state::connected);
  run();
  EXPECT_TRUE(nats_.watched().empty()) << "there is no bucket";
  put(stranger(1));
  advance(5s);
  EXPECT_EQ(nats_.watched().size(), 3U);
  EXPECT_EQ(session_heard_->agents_changed, 1);
  EXPECT_TRUE(nats_.writes().empty());
}

} // namespace
} // namespace nats_mcp
