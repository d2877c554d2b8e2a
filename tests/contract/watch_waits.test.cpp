// SPDX-License-Identifier: MIT
// The contract about waiting until a watch has brought everything.
#include "tests/contract/gateway_contract.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <atomic>

namespace nats_mcp::testing {
namespace {

constexpr jetstream::subscription_id the_watch{1};

/// What a listener had heard when its wait was over. It waits itself: only what is sent by one
/// actor to one other comes in order.
struct progress {
  std::atomic<std::size_t> heard{0};
  std::atomic<bool> over{false};
  std::atomic<std::size_t> heard_when_over{0};
};

/// Counts what it hears; a core message tells it to begin waiting.
gateway_listener_actor spawn_waiting_listener(caf::actor_system& system,
                                              const gateway_actor& gateway, monotonic_time deadline,
                                              const std::shared_ptr<progress>& into) {
  return system.spawn(
    [=](gateway_listener_actor::pointer self) -> gateway_listener_actor::behavior_type {
      return {
        [=](const jetstream::core_message&) {
          self->request(gateway, caf::infinite, await_watch{the_watch, deadline})
            .then(
              [=](const watch_is_current&) {
                into->heard_when_over = into->heard.load();
                into->over = true;
              },
              [=](const caf::error&) { into->over = true; });
        },
        [=](const jetstream::kv_change&) { ++into->heard; },
        [](const jetstream::kv_watch_event&) {},
        [](const jetstream::connection_event&) {},
      };
    });
}

template <class World>
class watch_waits : public gateway_contract<World> {
protected:
  /// A watch that has brought everything.
  void follow() {
    this->make_bucket("things");
    ASSERT_TRUE(this->put("a", "1"));
    ASSERT_TRUE(this->watch(this->world_.listen(heard_)));
    ASSERT_TRUE(this->world_.until(
      5s, [&] { return heard_->heard(jetstream::kv_watch_state::initial_values_done); }));
  }
  await_watch wait_for(std::chrono::milliseconds limit) {
    return {the_watch, this->world_.in(limit)};
  }

  std::shared_ptr<hearing> heard_ = std::make_shared<hearing>();
};
TYPED_TEST_SUITE(watch_waits, worlds, world_name);

TYPED_TEST(watch_waits, are_over_at_once_when_nothing_is_missing) {
  this->follow();
  const auto current = this->world_.ask(this->wait_for(10s));
  EXPECT_TRUE(current) << current.error().message;
}

TYPED_TEST(watch_waits, over_an_empty_bucket_are_over_at_once) {
  this->make_bucket("things");
  ASSERT_TRUE(this->watch(this->world_.listen(this->heard_)));
  const auto current = this->world_.ask(this->wait_for(10s));
  EXPECT_TRUE(current) << current.error().message;
}

TYPED_TEST(watch_waits, of_no_watch_find_none) {
  this->follow();
  const auto refused =
    this->world_.ask(await_watch{jetstream::subscription_id{7}, this->world_.in(10s)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::not_found);
}

TYPED_TEST(watch_waits, are_over_only_when_the_listener_was_sent_all_of_a_burst) {
  constexpr std::size_t burst = 300;
  this->make_bucket("things");
  const auto told = std::make_shared<progress>();
  const auto listener = spawn_waiting_listener(this->world_.system(), this->world_.gateway(),
                                               this->world_.in(20s), told);
  ASSERT_TRUE(this->watch(listener));
  std::vector<posted<jetstream::kv_revision>> writes;
  for (std::size_t i = 0; i < burst; ++i) {
    writes.push_back(this->post(
      jetstream::kv_put{"things", "k" + std::to_string(i), "1", {}, {}, this->world_.in(10s)}));
  }
  ASSERT_TRUE(this->world_.until(10s, [&] {
    return std::all_of(writes.begin(), writes.end(),
                       [](const auto& one) { return one.answered(); });
  }));
  caf::anon_send(listener, jetstream::core_message{});
  EXPECT_TRUE(this->world_.until(20s, [&] { return told->over.load(); }));
  EXPECT_EQ(told->heard_when_over, burst);
  caf::anon_send_exit(listener, caf::exit_reason::kill);
  EXPECT_TRUE(this->world_.until(1s, [] { return true; }));
}

TYPED_TEST(watch_waits, last_until_the_connection_is_back_and_all_was_sent) {
  this->follow();
  this->world_.kill_server();
  const auto waiting = this->post(this->wait_for(20s));
  this->world_.start_server();
  ASSERT_TRUE(this->world_.until(20s, [&] { return waiting.answered(); }));
  EXPECT_TRUE(waiting.value()) << waiting.value().error().message;
  ASSERT_TRUE(this->put("a", "2"));
  const auto current = this->world_.ask(this->wait_for(10s));
  EXPECT_TRUE(current) << current.error().message;
  EXPECT_TRUE(this->world_.until(1s, [&] { return this->heard_->newest("a") == "2"; }));
}

TYPED_TEST(watch_waits, end_at_their_deadline_and_say_that_there_is_no_connection) {
  this->follow();
  this->world_.kill_server();
  const auto began = this->world_.now();
  const auto late = this->world_.ask(this->wait_for(300ms));
  EXPECT_GE(this->world_.now() - began, 300ms);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ec::nats_unreachable) << late.error().message;
  this->world_.start_server();
}

TYPED_TEST(watch_waits, end_with_their_watch) {
  this->follow();
  this->world_.kill_server();
  const auto waiting = this->post(this->wait_for(20s));
  ASSERT_FALSE(this->world_.until(100ms, [&] { return waiting.answered(); }));
  caf::anon_send(this->world_.gateway(), unsubscribe{the_watch});
  ASSERT_TRUE(this->world_.until(5s, [&] { return waiting.answered(); }));
  ASSERT_FALSE(waiting.value());
  EXPECT_EQ(waiting.value().error().code, ec::cancelled);
  this->world_.start_server();
}

} // namespace
} // namespace nats_mcp::testing
