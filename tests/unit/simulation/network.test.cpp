// SPDX-License-Identifier: MIT
// The simulated network under the production gateway: what its faults do to callers, and that one
// seed is one story.
#include "actors/gateway/nats_gateway.hpp"

#include "tests/simulation/network/network_pump.hpp"
#include "tests/simulation/network/simulated_link.hpp"
#include "tests/support/deterministic.hpp"

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::simulation::network_test {
namespace {

using namespace std::chrono_literals;

class sim_network : public testing::deterministic {
protected:
  void begin(fault_plan plan, std::uint64_t seed) {
    network::options choice;
    choice.seed = seed;
    choice.plan = plan;
    choice.nats.seed = seed;
    choice.clock = [this] { return now(); };
    wires_ = std::make_shared<network>(std::move(choice));
    adopt(spawn_network_pump(system(), wires_));
  }

  void TearDown() override {
    close_links();
    deterministic::TearDown();
  }

  void close_links() {
    for (const auto& link : links_) {
      link->close();
    }
    links_.clear();
  }

  gateway_actor join() {
    auto link = std::make_shared<simulated_link>(wires_);
    links_.push_back(link);
    caf::scoped_actor self{system()};
    auto gateway = spawn_nats_gateway(self.ptr(), {link, std::mt19937_64{links_.size()}, "gateway"},
                                      checkpoint{}, supervisor_actor{}, {});
    return adopt(std::move(gateway));
  }

  void make_stream(const gateway_actor& gateway) {
    auto made =
      post(gateway, jetstream::api_request{"STREAM.CREATE.S", R"({"name":"S","subjects":["s.>"]})",
                                           jetstream::repeatable::yes, now() + 60s});
    advance(60s);
    ASSERT_TRUE(made.value()) << made.value().error().message;
  }

  struct story {
    /// What the stream holds, in order.
    std::vector<std::string> stored;
    /// When the server stored each of them. Two seeds may well agree on the order.
    std::vector<instant> stored_at;
    /// The sentences of the publishes that failed.
    std::vector<std::string> failures;
    std::size_t unanswered = 0;

    friend bool operator==(const story&, const story&) = default;
  };

  /// Two processes publish `count` messages each, one every `pause`, with faults for five minutes
  /// and none afterwards.
  story publish_from_two(int count, std::chrono::milliseconds pause) {
    const auto one = join();
    const auto two = join();
    make_stream(one);
    std::vector<testing::pending_answer<jetstream::publish_receipt>> pending;
    for (int number = 0; number < count; ++number) {
      for (const auto& [name, gateway] : {std::pair{"a", one}, std::pair{"b", two}}) {
        const auto id = name + std::to_string(number);
        pending.push_back(post(gateway, jetstream::publish{"s.x", id, id, {}, now() + 10min}));
      }
      advance(pause);
    }
    advance(5min);
    wires_->heal();
    advance(6min);
    story told;
    for (const auto& answer : pending) {
      if (!answer.answered()) {
        ++told.unanswered;
      } else if (!answer.value()) {
        told.failures.push_back(answer.value().error().message);
      }
    }
    for (const auto& [sequence, entry] : wires_->nats().find_stream("S")->log().entries()) {
      told.stored.push_back(entry.payload);
      told.stored_at.push_back(entry.stored_at);
    }
    return told;
  }

  static bool in_order_for_each_sender(const std::vector<std::string>& stored) {
    int last_a = -1;
    int last_b = -1;
    for (const auto& id : stored) {
      auto& last = id.front() == 'a' ? last_a : last_b;
      const auto number = std::stoi(id.substr(1));
      if (number <= last) {
        return false;
      }
      last = number;
    }
    return true;
  }

  std::shared_ptr<network> wires_;
  std::vector<std::shared_ptr<simulated_link>> links_;
};

TEST_F(sim_network, keeps_the_order_of_one_process_and_mixes_those_of_two) {
  fault_plan plan;
  plan.delay_max = 30ms;
  begin(plan, 3);
  const auto stored = publish_from_two(40, 1ms).stored;
  ASSERT_EQ(stored.size(), 80U);
  EXPECT_TRUE(in_order_for_each_sender(stored));
  std::vector<std::string> taking_turns;
  for (int number = 0; number < 40; ++number) {
    taking_turns.push_back("a" + std::to_string(number));
    taking_turns.push_back("b" + std::to_string(number));
  }
  EXPECT_NE(stored, taking_turns);
}

TEST_F(sim_network, stores_every_message_once_whatever_is_lost_or_doubled) {
  fault_plan plan;
  plan.lose_request = 1'000;
  plan.lose_answer = 1'000;
  plan.duplicate_request = 2'000;
  plan.disconnect = 200;
  begin(plan, 7);
  const auto told = publish_from_two(100, 1ms);
  EXPECT_EQ(told.failures, std::vector<std::string>{});
  EXPECT_EQ(told.unanswered, 0U);
  auto stored = told.stored;
  EXPECT_EQ(stored.size(), 200U);
  std::sort(stored.begin(), stored.end());
  EXPECT_EQ(std::unique(stored.begin(), stored.end()), stored.end());
}

TEST_F(sim_network, brings_the_server_back_with_its_store) {
  begin({}, 1);
  const auto gateway = join();
  make_stream(gateway);
  wires_->restart_server(false, 700ms);
  auto published = post(gateway, jetstream::publish{"s.x", "m", "m", {}, now() + 5s});
  advance(500ms);
  EXPECT_FALSE(published.answered());
  advance(2s);
  ASSERT_TRUE(published.value()) << published.value().error().message;
  EXPECT_EQ(published.value()->sequence, 1U);
}

TEST_F(sim_network, says_unknown_when_a_message_without_id_lost_its_answer) {
  begin({}, 1);
  const auto gateway = join();
  make_stream(gateway);
  wires_->stall_server(10s);
  auto published = post(gateway, jetstream::publish{"s.x", "m", {}, {}, now() + 1s});
  advance(2s);
  ASSERT_TRUE(published.answered());
  EXPECT_EQ(published.value().error().code, ec::unknown_outcome);
}

TEST_F(sim_network, lets_a_stalled_server_answer_late) {
  begin({}, 1);
  const auto gateway = join();
  make_stream(gateway);
  wires_->stall_server(800ms);
  auto published = post(gateway, jetstream::publish{"s.x", "m", "m", {}, now() + 5s});
  advance(799ms);
  EXPECT_FALSE(published.answered());
  advance(10ms);
  EXPECT_TRUE(published.answered());
}

TEST_F(sim_network, tells_the_same_story_for_the_same_seed) {
  auto plan = draw_fault_plan(11);
  plan.disconnect = 200;
  plan.restart_every = 500ms;
  begin(plan, 11);
  const auto first = publish_from_two(60, 100ms);
  EXPECT_EQ(first.unanswered, 0U);
  const auto seed_again = [&](std::uint64_t seed) {
    close_links();
    begin(plan, seed);
    return publish_from_two(60, 100ms);
  };
  EXPECT_TRUE(seed_again(11) == first);
  EXPECT_FALSE(seed_again(12) == first);
}

TEST(sim_fault_plan, differs_between_seeds_and_repeats_for_one) {
  EXPECT_EQ(to_text(draw_fault_plan(5)), to_text(draw_fault_plan(5)));
  EXPECT_NE(to_text(draw_fault_plan(5)), to_text(draw_fault_plan(6)));
}

} // namespace
} // namespace nats_mcp::simulation::network_test
