// SPDX-License-Identifier: MIT
// The tools as clients list them.
#include "protocol/tools/catalog.hpp"

#include "protocol/tools/instructions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace nats_mcp::tools {
namespace {

std::vector<std::string> names(const config::configuration& configuration) {
  std::vector<std::string> out;
  for (const auto* tool : selected_tools(configuration)) {
    out.emplace_back(tool->name);
  }
  return out;
}

TEST(catalog, has_the_tools_in_a_stable_order) {
  EXPECT_EQ(names({}), (std::vector<std::string>{"set_handle", "get_my_handle", "list_channels",
                                                 "send_message", "read_messages",
                                                 "wait_for_messages", "server_status"}));
}

TEST(catalog, can_be_narrowed_but_never_below_identity_and_status) {
  config::configuration configuration;
  configuration.tools = {config::tool_group::work};
  EXPECT_EQ(names(configuration),
            (std::vector<std::string>{"set_handle", "get_my_handle", "server_status"}));
}

TEST(catalog, finds_tools_by_name) {
  ASSERT_NE(find_tool("send_message"), nullptr);
  EXPECT_EQ(find_tool("send_message")->title, "Send a message");
  EXPECT_EQ(find_tool("nothing"), nullptr);
}

TEST(catalog, says_which_tools_need_nats_and_which_must_finish_first) {
  std::set<std::string_view> with_nats;
  std::set<std::string_view> exclusive;
  for (const auto& tool : catalog()) {
    if (tool.nats == nats_need::required) {
      with_nats.insert(tool.name);
    }
    if (tool.order == dispatch_order::exclusive) {
      exclusive.insert(tool.name);
    }
  }
  EXPECT_EQ(with_nats,
            (std::set<std::string_view>{"send_message", "read_messages", "wait_for_messages"}));
  EXPECT_EQ(exclusive, std::set<std::string_view>{"set_handle"});
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
}

TEST(catalog, stays_small_enough_for_25_tools_in_16_kib) {
  std::size_t bytes = 0;
  for (const auto& tool : catalog()) {
    bytes += json::write(listing(tool, config::output_style::text)).size();
  }
  EXPECT_LT(bytes / catalog().size(), 16U * 1024 / 25);
}

TEST(instructions, fit_what_clients_show_and_say_when_to_look_for_the_tools) {
  EXPECT_LE(instructions().size(), 2000U);
  EXPECT_NE(instructions().find("Search for these tools when"), std::string_view::npos);
}

} // namespace
} // namespace nats_mcp::tools
