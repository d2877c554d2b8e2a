// SPDX-License-Identifier: MIT
// Every mistake in a configuration is found, with file, line, key, reason and suggestion.
#include "tests/unit/protocol/config/world.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::config::problems_test {
namespace {

using texts = std::vector<std::string>;

world with_project_file(std::string text) {
  world given;
  given.files[project_file] = std::move(text);
  return given;
}

TEST(problems, collect_every_mistake_of_a_file_with_its_line) {
  const auto found = problems_of(with_project_file(R"({
  "namespase": "x",
  "channels": [
    {"name": "ok"},
    {"name": "Not Ok",
     "maxAge": "7 days",
     "maxMessages": "5000"}
  ],
  "output": "structurd",
  "callTimeout": 50
})"));
  const std::string file = project_file;
  const texts expected{
    file + R"(:2: namespase: is not known (did you mean "namespace"?))",
    file
      + R"(:5: channels[1].name: Invalid channel name. Must be lowercase alphanumeric with hyphens only; it must be 1 to 64 lowercase letters, digits and hyphens, but "Not Ok" (text) was given (example: "name": "planning"))",
    file
      + R"(:6: channels[1].maxAge: must be a duration such as "7d", "24h", "30m" or "45s", but "7 days" (text) was given (example: "maxAge": "7d"))",
    file
      + R"(:7: channels[1].maxMessages: must be a whole number of at least 1, but "5000" (text) was given (example: "maxMessages": 5000))",
    file
      + R"(:9: output: must be one of "text", "structured", but "structurd" (text) was given (did you mean "structured"?))",
    file
      + R"(:10: callTimeout: must be a whole number of milliseconds from 100 to 600000, but 50 was given)",
  };
  EXPECT_EQ(found, expected);
}

TEST(problems, name_the_variable_not_the_key) {
  world given;
  given.environment = {{"WORKQUEUE_MAX_ATTEMPTS", "three"}, {"NATS_URL", "http://x:1"}};
  const texts expected{
    R"(environment: NATS_URL: must be nats:// or tls:// addresses separated by commas)",
    R"(environment: WORKQUEUE_MAX_ATTEMPTS: must be a whole number from 1 to 100, but "three" (text) was given)",
  };
  EXPECT_EQ(problems_of(given), expected);
}

TEST(problems, notice_a_mistyped_variable_of_ours_and_leave_others_alone) {
  world given;
  given.environment = {{"NATS_MCP_REPLICA", "3"},
                       {"NATS_MCP_SOMETHING_ELSE", "x"},
                       {"WORKQUEUE_MAX_ATEMPTS", "3"},
                       {"NATS_CONTEXT", "x"}};
  const texts expected{
    "environment: NATS_MCP_REPLICA: is not a known variable (did you mean NATS_MCP_REPLICAS?)",
    "environment: WORKQUEUE_MAX_ATEMPTS: is not a known variable (did you mean "
    "WORKQUEUE_MAX_ATTEMPTS?)",
  };
  EXPECT_EQ(problems_of(given), expected);
}

TEST(problems, say_where_a_file_stops_being_json) {
  const auto found = problems_of(with_project_file("{\n  \"replicas\": 2,\n}"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].find(std::string{project_file} + ":3: is no JSON: "), 0U) << found[0];
  EXPECT_NE(found[0].find("trailing commas"), std::string::npos);
}

TEST(problems, include_files_that_cannot_be_read) {
  world given;
  given.unreadable = project_file;
  const auto found = problems_of(given);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("Permission denied"), std::string::npos);
}

TEST(problems, include_a_file_that_is_no_object_or_too_large) {
  EXPECT_EQ(problems_of(with_project_file("[1]")),
            texts{std::string{project_file} + ":1: must be an object, but a list of 1 was given"});
  const auto large = problems_of(with_project_file(std::string(1024 * 1024 + 1, ' ')));
  ASSERT_EQ(large.size(), 1U);
  EXPECT_NE(large[0].find("1 MiB"), std::string::npos);
}

TEST(problems, include_a_key_that_stands_twice) {
  const auto found = problems_of(with_project_file("{\"replicas\": 2,\n\"replicas\": 3}"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0], std::string{project_file}
                        + ":2: replicas: stands here a second time (remove one of the two)");
}

TEST(problems, include_channels_of_the_same_name_and_none_at_all) {
  EXPECT_EQ(
    problems_of(with_project_file(R"({"channels": [{"name": "a"}, {"name": "a"}]})")),
    texts{std::string{project_file}
          + R"(:1: channels: the channel "a" stands in the list twice (remove one of the two))"});
  const auto none = problems_of(with_project_file(R"({"channels": []})"));
  ASSERT_EQ(none.size(), 1U);
  EXPECT_NE(none[0].find("a list of 1 to 256 objects"), std::string::npos) << none[0];
}

