// SPDX-License-Identifier: MIT
// The heartbeat together with the registry it serves, on virtual time.
#include "protocol/agents/buckets.hpp"

#include "tests/support/registry_story.hpp"

#include <algorithm>

namespace nats_mcp {
namespace {

using namespace std::chrono_literals;

using strings = std::vector<std::string>;

class heartbeat : public testing::registry_story {
protected:
  void SetUp() override {
    registry_story::SetUp();
    // The registry has to know the heartbeat, and the other way round.
    link_ = std::make_shared<heartbeat_actor>();
    auto how = options();
    how.heartbeat = adopt(
      spawn_shell<heartbeat_actor, forwarding>(system(), "heartbeat", message_probe{}, link_));
    kill(caf::actor_cast<caf::actor>(registry_));
    registry_ = start_registry(how);
    restart_heartbeat();
  }

  /// Passes on to whichever heartbeat there is.
  class forwarding {
  public:
    forwarding(heartbeat_actor::pointer self, std::shared_ptr<heartbeat_actor> to)
      : self_{self}
      , to_{std::move(to)} {
      // nop
    }
    heartbeat_actor::behavior_type make_behavior() {
      return {
        [this](const identity_changed& news) { self_->send(*to_, news); },
        [](const heartbeat_due&) {
          // Each heartbeat has a timer of its own.
        },
      };
    }

  private:
    heartbeat_actor::pointer self_;
    std::shared_ptr<heartbeat_actor> to_;
  };

  void restart_heartbeat() {
    *link_ = start_heartbeat();
    run();
  }

  std::size_t beats() const {
    return static_cast<std::size_t>(
      std::count_if(nats_.writes().begin(), nats_.writes().end(),
                    [](const auto& one) { return one.starts_with("put presence "); }));
  }
  std::string key_of_own(const std::string& guid) const {
    return "project.0123456789abcdef." + guid;
  }

