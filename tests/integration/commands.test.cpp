// SPDX-License-Identifier: MIT
// The commands a human runs: `doctor`, `apply`, `demo`, `--version`, `--help`. Sentences and exit
// codes of the shipped binary, against a real nats-server.
#include "tests/integration/commands.hpp"

#include "tests/integration/agent.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::testing {
namespace {

TEST_F(commands, tell_the_version) {
  const auto told = run({"--version"});
  EXPECT_EQ(told.exit_code, 0);
  EXPECT_TRUE(says(told, "nats-mcp-server 0.")) << told.said;
}

TEST_F(commands, explain_themselves) {
  const auto told = run({"--help"});
  EXPECT_EQ(told.exit_code, 0);
  for (const auto* command : {"doctor", "apply", "demo", "local"}) {
    EXPECT_TRUE(says(told, command)) << told.said;
  }
}

TEST_F(commands, name_what_they_do_not_know) {
  const auto refused = run({"docter"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(says(refused, "Unknown command \"docter\". Commands: doctor")) << refused.said;
}

TEST_F(commands, name_an_option_that_there_is_not) {
  const auto refused = run({"--no-such-flag"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(says(refused, "not expected: --no-such-flag")) << refused.said;
  EXPECT_TRUE(says(refused, "nats-mcp-server [OPTIONS] [SUBCOMMAND]")) << refused.said;
}

TEST_F(commands, name_the_choices_below_local) {
  const auto unknown = run({"local", "strat"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_EQ(unknown.said, "Unknown command \"local strat\". Commands: local run, local start, local"
                          " stop, local status. See nats-mcp-server local --help.\n");
  const auto nothing = run({"local"});
  EXPECT_EQ(nothing.exit_code, 2);
  for (const auto* name : {"run", "start", "stop", "status"}) {
    EXPECT_TRUE(says(nothing, name)) << nothing.said;
  }
  const auto argument = run({"local", "stop", "--forse"});
  EXPECT_EQ(argument.exit_code, 2);
  EXPECT_TRUE(says(argument, "--forse")) << argument.said;
  EXPECT_TRUE(says(argument, "--force")) << argument.said;
}

TEST_F(commands, let_two_agents_talk) {
  const auto shown = run({"demo"});
  EXPECT_EQ(shown.exit_code, 0) << shown.said;
  EXPECT_TRUE(says(shown, "Message sent to #roadmap by planner")) << shown.said;
  EXPECT_TRUE(says(shown, "**reviewer**: Reviewed")) << shown.said;
  EXPECT_TRUE(says(shown, "- To: reviewer")) << shown.said;
  EXPECT_TRUE(says(shown, "please look at PR #42")) << shown.said;
}

TEST_F(commands, find_a_healthy_installation_healthy) {
  configure("");
  ASSERT_EQ(run({"apply", "--yes"}).exit_code, 0);
  const auto examined = run({"doctor"});
  EXPECT_EQ(examined.exit_code, 0) << examined.said;
  EXPECT_TRUE(says(examined, "#planning: sending is allowed.")) << examined.said;
  EXPECT_TRUE(says(examined, "#planning: reading is allowed.")) << examined.said;
  EXPECT_TRUE(says(examined, "ms apart")) << examined.said;
  EXPECT_TRUE(says(examined, "Everything works")) << examined.said;
}

TEST_F(commands, note_a_server_that_may_forget_what_it_acknowledged) {
  configure("");
  ASSERT_EQ(run({"apply", "--yes"}).exit_code, 0);
  const auto examined = run({"doctor"});
  const bool forgetful = nats_.version() < server_version{2, 10, 0};
  EXPECT_EQ(says(examined, "may forget, when it is started again, what it acknowledged before"),
            forgetful)
    << examined.said;
  EXPECT_EQ(says(examined, "Everything works."), !forgetful) << examined.said;
  EXPECT_EQ(examined.exit_code, 0) << "it is a note";
}

TEST_F(commands, note_a_server_with_which_copies_are_no_help) {
  configure("");
  const std::string note = "lets two agents win the same decision";
  EXPECT_FALSE(says(run({"doctor"}), note)) << "with one copy it does not";
  variables_ = {{"NATS_MCP_REPLICAS", "3"}};
  EXPECT_EQ(says(run({"doctor"}), note), (nats_.version() < server_version{2, 10, 0}));
}

TEST_F(commands, end_what_lets_one_message_replace_all_others) {
  raw_nats by_hand{nats_.port(), "none"};
  const auto made = by_hand.request(
    "$JS.API.STREAM.CREATE.KV_agents",
    R"({"name":"KV_agents","subjects":["$KV.agents.>"],"max_msgs_per_subject":1,)"
    R"("allow_rollup_hdrs":true,"deny_delete":true,"discard":"new","allow_direct":true})");
  ASSERT_EQ(made.find("error"), std::string::npos) << made;
  configure("");
  const auto examined = run({"doctor"});
  EXPECT_TRUE(says(examined, "one message may replace all others")) << examined.said;
  EXPECT_EQ(run({"apply", "--yes"}).exit_code, 0);
  const auto now = by_hand.request("$JS.API.STREAM.INFO.KV_agents", "");
  EXPECT_EQ(now.find(R"("allow_rollup_hdrs":true)"), std::string::npos) << now;
}

TEST_F(commands, leave_nothing_behind_when_they_examine) {
  configure("");
  ASSERT_EQ(run({"apply", "--yes"}).exit_code, 0);
  ASSERT_EQ(run({"doctor"}).exit_code, 0);
  EXPECT_TRUE(says(run({"doctor"}), "#planning: 0 messages."));
}

TEST_F(commands, say_what_to_do_when_nobody_answers) {
  url_ = "nats://127.0.0.1:" + std::to_string(unused_port());
  const auto examined = run({"doctor"});
  EXPECT_EQ(examined.exit_code, 1);
  EXPECT_TRUE(
    says(examined, "NATS connection failed. Make sure NATS server with JetStream is running"))
    << examined.said;
}

TEST_F(commands, say_that_jetstream_is_off) {
  nats_server plain{{false, {}}};
  url_ = plain.url();
  const auto examined = run({"doctor"});
  EXPECT_EQ(examined.exit_code, 1);
  EXPECT_TRUE(says(examined, "JetStream not enabled")) << examined.said;
}

TEST_F(commands, show_what_is_wrong_with_the_configuration) {
  configure(R"(, "maxAge": "soon")");
  const auto examined = run({"doctor"});
  EXPECT_EQ(examined.exit_code, 1);
  EXPECT_TRUE(says(examined, "maxAge")) << examined.said;
}

TEST_F(commands, do_not_call_a_refused_value_one_that_is_in_force) {
  variables_ = {{"NATS_MCP_REPLICAS", "7"}};
  const auto examined = run({"doctor"});
  EXPECT_TRUE(says(examined, "PROBLEM  environment: NATS_MCP_REPLICAS")) << examined.said;
  EXPECT_FALSE(says(examined, "replicas = ")) << examined.said;
}

TEST_F(commands, tell_a_meaningless_variable_once) {
  url_.clear();
  variables_ = {{"NATS_MCP_LOCAL", "maybe"}};
  const auto examined = run({"doctor"});
  const auto first = examined.said.find("NATS_MCP_LOCAL");
  ASSERT_NE(first, std::string::npos) << examined.said;
  EXPECT_EQ(examined.said.find("maybe", examined.said.find('\n', first)), std::string::npos)
    << examined.said;
}

TEST_F(commands, say_what_they_did_not_check) {
  configure("");
  const auto examined = run({"doctor"});
  EXPECT_EQ(examined.exit_code, 0) << examined.said;
  EXPECT_TRUE(says(examined, "#planning: no stream yet; the first use creates it. Not checked:"
                             " whether this user may create it, send and read."))
    << examined.said;
  EXPECT_TRUE(says(examined, "ms apart") || says(examined, "Not checked: the clocks."))
    << examined.said;
  EXPECT_TRUE(says(examined, "Everything works; see the notes.")) << examined.said;
}

TEST_F(commands, compare_the_clocks_once) {
  project_.write(".mcp-config.json", R"({"namespace": "demo", "channels": [{"name": "planning"},)"
                                     R"({"name": "review"}]})");
  ASSERT_EQ(run({"apply", "--yes"}).exit_code, 0);
  const auto examined = run({"doctor"});
  const auto first = examined.said.find("ms apart");
  ASSERT_NE(first, std::string::npos) << examined.said;
  EXPECT_EQ(examined.said.find("ms apart", first + 1), std::string::npos) << examined.said;
}

TEST_F(commands, change_nothing_unless_told_to) {
  configure(R"(, "maxMessages": 100)");
  const auto planned = run({"apply"});
  EXPECT_EQ(planned.exit_code, 3) << planned.said;
  EXPECT_TRUE(says(planned, "will be created")) << planned.said;
  EXPECT_TRUE(says(run({"doctor"}), "no stream yet"));
}

TEST_F(commands, tell_what_shrinking_deletes_and_then_shrink) {
  configure("");
  {
    agent writer{{url_, "demo", {}}};
    writer.call("set_handle", {{"handle", "a"}});
    for (int i = 0; i < 10; ++i) {
      ASSERT_FALSE(
        writer.call("send_message", {{"channel", "planning"}, {"message", "m"}}).is_error);
    }
  }
  configure(R"(, "maxMessages": 4)");
  {
    agent reader{{url_, "demo", {}}}; // a start shrinks nothing
    ASSERT_FALSE(reader.call("read_messages", {{"channel", "planning"}}).is_error);
  }
  EXPECT_TRUE(says(run({"doctor"}), "#planning: 10 messages."));
  EXPECT_TRUE(says(run({"doctor"}), "#planning: maxMessages is 10000, configured is 4;"));
  const auto planned = run({"apply"});
  EXPECT_TRUE(says(planned, "maxMessages: 10000 -> 4")) << planned.said;
  EXPECT_TRUE(says(planned, "DELETES 6 messages")) << planned.said;
  EXPECT_EQ(run({"apply", "--yes"}).exit_code, 0);
  EXPECT_TRUE(says(run({"doctor"}), "#planning: 4 messages."));
  EXPECT_TRUE(says(run({"apply"}), "Everything is as configured."));
}

TEST_F(commands, compare_what_all_agents_share_as_well) {
  configure("");
  EXPECT_TRUE(says(run({"doctor"}), "No agent has registered here yet"));
  raw_nats raw{nats_.port(), ""};
  raw.request("$JS.API.STREAM.CREATE.KV_presence",
              R"({"name":"KV_presence","subjects":["$KV.presence.>"],"max_age":7200000000000,)"
              R"("max_msgs_per_subject":1,"discard":"new","allow_direct":true,)"
              R"("max_consumers":100000,"duplicate_window":120000000000})");
  const auto examined = run({"doctor"});
  EXPECT_TRUE(says(examined, "maxAge is 2h, configured is 1h; `nats-mcp-server apply` changes it"))
    << examined.said;
  EXPECT_EQ(run({"apply", "--yes"}).exit_code, 0);
  EXPECT_FALSE(says(run({"doctor"}), "maxAge is 2h"));
}

TEST_F(commands, compare_what_coordinators_keep_if_there_was_one) {
  configure("");
  EXPECT_TRUE(says(run({"doctor"}), "No coordinator has run here yet; nothing needs one."));
  ASSERT_EQ(run({"apply", "--yes"}).exit_code, 0);
  EXPECT_TRUE(says(run({"doctor"}), "No coordinator has run here yet")) << "apply makes none";
  raw_nats raw{nats_.port(), ""};
  raw.request("$JS.API.STREAM.CREATE.COORD",
              R"({"name":"COORD","subjects":["coord.submit.*"],"retention":"workqueue",)"
              R"("max_bytes":2147483648,"discard":"new","allow_direct":true,)"
              R"("max_consumers":100000,"duplicate_window":3600000000000})");
  raw.request("$JS.API.STREAM.CREATE.KV_coordinator",
              R"({"name":"KV_coordinator","subjects":["$KV.coordinator.>"],)"
              R"("max_age":3600000000000,"max_msgs_per_subject":1,"discard":"new",)"
              R"("allow_direct":true,"max_consumers":100000,"duplicate_window":120000000000})");
  const auto examined = run({"doctor"});
  EXPECT_TRUE(says(examined, "the requests to the coordinator: maxBytes is 2147483648, configured"
                             " is 1073741824; `nats-mcp-server apply` changes it"))
    << examined.said;
  EXPECT_TRUE(says(examined, "the record of which coordinator leads: maxAge is 1h, configured is"
                             " 8d;"))
    << examined.said;
  EXPECT_EQ(run({"apply", "--yes"}).exit_code, 0);
  const auto after = run({"doctor"});
  EXPECT_TRUE(says(after, "the requests to the coordinator: 0 stored")) << after.said;
  EXPECT_FALSE(says(after, "the requests to the coordinator: max")) << after.said;
  EXPECT_FALSE(says(after, "leads: maxAge")) << after.said;
}

} // namespace
} // namespace nats_mcp::testing
