// SPDX-License-Identifier: MIT
// Channel names in NATS: the mapping, its inverse, and what is refused.
#include "protocol/messaging/channel_names.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::messaging::channel_names_test {
namespace {

using namespace std::chrono_literals;

rc::Gen<std::string> names() {
  return rc::gen::suchThat(
    rc::gen::container<std::string>(rc::gen::element('a', 'b', 'z', '0', '9', '-')),
    [](const std::string& name) { return !name.empty() && name.size() <= 64; });
}

TEST(channel_names, follow_the_wire_contract) {
  EXPECT_EQ(channel_subject("my-project", "parallel-work"), "my-project.parallel-work");
  EXPECT_EQ(channel_stream_name("my-project", "parallel-work"), "my-project_PARALLEL_WORK");
}

RC_GTEST_PROP(channel_names, are_parsed_back_so_no_two_channels_share_a_stream, ()) {
  const channel_name_pair pair{*names(), *names()};
  RC_ASSERT(parse_channel_stream_name(channel_stream_name(pair.channel_namespace, pair.channel))
            == pair);
  RC_ASSERT(parse_channel_subject(channel_subject(pair.channel_namespace, pair.channel)) == pair);
}

TEST(channel_names, of_other_streams_and_subjects_are_no_channels) {
  for (const auto* stream : {"AGENT_INBOX", "WORK", "KV_agents", "a_", "_A", "a_b", "work_A", ""}) {
    EXPECT_FALSE(parse_channel_stream_name(stream)) << stream;
  }
  for (const auto* subject : {"inbox.a", "a", "a.", ".a", "a.b.c", "A.b", "$JS.API"}) {
    EXPECT_FALSE(parse_channel_subject(subject)) << subject;
  }
}

TEST(channel_names, that_are_not_legal_get_the_seeds_sentence_first) {
  EXPECT_TRUE(check_channel_name("sprint-1"));
  for (const auto* name : {"", "My Channel", "a_b", "a.b", "*", ">", "über"}) {
    const auto checked = check_channel_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, ec::invalid_argument);
    EXPECT_EQ(checked.error().message.find(
                "Invalid channel name. Must be lowercase alphanumeric with hyphens only. "),
              0U);
    EXPECT_NE(checked.error().message.find("list_channels"), std::string::npos);
  }
}

TEST(channel_names, that_are_not_configured_are_refused_by_name_with_a_suggestion) {
  const std::vector<config::channel> configured{{.name = "planning", .description = {}},
                                                {.name = "review", .description = {}}};
  const auto answer = unknown_channel("plannin", configured);
  EXPECT_EQ(answer.code, ec::not_found);
  EXPECT_EQ(
    answer.message,
    "There is no channel \"plannin\" in this project. Did you mean \"planning\"? Configured "
    "channels: planning, review. Channels are added in .mcp-config.json.");
  EXPECT_EQ(unknown_channel("zzz", configured).message.find("mean"), std::string::npos);
}

TEST(channel_names, keep_reserved_namespaces_out) {
  EXPECT_TRUE(check_namespace("my-project"));
  for (const auto* name : {"global", "inbox", "work", "dead", "coord", "_a", "$JS", "A", ""}) {
    ASSERT_FALSE(check_namespace(name)) << name;
    EXPECT_EQ(check_namespace(name).error().code, ec::configuration_invalid);
  }
}

TEST(channel_stream, leaves_nothing_to_the_servers_defaults) {
  config::channel settings;
  settings.name = "errors";
  const auto stream = channel_stream("ns", settings, 3);
  EXPECT_EQ(json::write(jetstream::to_json(stream)),
            R"({"name":"ns_ERRORS","subjects":["ns.errors"],"retention":"limits",)"
            R"("max_consumers":100000,"max_msgs":10000,"max_bytes":10485760,)"
            R"("max_age":86400000000000,"max_msgs_per_subject":-1,"discard":"old",)"
            R"("storage":"file","num_replicas":3,"duplicate_window":120000000000,)"
            R"("allow_direct":true})");
}

TEST(channel_stream, never_remembers_duplicates_longer_than_messages) {
  config::channel settings;
  settings.max_age = 30s;
  EXPECT_EQ(channel_stream("ns", settings, 1).duplicate_window, 30s);
}

} // namespace
} // namespace nats_mcp::messaging::channel_names_test
