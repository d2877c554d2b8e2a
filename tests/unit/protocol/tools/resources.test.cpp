// SPDX-License-Identifier: MIT
// Resources, prompts and hints: what is offered follows the tools that are.
#include "protocol/tools/resources.hpp"

#include "protocol/tools/hints.hpp"
#include "protocol/tools/instructions.hpp"
#include "protocol/tools/prompts.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::tools::resources_test {
namespace {

using strings = std::vector<std::string>;
using config::tool_group;

config::configuration with_tools(std::vector<tool_group> groups) {
  config::configuration out;
  out.channels = {{"planning", "Sprint planning"}, {"review", ""}};
  out.tools = std::move(groups);
  return out;
}

strings uris(const config::configuration& configuration) {
  strings out;
  for (const auto& resource : selected_resources(configuration)) {
    out.push_back(resource.uri);
  }
  return out;
}

std::string text_of(const config::configuration& configuration, std::string_view name,
                    const mcp::prompt_arguments& arguments) {
  for (const auto& prompt : selected_prompts(configuration)) {
    if (prompt.name == name) {
      return prompt.text(arguments);
    }
  }
  return "there is no such prompt";
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(resources, are_the_inbox_the_agents_and_every_channel) {
  EXPECT_EQ(uris(with_tools({tool_group::agents, tool_group::channels})),
            (strings{"nats-mcp://inbox", "nats-mcp://agents", "nats-mcp://channels/planning",
                     "nats-mcp://channels/review"}));
}

TEST(resources, follow_the_tools_that_are_offered) {
  EXPECT_EQ(uris(with_tools({tool_group::agents})),
            (strings{"nats-mcp://inbox", "nats-mcp://agents"}));
  EXPECT_EQ(uris(with_tools({tool_group::channels})),
            (strings{"nats-mcp://channels/planning", "nats-mcp://channels/review"}));
  EXPECT_TRUE(uris(with_tools({tool_group::work})).empty());
  EXPECT_TRUE(selected_templates(with_tools({tool_group::agents})).empty());
  EXPECT_TRUE(selected_prompts(with_tools({tool_group::work})).empty());
}

TEST(resources, are_listed_with_all_a_person_needs_to_choose) {
  const auto all = selected_resources(with_tools({tool_group::channels}));
  EXPECT_EQ(json::write(listing(all.at(0))),
            R"({"uri":"nats-mcp://channels/planning","name":"channels/planning",)"
            R"("title":"#planning","description":"The channel #planning: the newest 20 messages. )"
            R"(Sprint planning","mimeType":"text/markdown"})");
  EXPECT_EQ(json::write(selected_templates(with_tools({tool_group::channels})).at(0)),
            R"({"uriTemplate":"nats-mcp://channels/{name}","name":"channels","title":"Channels",)"
            R"("description":"A channel by its name: the newest 20 messages.",)"
            R"("mimeType":"text/markdown"})");
}

TEST(resources, of_channels_are_told_from_the_others) {
  EXPECT_EQ(channel_of(channel_uri("planning")), "planning");
  EXPECT_FALSE(channel_of(inbox_uri));
  EXPECT_FALSE(channel_of(agents_uri));
}

TEST(prompts, name_the_tools_to_call) {
  const auto all = with_tools({tool_group::agents, tool_group::channels});
  const auto check = text_of(all, "check_messages", {});
  EXPECT_TRUE(holds(check, "1. Call read_direct_messages"));
  EXPECT_TRUE(holds(check, "2. Call list_channels, then read_messages with unread=true"));
  const auto introduce = text_of(all, "introduce_yourself", {});
  EXPECT_TRUE(holds(introduce, "Call register_agent with agentType=the role"));
  EXPECT_TRUE(holds(introduce, "discover_agents"));
  EXPECT_TRUE(holds(introduce, "send_message"));
}

TEST(prompts, take_over_what_the_user_gave) {
  const auto all = with_tools({tool_group::agents, tool_group::channels});
  const auto introduce = text_of(all, "introduce_yourself",
                                 {{"agentType", "tester"}, {"capabilities", "c++,code review"}});
  EXPECT_TRUE(holds(introduce, R"(agentType="tester")")) << introduce;
  EXPECT_TRUE(holds(introduce, R"("c++,code review")")) << introduce;
  const auto check = text_of(all, "check_messages", {{"channel", "planning"}});
  EXPECT_TRUE(holds(check, R"(read_messages with channel="planning" and unread=true)")) << check;
  EXPECT_FALSE(holds(check, "read_direct_messages")) << check;
}

TEST(prompts, name_no_tool_that_is_not_offered) {
  const auto channels = with_tools({tool_group::channels});
  for (const auto* name : {"check_messages", "introduce_yourself"}) {
    const auto text = text_of(channels, name, {});
    for (const auto* tool : {"read_direct_messages", "register_agent", "discover_agents"}) {
      EXPECT_FALSE(holds(text, tool)) << name;
    }
  }
  const auto agents = with_tools({tool_group::agents});
  for (const auto* name : {"check_messages", "introduce_yourself"}) {
    const auto text = text_of(agents, name, {});
    for (const auto* tool : {"list_channels", "read_messages", "send_message"}) {
      EXPECT_FALSE(holds(text, tool)) << name;
    }
  }
}

TEST(prompts, have_descriptions_everywhere) {
  for (const auto& prompt : selected_prompts(with_tools({tool_group::channels}))) {
    EXPECT_FALSE(prompt.description.empty()) << prompt.name;
    for (const auto& argument : prompt.arguments) {
      EXPECT_FALSE(argument.description.empty()) << argument.name;
      EXPECT_FALSE(argument.required) << "a command without arguments has to do";
    }
  }
}

TEST(hints, say_what_is_there_and_where_to_read_it) {
  EXPECT_EQ(mail_hint(2),
            (mcp::client_hint{"inbox",
                              "2 unread direct messages. Read them with read_direct_messages.",
                              {{"kind", "inbox"}, {"unread", "2"}}}));
  EXPECT_EQ(mail_hint(1).content, "1 unread direct message. Read it with read_direct_messages.");
  EXPECT_EQ(
    channel_hint("planning"),
    (mcp::client_hint{"#planning",
                      "New messages in #planning. Read them with read_messages and unread=true.",
                      {{"kind", "channel"}, {"channel", "planning"}}}));
}

TEST(hints, fit_into_the_instructions) {
  EXPECT_LE(instructions().size() + 2 + hint_instructions().size(), 2000U);
}

} // namespace
} // namespace nats_mcp::tools::resources_test
