// SPDX-License-Identifier: MIT
// The arguments of the agent tools: what is taken, and what a wrong one is answered.
#include "protocol/name_rules.hpp"
#include "protocol/tools/agent_tools.hpp"

#include "tests/unit/protocol/tools/decoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::tools::agent_arguments_test {
namespace {

TEST(agent_arguments, of_the_seeds_examples_are_taken) {
  const auto entry = decode<register_agent_arguments>(
    R"({"agentType":"developer","capabilities":["coding","testing"],"visibility":"user-only"})");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->agent_type, "developer");
  EXPECT_EQ(entry->capabilities, (std::vector<std::string>{"coding", "testing"}));
  EXPECT_EQ(entry->visibility, agents::visibility::user_only);
  EXPECT_FALSE(entry->handle);

  const auto filters =
    decode<discover_agents_arguments>(R"({"agentType":"reviewer","status":"online"})");
  ASSERT_TRUE(filters);
  EXPECT_EQ(filters->agent_type, "reviewer");
  EXPECT_EQ(filters->status, effective_status::online);
  EXPECT_EQ(filters->limit, 50);
  EXPECT_FALSE(filters->include_offline);

  EXPECT_EQ(
    decode<get_agent_info_arguments>(R"({"guid":"123e4567-e89b-12d3-a456-426614174000"})")->guid,
    "123e4567-e89b-12d3-a456-426614174000");
  const auto presence =
    decode<update_presence_arguments>(R"({"status":"busy","currentTaskCount":3})");
  ASSERT_TRUE(presence);
  EXPECT_EQ(presence->status, agent_status::busy);
  EXPECT_EQ(presence->current_task_count, 3);
  EXPECT_FALSE(presence->capabilities);
  EXPECT_TRUE(decode<deregister_agent_arguments>("{}"));
}

TEST(agent_arguments, that_are_left_out_have_the_documented_defaults) {
  const auto entry = decode<register_agent_arguments>(R"({"agentType":"developer"})");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->visibility, agents::visibility::project_only);
  EXPECT_TRUE(entry->capabilities.empty());
}

TEST(agent_arguments, that_are_wrong_are_answered_with_name_value_bounds_and_example) {
  EXPECT_EQ(refusal<register_agent_arguments>("{}"),
            "Argument \"agentType\" is missing; it must be text of 1 to 64 characters. Example: "
            "\"agentType\": \"developer\".");
  EXPECT_EQ(refusal<register_agent_arguments>(R"({"agentType":"a","visibility":"projct-only"})"),
            "Argument \"visibility\" must be one of \"private\", \"project-only\", \"user-only\", "
            "\"public\", but \"projct-only\" (text) was given. Did you mean \"project-only\"?");
  EXPECT_EQ(refusal<register_agent_arguments>(R"({"agentType":"a","handle":"Boss"})"),
            "Argument \"handle\" must be 1 to 64 lowercase letters, digits and hyphens, but "
            "\"Boss\" (text) was given. Example: \"handle\": \"project-manager\".");
  EXPECT_EQ(refusal<get_agent_info_arguments>(R"({"guid":"me"})"),
            "Argument \"guid\" must be a GUID: 32 hex digits in lower case, in groups of "
            "8-4-4-4-12, but \"me\" (text) was given. Example: \"guid\": "
            "\"550e8400-e29b-41d4-a716-446655440000\".");
  EXPECT_EQ(refusal<update_presence_arguments>(R"({"status":"stale"})"),
            "Argument \"status\" must be one of \"online\", \"busy\", \"offline\", but \"stale\" "
            "(text) was given. Example: \"status\": \"busy\".");
  EXPECT_EQ(refusal<update_presence_arguments>(R"({"currentTaskCount":-1})"),
            "Argument \"currentTaskCount\" must be a whole number from 0 to 1000000, but -1 was "
            "given. Example: \"currentTaskCount\": 3.");
}

TEST(agent_arguments, have_bounds_on_capabilities) {
  EXPECT_EQ(refusal<register_agent_arguments>(R"({"agentType":"a","capabilities":["b",""]})"),
            "Argument \"capabilities[1]\" must be text of 1 to 64 bytes, but \"\" (text) was "
            "given.");
  auto many = json::value{{"agentType", "a"}};
  many["capabilities"] = std::vector<std::string>(65, "x");
  EXPECT_EQ(refusal<register_agent_arguments>(json::write(many)),
            "Argument \"capabilities\" must be a list of at most 64 texts, but a list of 65 was "
            "given. Example: \"capabilities\": [\"coding\", \"testing\"].");
}

TEST(agent_arguments, say_which_agent_in_one_way) {
  EXPECT_TRUE(check(get_agent_info_arguments{"g", {}}));
  EXPECT_TRUE(check(get_agent_info_arguments{{}, "h"}));
  EXPECT_EQ(check(get_agent_info_arguments{"g", "h"}).error(),
            (error{ec::invalid_argument,
                   "Arguments \"guid\" and \"handle\" were both given, but only one of them is "
                   "allowed. Leave \"handle\" out.",
                   0}));
  EXPECT_EQ(check(get_agent_info_arguments{}).error(),
            (error{ec::invalid_argument,
                   "Neither \"guid\" nor \"handle\" was given; one of them is needed to say which "
                   "agent is meant. Example: \"handle\": \"code-reviewer\".",
                   0}));
}

TEST(agent_arguments, change_something_of_the_presence) {
  EXPECT_TRUE(check(update_presence_arguments{agent_status::busy, {}, {}}));
  EXPECT_TRUE(check(update_presence_arguments{{}, 0, {}}));
  EXPECT_TRUE(check(update_presence_arguments{{}, {}, std::vector<std::string>{}}));
  const auto nothing = check(update_presence_arguments{});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ec::invalid_argument);
  EXPECT_EQ(nothing.error().message,
            "None of \"status\", \"currentTaskCount\" and \"capabilities\" was given; at least one "
            "of them is needed. Example: \"status\": \"busy\".");
}

TEST(handle_of_type, is_the_type_in_lower_case_with_hyphens) {
  EXPECT_EQ(handle_of_type("developer"), "developer");
  EXPECT_EQ(handle_of_type("Code Reviewer 2"), "code-reviewer-2");
  EXPECT_EQ(handle_of_type("Pr\u00fcfer"), "pr-fer");
  EXPECT_EQ(handle_of_type(""), "agent");
}

RC_GTEST_PROP(handle_of_type, is_always_a_legal_handle, (const std::string& type)) {
  RC_ASSERT(handle_rule().holds(handle_of_type(type)));
}

TEST(not_registered, says_what_to_do) {
  EXPECT_EQ(not_registered().code, ec::not_found);
  EXPECT_NE(not_registered().message.find("Call register_agent first"), std::string::npos);
}

} // namespace
} // namespace nats_mcp::tools::agent_arguments_test
