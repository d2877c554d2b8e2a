// SPDX-License-Identifier: MIT
// The contract about what goes wrong: the server dies, the gateway dies, time runs out.
#include "tests/contract/gateway_contract.hpp"

#include <algorithm>
#include <set>

namespace nats_mcp::testing {
namespace {

template <class World>
class faults : public gateway_contract<World> {};
TYPED_TEST_SUITE(faults, worlds, world_name);

TYPED_TEST(faults, a_subscription_survives_the_server) {
  this->make_stream("WORK");
  auto heard = std::make_shared<hearing>();
  ASSERT_TRUE(this->subscribe(this->world_.listen(heard), 1, "WORK.*"));
  this->world_.kill_server();
  this->world_.start_server();
  ASSERT_TRUE(this->publish("WORK.a", "again"));
  ASSERT_TRUE(this->world_.until(5s, [&] { return heard->messages().size() == 1; }));
}

TYPED_TEST(faults, work_goes_on_soon_after_the_server_is_back) {
  this->make_stream("WORK");
  this->world_.kill_server();
  const auto away =
    this->world_.ask(jetstream::publish{"WORK.a", "away", "away", {}, this->world_.in(1500ms)});
  EXPECT_FALSE(away);
  this->world_.start_server();
  const auto back =
    this->world_.ask(jetstream::publish{"WORK.a", "back", "back", {}, this->world_.in(2000ms)});
  EXPECT_TRUE(back) << back.error().message;
}

TYPED_TEST(faults, every_publish_under_a_kill_is_answered_and_stored_once) {
  constexpr int count = 2000;
  this->make_stream("WORK");
  std::vector<posted<jetstream::publish_receipt>> pending;
  for (int i = 0; i < count; ++i) {
    const auto id = std::to_string(i);
    pending.push_back(
      this->post(jetstream::publish{"WORK.a", id, id, {}, this->world_.in(15'000ms)}));
    if (i == count / 2) {
      ASSERT_TRUE(this->world_.until(15s, [&] { return pending.front().answered(); }));
      this->world_.kill_server();
    }
  }
  this->world_.start_server();
  const auto answered = [](const auto& one) { return one.answered(); };
  EXPECT_TRUE(
    this->world_.until(30s, [&] { return std::all_of(pending.begin(), pending.end(), answered); }));
  std::set<std::uint64_t> stored;
  std::vector<std::string> failures;
  for (const auto& one : pending) {
    if (const auto receipt = one.value()) {
      stored.insert(receipt->sequence);
    } else {
      failures.push_back(receipt.error().message);
    }
  }
  EXPECT_EQ(failures, std::vector<std::string>{});
  EXPECT_EQ(stored.size(), static_cast<std::size_t>(count)) << "two answers name one message";
  EXPECT_EQ(this->messages_in("WORK"), static_cast<std::uint64_t>(count));
}

TYPED_TEST(faults, a_settlement_is_not_sent_over_another_connection) {
  this->make_stream("WORK", {{"retention", "workqueue"}});
  this->make_consumer("reader");
  this->store({"one"});
  const auto held = this->next("reader");
  this->world_.stop_server();
  const auto settling =
    this->post(jetstream::settle{held.ack_subject, jetstream::ack_kind::ack, 0ms,
                                 jetstream::confirmation::wait, this->world_.in(60'000ms), true});
  EXPECT_TRUE(this->world_.until(10s, [&] { return settling.answered(); }))
    << "it waits for no other";
  EXPECT_FALSE(settling.value());
  this->world_.start_server();
  EXPECT_EQ(this->messages_in("WORK"), 1U);
}

TYPED_TEST(faults, a_request_without_a_server_ends_at_its_deadline) {
  this->make_stream("WORK");
  this->world_.kill_server();
  const auto outcome =
    this->world_.ask(jetstream::publish{"WORK.a", "one", "one", {}, this->world_.in(300ms)});
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error().code == ec::nats_unreachable
              || outcome.error().code == ec::unknown_outcome)
    << outcome.error().message;
}

TYPED_TEST(faults, subscriptions_survive_a_crash_of_the_gateway) {
  this->make_bucket("things");
  this->make_stream("WORK");
  auto heard = std::make_shared<hearing>();
  const auto listener = this->world_.listen(heard);
  caf::anon_send(this->world_.gateway(), observe_connection{listener});
  ASSERT_TRUE(this->subscribe(listener, 1, "WORK.*"));
  ASSERT_TRUE(this->watch(listener, 2));
  this->world_.crash_gateway();
  ASSERT_TRUE(this->publish("WORK.a", "after"));
  ASSERT_TRUE(this->put("a", "after"));
  ASSERT_TRUE(this->world_.until(
    5s, [&] { return heard->messages().size() == 1 && heard->newest("a") == "after"; }));
  const auto status = this->world_.ask(ping_server{this->world_.in(this->patience)});
  ASSERT_TRUE(status);
  EXPECT_EQ(status->reconnects, 0U) << "the connection is not the gateway's";
}

TYPED_TEST(faults, nothing_is_sent_after_closing) {
  this->make_stream("WORK");
  ASSERT_TRUE(this->world_.ask(close_gateway{this->world_.in(1000ms)}));
  const auto outcome = this->publish("WORK.a", "late");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::unavailable);
}

} // namespace
} // namespace nats_mcp::testing