TEST(problems, include_reserved_namespaces) {
  for (const auto* name : {"global", "inbox", "work", "dead", "coord", "_x", "$sys", "A"}) {
    const auto found =
      problems_of(with_project_file(R"({"namespace": ")" + std::string{name} + "\"}"));
    ASSERT_EQ(found.size(), 1U) << name;
    EXPECT_NE(found[0].find("reserved"), std::string::npos);
  }
}

TEST(problems, include_settings_that_do_not_go_together) {
  world given;
  given.environment = {{"NATS_TOKEN", "t"}, {"NATS_USER", "u"}, {"NATS_TLS_CERT", "/c"}};
  const texts expected{
    "environment: natsUser: cannot be used together with natsToken (keep one way to authenticate)",
    "environment: natsTlsCert: needs natsTlsKey beside it (a certificate and its key belong "
    "together)",
  };
  EXPECT_EQ(problems_of(given), expected);
}

TEST(problems, tell_of_credentials_for_no_server) {
  world given;
  given.environment = {{"NATS_TOKEN", "s3cret"}};
  EXPECT_EQ(problems_of(given),
            texts{"environment: natsToken: is for no server, since natsUrl names none (set natsUrl"
                  " (NATS_URL) to the server it is meant for)"});
  given.environment["NATS_URL"] = "http://x:1";
  EXPECT_EQ(problems_of(given).size(), 1U) << "the address that is wrong is enough";
  given.environment["NATS_URL"] = "nats://x:1";
  EXPECT_TRUE(problems_of(given).empty());
}

TEST(problems, never_show_a_secret) {
  world given;
  given.environment["NATS_URL"] = "http://me:s3cret@host";
  given.files[project_file] = R"({"natsPassword": ["s3cret"], "natsToken": {"s3cret": 1}})";
  for (const auto& text : problems_of(given)) {
    EXPECT_EQ(text.find("s3cret"), std::string::npos) << text;
  }
  EXPECT_EQ(problems_of(given).size(), 3U);
}

TEST(problems, reach_the_user_in_one_answer_the_seeds_sentence_first) {
  const auto loaded = with_project_file(R"({"replicas": 9, "channels": [{"name": "X Y"}]})").load();
  const auto answer = unusable(loaded.problems);
  EXPECT_EQ(answer.code, ec::configuration_invalid);
  EXPECT_EQ(
    answer.message.find("Invalid channel name. Must be lowercase alphanumeric with hyphens only"),
    0U);
  EXPECT_NE(answer.message.find(":1: replicas: must be"), std::string::npos);
  EXPECT_NE(answer.message.find("restart the MCP server"), std::string::npos);
}

TEST(problems, name_a_variable_that_is_no_utf8) {
  world given;
  given.environment["NATS_MCP_CAPABILITIES"] = "caf\xe9"; // Latin-1
  EXPECT_EQ(problems_of(given), texts{"environment: NATS_MCP_CAPABILITIES: is no text in UTF-8"});
  EXPECT_TRUE(given.load().value.capabilities.empty());
}

TEST(problems, of_a_file_full_of_them_are_told_up_to_a_bound) {
  std::string text = "{\"channels\":[";
  for (int count = 0; count < 200; ++count) {
    text += (count == 0 ? "" : ",") + std::string{R"({"name":"a","x":1,"y":2})"};
  }
  const auto found = problems_of(with_project_file(text + "]}"));
  ASSERT_EQ(found.size(), 41U);
  EXPECT_EQ(found.back(), "configuration: has 360 more problems");
}

TEST(problems, show_a_directory_without_what_a_terminal_obeys) {
  EXPECT_EQ(to_text({"/a\x1b[2J/.mcp-config.json", 3, "key", {}, "is wrong", {}}),
            R"(/a\u001b[2J/.mcp-config.json:3: key: is wrong)");
}

RC_GTEST_PROP(problems, never_stop_the_loader, (const std::string& anything)) {
  auto given = with_project_file(anything);
  given.files[user_file] = R"({"channels": [)" + anything + "]}";
  given.environment["NATS_URL"] = anything;
  given.environment["NATS_MCP_TOOLS"] = anything;
  const auto loaded = given.load();
  RC_ASSERT(!loaded.value.channels.empty());
  for (const auto& one : loaded.problems) {
    const auto text = to_text(one);
    RC_ASSERT(std::none_of(text.begin(), text.end(),
                           [](char letter) { return letter >= 0 && letter < 0x20; }));
  }
}

TEST(problems, of_a_file_that_is_no_json_tell_no_secret_in_it) {
  const auto found =
    problems_of(with_project_file("{\n  \"natsToken\": \"hunter2hunter2,\n  \"replicas\": 1\n}"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].find("hunter2"), std::string::npos) << found[0];
  EXPECT_NE(found[0].find(":2: is no JSON: "), std::string::npos) << found[0];
}

} // namespace
} // namespace nats_mcp::config::problems_test
