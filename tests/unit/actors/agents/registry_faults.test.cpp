// SPDX-License-Identifier: MIT
// The registry dies at each of its messages in turn: everybody who waits is answered, and the next
// incarnation is one agent, with one entry.
#include "protocol/agents/buckets.hpp"

#include "tests/support/registry_story.hpp"

#include <set>
#include <stdexcept>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

class a_crash_of_the_registry : public testing::registry_story {
protected:
  /// From now on the message number `which` is its death.
  message_probe dies_at(std::size_t which) {
    return [this, which](std::string_view) {
      if (messages_++ == which) {
        throw std::runtime_error{"planted"};
      }
    };
  }

  void start_dying_at(std::size_t which) {
    kill(caf::actor_cast<caf::actor>(registry_));
    nats_.script()->connection_observers.clear();
    messages_ = 0;
    probe_ = dies_at(which);
    registry_ = start_registry(options(), *saved_);
    probe_ = {};
  }

  /// How many agents have an entry.
  std::size_t agents_there() const {
    std::set<std::string> guids;
    for (const auto& entry : nats_.store().entries(agents::agents_bucket)) {
      guids.emplace(agents::parse_agent_key(entry.key)->guid);
    }
    return guids.size();
  }

  std::size_t messages_ = 0;
};

TEST_F(a_crash_of_the_registry, at_any_message_leaves_nobody_without_an_answer) {
  put(stranger(1));
  for (std::size_t which = 0;; ++which) {
    SCOPED_TRACE("message " + std::to_string(which));
    start_dying_at(which);
    auto registered = post(registry_, registering("dev"));
    auto changed = post(registry_, saying_tasks(1));
    auto renamed = post(registry_, change_handle{"dev", soon()});
    auto found = post(registry_, discovering());
    auto recipient = post(registry_, finding(stranger(1).guid));
    auto looked_up = post(registry_, look_up_agent{{{}, "stranger-1"}, soon()});
    auto confirmed = post(registry_, confirm_identity{soon()});
    auto left = post(registry_, deregister{soon()});
    run();
    EXPECT_TRUE(registered.answered());
    EXPECT_TRUE(changed.answered());
    EXPECT_TRUE(renamed.answered());
    EXPECT_TRUE(found.answered());
    EXPECT_TRUE(recipient.answered());
    EXPECT_TRUE(looked_up.answered());
    EXPECT_TRUE(confirmed.answered());
    EXPECT_TRUE(left.answered());
    const bool died = messages_ > which;
    restart_registry();
    const auto again = ask(registry_, registering("dev"));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(agents_there(), 2U) << "the stranger and this agent";
    EXPECT_EQ(holder(again->guid), "session-1");
    ASSERT_EQ(records(again->guid).size(), 1U);
    EXPECT_FALSE(records(again->guid).front().ended);
    if (!died) {
      ASSERT_TRUE(left.value());
      ASSERT_GT(which, 30U);
      break;
    }
  }
}

TEST_F(a_crash_of_the_registry, says_that_the_outcome_is_not_known) {
  start_dying_at(3); // after the registration's first requests left
  const auto broken = ask(registry_, registering("dev"));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ec::crashed);
}

} // namespace
} // namespace nats_mcp