  std::shared_ptr<heartbeat_actor> link_;
};

TEST_F(heartbeat, is_silent_without_registration) {
  advance(1h);
  EXPECT_TRUE(nats_.writes().empty());
}

TEST_F(heartbeat, beats_once_an_interval_under_the_key_of_its_agent) {
  const auto guid = must_register(registering());
  advance(interval / 2 - 1ms);
  EXPECT_EQ(beats(), 0U) << "the entry itself is a sign of life";
  advance(interval / 2 + 1ms);
  EXPECT_EQ(beats(), 1U);
  advance(10 * interval);
  EXPECT_EQ(beats(), 11U);
  const auto entry = nats_.store().entry(agents::presence_bucket, key_of_own(guid));
  ASSERT_TRUE(entry);
  EXPECT_EQ(agents::read_presence(entry->value), "session-1");
  EXPECT_LT(nats_.store().now() - entry->stored_at, interval);
}

TEST_F(heartbeat, writes_nothing_but_signs_of_life) {
  must_register(registering());
  const auto before = nats_.writes().size();
  advance(12h);
  EXPECT_EQ(beats(), nats_.writes().size() - before);
}

TEST_F(heartbeat, keeps_others_from_taking_over) {
  const auto guid = must_register(registering("dev"));
  advance(1h);
  const auto other = ask(start_another(), registering("dev"));
  ASSERT_TRUE(other);
  EXPECT_NE(other->guid, guid);
}

TEST_F(heartbeat, stops_with_the_agent) {
  must_register(registering());
  advance(interval);
  ASSERT_TRUE(ask(registry_, deregister{soon()}));
  const auto written = nats_.writes().size();
  advance(1h);
  EXPECT_EQ(nats_.writes().size(), written);
}

TEST_F(heartbeat, follows_a_change_of_visibility) {
  const auto guid = must_register(registering("dev"));
  advance(interval);
  must_register(registering("dev", agents::visibility::public_));
  advance(interval);
  const auto entry = nats_.store().entry(agents::presence_bucket, "public.all." + guid);
  ASSERT_TRUE(entry);
  EXPECT_EQ(agents::read_presence(entry->value), "session-1");
}

TEST_F(heartbeat, brings_an_entry_back_that_vanished) {
  const auto guid = must_register(registering());
  nats_.store().expire(agents::agents_bucket, key_of_own(guid));
  advance(interval);
  EXPECT_EQ(records(guid).size(), 1U);
}

TEST_F(heartbeat, brings_an_entry_back_that_was_deleted) {
  const auto guid = must_register(registering());
  ASSERT_TRUE(nats_.store().remove({std::string{agents::agents_bucket}, key_of_own(guid), {}, {}}));
  advance(interval);
  EXPECT_EQ(records(guid).size(), 1U);
}

TEST_F(heartbeat, brings_the_buckets_back) {
  const auto guid = must_register(registering());
  for (const auto bucket :
       {agents::agents_bucket, agents::presence_bucket, agents::sessions_bucket}) {
    nats_.store().drop_bucket(bucket);
  }
  advance(2 * interval);
  EXPECT_EQ(records(guid).size(), 1U);
  EXPECT_EQ(holder(guid), "session-1");
  EXPECT_TRUE(nats_.store().entry(agents::presence_bucket, key_of_own(guid)));
}

TEST_F(heartbeat, finds_out_that_another_process_took_over) {
  const auto guid = must_register(registering("dev"));
  fail_writes(error{ec::nats_unreachable, "NATS is away.", 0});
  advance(4 * interval);
  fail_writes({});
  const auto taken = ask(start_another(), registering("dev"));
  ASSERT_TRUE(taken);
  ASSERT_EQ(taken->guid, guid);
  const auto standing = records(guid);
  advance(interval);
  EXPECT_FALSE(session_heard_->identities.back().lost_because.empty());
  EXPECT_EQ(records(guid), standing);
  EXPECT_EQ(holder(guid), "session-2");
  EXPECT_FALSE(nats_.store().entry(agents::presence_bucket, key_of_own(guid)))
    << "no sign of life was given for the other";
  const auto written = nats_.writes().size();
  advance(1h);
  EXPECT_EQ(nats_.writes().size(), written) << "and it beats no more";
}

TEST_F(heartbeat, proves_after_a_long_silence_who_it_is_before_it_beats) {
  const auto guid = must_register(registering());
  fail_writes(error{ec::nats_unreachable, "NATS is away.", 0});
  advance(3 * interval);
  fail_writes({});
  const auto before = nats_.writes().size();
  advance(interval);
  const strings after{nats_.writes().begin() + static_cast<std::ptrdiff_t>(before),
                      nats_.writes().end()};
  EXPECT_EQ(after, (strings{"put agent_sessions " + guid, "put presence " + key_of_own(guid)}));
}

TEST_F(heartbeat, that_was_restarted_goes_on) {
  const auto guid = must_register(registering());
  kill(caf::actor_cast<caf::actor>(*link_));
  advance(interval / 4);
  const auto before = beats();
  restart_heartbeat();
  advance(interval);
  EXPECT_EQ(beats(), before + 1);
  EXPECT_EQ(holder(guid), "session-1");
}

TEST_F(heartbeat, does_not_beat_at_the_same_moment_in_every_process) {
  must_register(registering());
  std::vector<std::chrono::milliseconds> first;
  for (int process = 0; process < 8; ++process) {
    const auto began = elapsed();
    const auto count = beats();
    kill(caf::actor_cast<caf::actor>(*link_));
    restart_heartbeat();
    while (beats() == count) {
      advance(1s);
    }
    first.push_back(elapsed() - began);
  }
  const auto [soonest, latest] = std::minmax_element(first.begin(), first.end());
  EXPECT_GE(*soonest, interval / 2);
  EXPECT_LE(*latest, interval + 1s);
  EXPECT_GT(*latest - *soonest, 5s);
}

} // namespace
} // namespace nats_mcp
