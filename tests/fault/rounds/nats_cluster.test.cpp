// SPDX-License-Identifier: MIT
// Three nats-servers that keep everything together, and agents that each know one of them only:
// what one of them sends to another goes from node to node.
#include "tests/fault/rounds/nats_cluster.hpp"

#include "tests/integration/agent.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

class cluster : public ::testing::Test {
protected:
  cluster() {
    if (!nats_.ready(30s)) {
      throw std::runtime_error{"the nodes do not get together"};
    }
    for (std::size_t i = 0; i < nats_.size(); ++i) {
      const auto name = "agent-" + std::to_string(i);
      agents_.push_back(std::make_unique<agent>(
        agent::options{nats_.node(i).url(), "demo", {{"USER", name}, {"NATS_MCP_REPLICAS", "3"}}}));
      guids_.push_back(
        agents_.back()->register_as({{"agentType", name}, {"visibility", "public"}}));
    }
  }

  std::string in_queue() {
    raw_nats nats{nats_.node(0).port(), ""};
    const auto info = json::parse(nats.request("$JS.API.STREAM.INFO.WORK", "")).value();
    const auto* state = json::find(info, "state");
    return state == nullptr ? info.dump()
                            : std::to_string(json::unsigned_member(*state, "messages").value_or(0));
  }

  nats_cluster nats_{3};
  std::vector<std::unique_ptr<agent>> agents_;
  std::vector<std::string> guids_;
};

TEST_F(cluster, hands_work_for_one_agent_alone_to_it_at_whatever_node_it_is) {
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    auto& worker = *agents_[i];
    const auto offered = agents_[(i + 1) % agents_.size()]->call(
      "broadcast_work_offer",
      {{"taskId", "t"}, {"capability", "rust"}, {"description", "x"}, {"assignTo", guids_[i]}});
    ASSERT_FALSE(offered.is_error) << offered.text;
    const auto claimed = worker.call("claim_work", {{"timeout", 5000}});
    constexpr std::string_view mark = "- Work Item ID: ";
    const auto at = claimed.text.find(mark);
    ASSERT_NE(at, std::string::npos) << claimed.text;
    const auto completed =
      worker.call("complete_work", {{"workItemId", claimed.text.substr(at + mark.size(), 36)}});
    EXPECT_FALSE(completed.is_error) << completed.text;
  }
  EXPECT_TRUE(eventually(5s,
                         [&] {
                           const auto count = in_queue();
                           return observation{count == "0", count + " in the queue"};
                         }))
    << "what is done is acknowledged";
  EXPECT_EQ(nats_.single_copies(), std::vector<std::string>{});
}

/// What `doctor` says of such a server is so.
TEST(copies, of_a_stream_let_one_of_two_writes_over_the_same_revision_win_from_2_10_on) {
  constexpr unsigned pairs = 20;
  nats_cluster cluster{3};
  ASSERT_TRUE(cluster.ready(30s));
  raw_nats nats{cluster.node(0).port(), ""};
  ASSERT_TRUE(eventually(30s, [&] {
    const auto made = nats.request("$JS.API.STREAM.CREATE.PAIRS",
                                   R"({"name":"PAIRS","subjects":["pairs.*"],"num_replicas":3})");
    return observation{made.find("\"config\"") != std::string::npos, made};
  }));
  for (unsigned i = 0; i < pairs; ++i) {
    const auto subject = "pairs." + std::to_string(i);
    const auto first = json::parse(nats.request(subject, "first")).value();
    const auto over = "Nats-Expected-Last-Subject-Sequence: "
                      + std::to_string(json::unsigned_member(first, "seq").value());
    EXPECT_EQ(nats.refusal_of(raw_nats::publishing_with(over, subject, "one")
                              + raw_nats::publishing_with(over, subject, "other")),
              "");
  }
  // What was sent before it has been decided when it is acknowledged.
  const auto last = json::parse(nats.request("pairs.last", "last")).value();
  const auto stored = json::unsigned_member(last, "seq").value();
  const bool both_win = cluster.node(0).version() < server_version{2, 10, 0};
  EXPECT_EQ(stored > 2 * pairs + 1, both_win) << stored << " are stored";
}

} // namespace
} // namespace nats_mcp::testing
