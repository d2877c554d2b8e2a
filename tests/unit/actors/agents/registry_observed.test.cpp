// SPDX-License-Identifier: MIT
// What the registry tells of other agents to those who want to hear of changes.
#include "protocol/agents/buckets.hpp"

#include "tests/support/registry_story.hpp"

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

class the_observed_view : public testing::registry_story {};

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
