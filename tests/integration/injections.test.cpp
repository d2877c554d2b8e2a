// SPDX-License-Identifier: MIT
// No string a client gives to a tool becomes part of a subject, of a line of the NATS protocol or
// of a line of MCP in any way but the product's own: every string argument of every tool, with
// everything that means something to NATS or a terminal, against a real server that tells every
// subject it hears.
#include "tests/fuzz/promises.hpp"
#include "tests/integration/agent.hpp"
#include "tests/integration/argument_places.hpp"
#include "tests/integration/known_subjects.hpp"
#include "tests/integration/raw_nats.hpp"
#include "tests/support/nats_server.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nats_mcp::testing {
namespace {

using namespace std::literals;

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> all{
    "",
    ".",
    "*",
    ">",
    "a.b",
    "planning.>",
    "a b",
    "a\tb",
    "a\r\nPUB evil 4\r\nevil\r\n",
    "a\0b"s,
    "\x1b[2J\x1b]0;evil\x07",
    "\xc2\x9b"
    "31mevil",
    "\xe2\x80\xae"
    "evil\xe2\x81\xa6",
    "$JS.API.STREAM.DELETE.WORK",
    "$KV.agents.public.all.>",
    "work.public.*.5",
    "@550e8400-e29b-41d4-a716-446655440000",
    "../../etc/passwd",
    "\"}\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
    std::string(64, 'x'),
    std::string(5000, '.'),
    std::string(200'000, 'x'),
  };
  return all;
}

class injections : public ::testing::Test {
protected:
  injections() { tap_.listen(">"); }

  /// Looks at every subject the server heard since.
  void check_subjects(const std::string& after) {
    for (const auto& subject : tap_.heard()) {
      const auto family = family_of(subject, "demo");
      EXPECT_FALSE(family.empty()) << "published to " << subject << " after " << after;
      families_.insert(family);
    }
  }

  void call(const argument_place& place, const json::value& arguments) {
    const auto outcome = agent_.call(place.tool, arguments);
    ++calls_;
    EXPECT_FALSE(outcome.text.empty()) << place.tool;
    for (const auto& text : {outcome.text, outcome.notices}) {
      EXPECT_TRUE(fuzz::is_showable(text))
        << place.tool << '.' << place.name << " answered " << json::write(json::value(text));
    }
    taken_ += outcome.is_error ? 0 : 1;
  }

  /// Sends a request of MCP; whatever it says can be shown.
  json::value ask(const std::string& method, const json::value& params) {
    auto answer = agent_.process().request(method, params);
    for_each_text(answer, [&](const std::string& text) {
      EXPECT_TRUE(fuzz::is_showable(text))
        << method << " answered " << json::write(json::value(text));
    });
    return answer;
  }

  /// But for the data of an error, which are the client's own, for programs.
  template <class Visitor>
  static void for_each_text(const json::value& document, const Visitor& visit) {
    if (document.is_string()) {
      visit(document.get_ref<const std::string&>());
    } else if (document.is_array()) {
      for (const auto& item : document) {
        for_each_text(item, visit);
      }
    } else if (document.is_object()) {
      for (const auto& [name, member] : document.items()) {
        if (name != "data") {
          for_each_text(member, visit);
        }
      }
    }
  }

