// SPDX-License-Identifier: MIT
// The tools as clients list them.
#include "protocol/tools/catalog.hpp"

#include "protocol/tools/instructions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace nats_mcp::tools::catalog_test {
namespace {

std::vector<std::string> names(const config::configuration& configuration) {
  std::vector<std::string> out;
  for (const auto* tool : selected_tools(configuration)) {
    out.emplace_back(tool->name);
  }
  return out;
}

TEST(catalog, has_the_tools_in_a_stable_order) {
  EXPECT_EQ(names({}), (std::vector<std::string>{"set_handle",
                                                 "get_my_handle",
                                                 "list_channels",
                                                 "send_message",
                                                 "read_messages",
                                                 "wait_for_messages",
                                                 "register_agent",
                                                 "discover_agents",
                                                 "get_agent_info",
                                                 "update_presence",
                                                 "deregister_agent",
                                                 "send_direct_message",
                                                 "read_direct_messages",
                                                 "broadcast_work_offer",
                                                 "cancel_work",
                                                 "claim_work",
                                                 "report_progress",
                                                 "complete_work",
                                                 "fail_work",
                                                 "release_work",
                                                 "get_work_status",
                                                 "list_work",
                                                 "list_dead_letter_items",
                                                 "retry_dead_letter_item",
                                                 "discard_dead_letter_item",
                                                 "server_status"}));
}

TEST(catalog, can_be_narrowed_but_never_below_identity_and_status) {
  config::configuration configuration;
  configuration.tools = {};
  EXPECT_EQ(names(configuration),
            (std::vector<std::string>{"set_handle", "get_my_handle", "server_status"}));
  configuration.tools = {config::tool_group::dead_letters};
  EXPECT_EQ(names(configuration),
            (std::vector<std::string>{"set_handle", "get_my_handle", "list_dead_letter_items",
                                      "retry_dead_letter_item", "discard_dead_letter_item",
                                      "server_status"}));
  configuration.tools = {config::tool_group::work};
  EXPECT_EQ(names(configuration).size(), 3U + 9U);
}

TEST(catalog, finds_tools_by_name) {
  ASSERT_NE(find_tool("send_message"), nullptr);
  EXPECT_EQ(find_tool("send_message")->title, "Send a message");
  EXPECT_EQ(find_tool("nothing"), nullptr);
}

TEST(catalog, says_which_tools_need_nats_and_which_must_finish_first) {
  std::set<std::string_view> without_nats;
  std::set<std::string_view> exclusive;
  for (const auto& tool : catalog()) {
    if (tool.nats == nats_need::none) {
      without_nats.insert(tool.name);
    }
    if (tool.order == dispatch_order::exclusive) {
      exclusive.insert(tool.name);
    }
  }
  EXPECT_EQ(without_nats, (std::set<std::string_view>{"set_handle", "get_my_handle",
                                                      "list_channels", "server_status"}));
  EXPECT_EQ(exclusive, (std::set<std::string_view>{"set_handle", "register_agent"}));
}

TEST(catalog, keeps_the_rules_for_names_descriptions_and_schemas) {
  for (const auto& tool : catalog()) {
    const auto listed = listing(tool, config::output_style::structured);
    EXPECT_TRUE(std::all_of(tool.name.begin(), tool.name.end(), [](char letter) {
      return (letter >= 'a' && letter <= 'z') || letter == '_';
    }));
    EXPECT_LT(tool.description.size(), 300U) << tool.name;
    EXPECT_FALSE(tool.title.empty());
    for (const auto* schema : {"inputSchema", "outputSchema"}) {
      EXPECT_EQ(listed[schema]["type"], "object") << tool.name;
      EXPECT_EQ(listed[schema]["additionalProperties"], false);
      for (const auto* combinator : {"oneOf", "anyOf", "allOf"}) {
        EXPECT_FALSE(listed[schema].contains(combinator));
      }
    }
  }
}

TEST(catalog, lists_an_output_schema_only_for_structured_results) {
  const auto& tool = *find_tool("read_messages");
  EXPECT_FALSE(listing(tool, config::output_style::text).contains("outputSchema"));
  EXPECT_TRUE(listing(tool, config::output_style::structured).contains("outputSchema"));
}

TEST(catalog, leaves_out_annotations_equal_to_the_protocols_defaults) {
  const auto annotations = [](std::string_view name) {
    return json::write(listing(*find_tool(name), config::output_style::text)["annotations"]);
  };
  EXPECT_EQ(annotations("set_handle"),
            R"({"destructiveHint":false,"idempotentHint":true,"openWorldHint":false})");
  EXPECT_EQ(annotations("list_channels"), R"({"readOnlyHint":true,"openWorldHint":false})");
  EXPECT_EQ(annotations("send_message"), R"({"destructiveHint":false})");
  EXPECT_EQ(annotations("read_messages"), R"({"readOnlyHint":true})");
  EXPECT_EQ(annotations("register_agent"), R"({"destructiveHint":false,"idempotentHint":true})");
  EXPECT_EQ(annotations("claim_work"), R"({"destructiveHint":false})");
  EXPECT_EQ(annotations("list_work"), R"({"readOnlyHint":true})");
  EXPECT_EQ(annotations("cancel_work"), R"({"idempotentHint":true})");
  EXPECT_EQ(annotations("discard_dead_letter_item"), R"({"idempotentHint":true})");
}

TEST(catalog, is_listed_within_16_kib) {
  auto tools = json::value::array();
  for (const auto& tool : catalog()) {
    tools.push_back(listing(tool, config::output_style::text));
  }
  const json::value answer{{"jsonrpc", "2.0"}, {"id", 1}, {"result", {{"tools", tools}}}};
  EXPECT_LT(json::write(answer).size(), 16U * 1024);
}

TEST(instructions, fit_what_clients_show_and_say_when_to_look_for_the_tools) {
  EXPECT_LE(instructions().size(), 2000U);
  EXPECT_NE(instructions().find("Search for these tools when"), std::string_view::npos);
}

} // namespace
} // namespace nats_mcp::tools::catalog_test
