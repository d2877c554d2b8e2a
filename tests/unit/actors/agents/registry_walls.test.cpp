// SPDX-License-Identifier: MIT
// What the registry shows where NATS lets this process see some agents and not others.
#include "protocol/agents/buckets.hpp"

#include "tests/support/registry_story.hpp"

#include <algorithm>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;
using agents::visibility;
using strings = std::vector<std::string>;

class behind_walls : public testing::registry_story {
protected:
  void SetUp() override {
    registry_story::SetUp();
    for (const auto seen_by : {visibility::public_, visibility::user_only}) {
      auto one = stranger(seen_by == visibility::public_ ? 1 : 2);
      one.seen_by = seen_by;
      one.username = "ann";
      put(one);
    }
    must_register(registering());
  }

  /// Nothing whose key begins so may be watched or read.
  void refuse(const std::string& beginning) {
    nats_.on_watch = [this, beginning](const kv_watch& what) {
      ++watches_asked_for_;
      return what.filter.starts_with(beginning) ? std::optional{refusal()} : std::nullopt;
    };
    nats_.on_command = [beginning](const agents::key_command& what) -> std::optional<error> {
      const auto* get = std::get_if<jetstream::kv_get>(&what);
      return get != nullptr && get->key.starts_with(beginning) ? std::optional{refusal()}
                                                               : std::nullopt;
    };
  }

  static error refusal() { return {ec::permission_denied, "Not allowed.", 0}; }

  result<tools::discover_agents_result> discover_all() { return ask(registry_, discovering()); }

  result<tools::get_agent_info_result> look_up(const std::string& guid) {
    return ask(registry_, look_up_agent{{guid, std::nullopt}, soon()});
  }

  std::size_t watches_asked_for_ = 0;
};

TEST_F(behind_walls, shows_what_may_be_seen_and_says_what_was_not_looked_at) {
  refuse("user.");
  const auto found = discover_all();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(discovered(), (strings{"stranger-1", "dev"}));
  EXPECT_EQ(found->not_allowed, std::vector{visibility::user_only});
}

TEST_F(behind_walls, says_nothing_of_walls_where_there_are_none) {
  const auto found = discover_all();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->not_allowed.empty());
}

TEST_F(behind_walls, fails_with_the_reason_where_nobody_may_be_seen) {
  nats_.on_watch = [](const kv_watch& what) {
    return what.filter.starts_with("private.") ? std::nullopt : std::optional{refusal()};
  };
  const auto found = discover_all();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ec::permission_denied);
}

TEST_F(behind_walls, does_not_ask_again_for_what_was_refused_until_it_is_connected_again) {
  refuse("user.");
  ASSERT_TRUE(discover_all());
  const auto asked_for = watches_asked_for_;
  ASSERT_TRUE(discover_all());
  EXPECT_EQ(watches_asked_for_, asked_for);
  nats_.connection_is(jetstream::connection_state::disconnected);
  nats_.connection_is(jetstream::connection_state::connected);
  run();
  refuse("none");
  const auto found = discover_all();
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_TRUE(found->not_allowed.empty());
  EXPECT_EQ(watches_asked_for_, asked_for + 1);
}

TEST_F(behind_walls, finds_an_agent_by_its_guid_among_the_keys_that_may_be_read) {
  ASSERT_TRUE(discover_all()); // knows the server's time from now on
  refuse("user.");
  const auto found = look_up(stranger(1).guid);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->agent.handle, "stranger-1");
  const auto hidden = look_up(stranger(2).guid);
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().code, ec::not_found) << "as if it were not there";
}

TEST_F(behind_walls, says_why_it_finds_nobody_where_nothing_may_be_read) {
  ASSERT_TRUE(discover_all());
  refuse("");
  const auto found = look_up(stranger(1).guid);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ec::permission_denied);
}

TEST_F(behind_walls, tells_of_garbage_in_the_place_of_an_agent_that_is_looked_up) {
  ASSERT_TRUE(discover_all());
  put_bytes(stranger(1), "no JSON");
  run();
  unreadable_.clear(); // the view has told of it as well
  EXPECT_FALSE(look_up(stranger(1).guid));
  EXPECT_EQ(unreadable_, strings{key_of(stranger(1))});
}

} // namespace
} // namespace nats_mcp