  nats_server server_;
  raw_nats tap_{server_.port(), "none"};
  agent agent_{{server_.url(), "demo", {}}};
  std::set<std::string> families_;
  std::size_t calls_ = 0;
  std::size_t taken_ = 0;
};

TEST_F(injections, through_no_string_argument_reach_a_subject_or_break_a_line) {
  agent_.register_as(
    {{"agentType", "developer"}, {"handle", "ann"}, {"capabilities", {"typescript"}}});
  const auto listed = agent_.process().request("tools/list");
  const auto places = string_places(*json::find(*json::find(listed, "result"), "tools"));
  EXPECT_GT(places.size(), 30U);
  for (const auto& place : places) {
    for (const auto& text : hostile_texts()) {
      for (const auto& arguments : place.calls) {
        call(place, with_text(arguments, text));
      }
      if (place.name == "capabilities[]") {
        // What the agent can do now is what it claims work for.
        call({"claim_work", "after " + place.tool, {}}, json::value::object());
      }
    }
    check_subjects(place.tool + '.' + place.name);
  }
  // Where something has to be free text, it was taken; and the product went on working.
  EXPECT_GT(taken_, 200U) << "of " << calls_;
  EXPECT_FALSE(agent_.call("send_message", {{"channel", "planning"}, {"message", "hi"}}).is_error);
  check_subjects("the end");
  for (const auto* family : {"channel", "inbox", "work", "key", "request to JetStream"}) {
    EXPECT_EQ(families_.count(family), 1U) << family;
  }
  RecordProperty("calls", static_cast<int>(calls_));
}

TEST_F(injections, through_no_resource_reach_a_subject_or_break_a_line) {
  agent_.register_as({{"agentType", "developer"}, {"handle", "ann"}});
  std::size_t read = 0;
  for (const auto& text : hostile_texts()) {
    for (const auto* beginning :
         {"", "nats-mcp://", "nats-mcp://channels/", "nats-mcp://channels/planning",
          "nats-mcp://inbox", "nats-mcp://agents/"}) {
      for (const auto* method :
           {"resources/read", "resources/subscribe", "resources/unsubscribe"}) {
        const auto answer = ask(method, {{"uri", beginning + text}});
        read += answer.contains("result") && method == std::string{"resources/read"} ? 1U : 0U;
      }
    }
    check_subjects("resources with " + json::write(json::value(text.substr(0, 100))));
  }
  EXPECT_EQ(read, 2U) << "the empty text behind the URIs of the channel and of the inbox";
  check_subjects("the end");
}

TEST_F(injections, through_no_prompt_reach_a_subject_or_break_a_line) {
  const auto listed = agent_.process().request("prompts/list");
  const auto& prompts = *json::find(*json::find(listed, "result"), "prompts");
  EXPECT_GE(prompts.size(), 2U);
  std::size_t answered = 0;
  for (const auto& text : hostile_texts()) {
    ask("prompts/get", {{"name", text}});
    for (const auto& prompt : prompts) {
      auto arguments = json::value::object();
      if (const auto* declared = json::find(prompt, "arguments")) {
        for (const auto& one : *declared) {
          arguments[json::text_member(one, "name")] = text;
        }
      }
      const auto given =
        ask("prompts/get", {{"name", json::text_member(prompt, "name")}, {"arguments", arguments}});
      answered += given.contains("result") ? 1U : 0U;
      arguments[text] = text;
      ask("prompts/get", {{"name", json::text_member(prompt, "name")}, {"arguments", arguments}});
    }
    check_subjects("prompts with " + json::write(json::value(text.substr(0, 100))));
  }
  EXPECT_GT(answered, 20U);
}

TEST_F(injections, through_no_name_of_a_tool_or_method_break_a_line) {
  for (const auto& text : hostile_texts()) {
    EXPECT_TRUE(ask("tools/call", {{"name", text}}).contains("error"));
    EXPECT_TRUE(ask(text, json::value::object()).contains("error"));
    ask("tools/list", {{"cursor", text}});
    ask("resources/list", {{"cursor", text}});
  }
  check_subjects("names");
}

TEST(known_subjects, are_those_of_the_product_and_no_others) {
  const std::string guid = "550e8400-e29b-41d4-a716-446655440000";
  for (const auto& [subject, family] : std::vector<std::pair<std::string, std::string>>{
         {"demo.planning", "channel"},
         {"inbox." + guid + "." + guid, "inbox"},
         {"work.public.c=2B=2B.5", "work"},
         {"$KV.agents.public.all." + guid, "key"},
         {"$JS.API.STREAM.INFO.WORK", "request to JetStream"},
         {"$JS.API.CONSUMER.CREATE.KV_agents.abc.$KV.agents.public.all.>", "request to JetStream"},
         {"demo.a.b", ""},
         {"demo.*", ""},
         {"evil", ""},
         {"other.planning", ""},
         {"work.public.*.5", ""},
         {"work.public.a b.5", ""},
         {"work.public.C.5", ""},
         {"inbox.>", ""},
         {"$KV.agents.public.all.x", ""},
         {"$JS.API.STREAM.DELETE.WORK", ""},
         {"$JS.API.STREAM.INFO.OTHER", ""},
         {"$JS.API.CONSUMER.CREATE.WORK.abc.>", ""},
         {"$JS.API.DIRECT.GET.KV_agents.$KV.agents.\x1b", ""}}) {
    EXPECT_EQ(family_of(subject, "demo"), family) << subject;
  }
}

} // namespace
} // namespace nats_mcp::testing
