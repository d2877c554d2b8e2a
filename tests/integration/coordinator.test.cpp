// SPDX-License-Identifier: MIT
// The shipped coordinator: what it says, how it ends, and who takes over.
#include "tests/fault/coordinators_at_work.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/integration/work_agents.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace nats_mcp::testing::coordinator_test {
namespace {

using namespace std::chrono_literals;

/// Runs it with these arguments to its end. @returns its exit code, -1 when it did not end.
int exit_code_of(server_options options) {
  server_process process{options};
  const auto ended = process.wait_exit();
  return ended && ended->code ? *ended->code : -1;
}

class coordinator : public work_agents {
protected:
  static constexpr auto leads_within = 8s;

  coordinator() { settings_ = {{"NATS_MCP_HEARTBEAT_INTERVAL", "1000"}}; }

  [[nodiscard]] server_options options() const { return coordinator_process(nats_.url(), folder_); }
  [[nodiscard]] std::unique_ptr<server_process> start_coordinator() const {
    return std::make_unique<server_process>(options());
  }
  static ::testing::AssertionResult comes_to_lead(const server_process& one,
                                                  std::chrono::milliseconds within = leads_within) {
    return eventually(within, [&] { return observation{is_leading(one), one.standard_error()}; });
  }
  static std::string request(agent& by, const std::string& task) {
    return offer(by, task, {{"coordinated", true}});
  }

  temporary_directory folder_;
};

TEST_F(coordinator, refuses_what_it_does_not_understand) {
  auto wrong = options();
  wrong.arguments = {"--no-such-flag"};
  EXPECT_EQ(exit_code_of(wrong), 2);
  wrong.arguments = {"--assign-timeout", "0"};
  EXPECT_EQ(exit_code_of(wrong), 2);
  wrong.arguments = {};
  folder_.write(".mcp-config.json", R"({"natsUrl": 7})");
  EXPECT_EQ(exit_code_of(wrong), 2);
}

TEST_F(coordinator, gives_an_item_to_a_worker_and_the_worker_is_told) {
  const auto manager = worker("manager", json::value::array());
  const auto item = request(*manager, "t");
  EXPECT_TRUE(says(status(*manager, item),
                   "**Coordinated:** by a coordinator, which has not chosen a worker yet"));
  const auto developer = worker("developer");
  const auto leader = start_coordinator();
  ASSERT_TRUE(comes_to_lead(*leader));
  // It claims afterwards: who claims as soon as the item is there may not be told of it any more.
  EXPECT_TRUE(eventually(10s, [&] {
    const auto read = mail(*developer);
    return observation{static_cast<bool>(says(read, "**Type:** work-offer")), read};
  }));
  EXPECT_EQ(item_in(claim(*developer).text), item);
  with(*developer, "complete_work", item);
  EXPECT_TRUE(says(status(*manager, item), "**State:** completed"));
}

TEST_F(coordinator, gives_out_what_was_requested_after_nats_forgot_how_many_requests_there_were) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  const auto leader = start_coordinator();
  ASSERT_TRUE(comes_to_lead(*leader));
  for (const auto* task : {"one", "two", "three"}) {
    const auto item = request(*manager, task);
    ASSERT_EQ(item_in(claim(*developer).text), item);
    with(*developer, "complete_work", item);
  }
  raw_nats by_hand{nats_.port(), ""};
  ASSERT_TRUE(
    eventually(20s,
               [&] {
                 const auto info = by_hand.request("$JS.API.STREAM.INFO.COORD", "");
                 return observation{info.find(R"("messages":0,)") != std::string::npos, info};
               }))
    << "it was empty when that was seen";
  nats_.stop();
  ASSERT_GT(std::filesystem::remove_all(nats_.folder() / "store/jetstream/$G/streams/COORD/msgs"),
            0U);
  nats_.start();
  const auto item = request(*manager, "four");
  EXPECT_EQ(item_in(claim(*developer).text), item);
}

TEST_F(coordinator, hands_over_at_once_on_sigterm_and_exits_with_0) {
  const auto first = start_coordinator();
  ASSERT_TRUE(comes_to_lead(*first));
  const auto second = start_coordinator();
  ASSERT_TRUE(eventually(5s, [&] { return times_said(*second, "\"gateway.connected\"") > 0; }));
  first->signal(SIGTERM);
  const auto ended = first->wait_exit();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0) << first->standard_error();
  EXPECT_TRUE(comes_to_lead(*second, 2s));
}

TEST_F(coordinator, is_replaced_within_eight_seconds_when_it_is_killed_under_load) {
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  coordinators_at_work both{nats_.url(), 2};
  ASSERT_NE(both.leader(leads_within), nullptr);
  std::vector<std::string> items;
  for (auto number = 0; number < 20; ++number) {
    items.push_back(request(*manager, "t" + std::to_string(number)));
  }
  const auto first = item_in(claim(*developer).text);
  with(*developer, "complete_work", first);
  const auto took = both.kill_leader(2 * leads_within);
  ASSERT_TRUE(took);
  EXPECT_LE(took->count(), std::chrono::milliseconds{leads_within}.count());
  std::set<std::string> done{first};
  while (done.size() < items.size()) {
    const auto item = item_in(claim(*developer).text);
    ASSERT_NE(item, "") << done.size() << " are done";
    with(*developer, "complete_work", item);
    EXPECT_TRUE(done.insert(item).second) << item << " was done before";
  }
}

TEST_F(coordinator, waits_for_nats) {
  nats_.stop();
  const auto early = start_coordinator();
  ASSERT_TRUE(eventually(10s, [&] { return times_said(*early, "\"gateway.unreachable\"") > 0; }));
  nats_.start();
  EXPECT_TRUE(comes_to_lead(*early, 20s));
  nats_.kill();
  ASSERT_TRUE(eventually(10s, [&] { return times_said(*early, "\"gateway.lost\"") > 0; }));
  nats_.start();
  early->signal(SIGINT);
  const auto ended = early->wait_exit();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0);
}

} // namespace
} // namespace nats_mcp::testing::coordinator_test
