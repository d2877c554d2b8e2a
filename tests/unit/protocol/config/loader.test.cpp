// SPDX-License-Identifier: MIT
// Where configuration comes from, what comes first, and what follows from it.
#include "protocol/hash.hpp"

#include "tests/unit/protocol/config/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nats_mcp::config::loader_test {
namespace {

using namespace std::chrono_literals;

TEST(loader, has_the_seeds_defaults_without_any_source) {
  const auto loaded = world{}.load();
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_TRUE(loaded.files.empty());
  const auto& value = loaded.value;
  EXPECT_EQ(value.channels, default_channels());
  EXPECT_EQ(value.channels[1].name, "parallel-work");
  EXPECT_EQ(value.channels[1].description, "Coordination for parallel work among agents");
  EXPECT_EQ(value.channels[0].max_messages, 10'000);
  EXPECT_EQ(value.channels[0].max_bytes, 10 * 1024 * 1024);
  EXPECT_EQ(value.channels[0].max_age, 24h);
  EXPECT_EQ(value.nats.url, "");
  EXPECT_EQ(value.work_queue.ack_timeout, 300s);
  EXPECT_EQ(value.work_queue.max_attempts, 3U);
  EXPECT_EQ(value.work_queue.dead_letter_ttl, 168h);
  EXPECT_EQ(value.call_timeout, 5s);
  EXPECT_EQ(value.heartbeat_interval, 60s);
  EXPECT_EQ(value.replicas, 1U);
  EXPECT_EQ(value.tools.size(), 4U);
}

TEST(loader, reads_the_seeds_project_file) {
  world given;
  given.files[project_file] = R"({
  "namespace": "my-project",
  "channels": [
    {"name": "planning", "description": "Sprint planning", "maxMessages": 5000, "maxAge": "7d"},
    {"name": "review"}
  ]
})";
  const auto loaded = given.load();
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.value.channel_namespace, "my-project");
  EXPECT_TRUE(loaded.value.namespace_configured);
  const std::vector<channel> expected{{"planning", "Sprint planning", 5000, 10'485'760, 168h},
                                      {"review", "", 10'000, 10'485'760, 24h}};
  EXPECT_EQ(loaded.value.channels, expected);
  EXPECT_EQ(loaded.files, std::vector<std::string>{project_file});
  EXPECT_EQ(loaded.origins.at("channels").line, 3U);
}

TEST(loader, prefers_environment_to_project_to_user_to_default_key_by_key) {
  world given;
  given.files[user_file] = R"({"replicas": 2, "callTimeout": 2000,
    "workQueue": {"maxAttempts": 2, "ackTimeout": 2000}, "output": "structured"})";
  given.files[project_file] =
    R"({"replicas": 3, "callTimeout": 3000, "workQueue": {"maxAttempts": 4}})";
  given.environment["NATS_MCP_REPLICAS"] = "5";
  const auto loaded = given.load();
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.value.replicas, 5U);
  EXPECT_EQ(loaded.value.call_timeout, 3s);
  EXPECT_EQ(loaded.value.work_queue.max_attempts, 4U);
  EXPECT_EQ(loaded.value.work_queue.ack_timeout, 2s);
  EXPECT_EQ(loaded.value.output, output_style::structured);
  EXPECT_EQ(loaded.origins.at("replicas").source, "environment");
  EXPECT_EQ(loaded.origins.at("callTimeout").source, project_file);
  EXPECT_EQ(loaded.origins.at("workQueue.ackTimeout").source, user_file);
  EXPECT_EQ(loaded.origins.count("heartbeatInterval"), 0U);
}

TEST(loader, reads_choices_in_upper_and_lower_case) {
  world given;
  given.files[project_file] = R"({"output": "Structured", "tools": ["CHANNELS", "Dead-Letters"],
    "logging": {"level": "debug", "format": "json"}})";
  given.environment = {{"LOG_LEVEL", "Warn"}, {"LOG_FORMAT", "TEXT"}, {"NATS_MCP_LOCAL", "NEVER"}};
  const auto loaded = given.load();
  EXPECT_EQ(problems_of(given), std::vector<std::string>{});
  EXPECT_EQ(loaded.value.logging.level, log_level::warn);
  EXPECT_EQ(loaded.value.logging.format, log_format::text);
  EXPECT_EQ(loaded.value.local, local_engine::never);
  EXPECT_EQ(loaded.value.output, output_style::structured);
  EXPECT_EQ(loaded.value.tools,
            (std::vector<tool_group>{tool_group::channels, tool_group::dead_letters}));
}

TEST(loader, names_the_choices_when_a_level_is_none_of_them) {
  world given;
  given.environment = {{"LOG_LEVEL", "verbose"}};
  ASSERT_EQ(problems_of(given).size(), 1U);
  EXPECT_NE(problems_of(given)[0].find("LOG_LEVEL"), std::string::npos);
  EXPECT_NE(problems_of(given)[0].find("DEBUG"), std::string::npos) << problems_of(given)[0];
}

TEST(loader, notes_no_origin_for_a_value_that_is_refused) {
  world given;
  given.files[user_file] = R"({"replicas": 2, "workQueue": {"maxAttempts": 4}})";
  given.files[project_file] = R"({"replicas": 7, "channels": [{"name": "No!"}]})";
  const auto loaded = given.load();
  EXPECT_EQ(loaded.problems.size(), 2U);
  EXPECT_EQ(loaded.value.replicas, 2U);
  EXPECT_EQ(loaded.origins.at("replicas").source, user_file) << "the one in force";
  EXPECT_EQ(loaded.origins.count("channels"), 0U);
  EXPECT_EQ(loaded.origins.count("workQueue.maxAttempts"), 1U);
}

TEST(loader, reads_every_variable) {
  world given;
  given.environment = {{"NATS_URL", "tls://a:4222, nats://b"},
                       {"LOG_LEVEL", "DEBUG"},
                       {"LOG_FORMAT", "text"},
                       {"WORKQUEUE_ACK_TIMEOUT", "60000"},
                       {"WORKQUEUE_MAX_ATTEMPTS", "7"},
                       {"WORKQUEUE_DLQ_TTL", "1000"},
                       {"WORKQUEUE_MAX_HOLD", "90000"},
                       {"NATS_MCP_CALL_TIMEOUT", "1500"},
                       {"NATS_MCP_LOCAL", "never"},
                       {"NATS_MCP_OUTPUT", "structured"},
                       {"NATS_MCP_TOOLS", "channels, dead-letters"},
                       {"NATS_MCP_HEARTBEAT_INTERVAL", "30000"},
                       {"NATS_USER", "u"},
                       {"NATS_PASSWORD", "p"},
                       {"NATS_TLS_CA", "/ca"},
                       {"NATS_TLS_CERT", "/cert"},
                       {"NATS_TLS_KEY", "/key"},
                       {"NATS_MCP_PUSH", "claude-channel"},
                       {"NATS_MCP_AGENT_TYPE", "developer"},
                       {"NATS_MCP_HANDLE", "dev-1"},
                       {"NATS_MCP_CAPABILITIES", "c++,code review"},
                       {"NATS_MCP_HTTP_TOKEN", "t"}};
  const auto loaded = given.load();
  EXPECT_TRUE(loaded.problems.empty());
  const auto& value = loaded.value;
  EXPECT_EQ(value.nats.url, "tls://a:4222, nats://b");
  EXPECT_EQ(value.logging.level, log_level::debug);
  EXPECT_EQ(value.logging.format, log_format::text);
  EXPECT_EQ(value.work_queue.ack_timeout, 60s);
  EXPECT_EQ(value.work_queue.max_attempts, 7U);
  EXPECT_EQ(value.work_queue.dead_letter_ttl, 1s);
  EXPECT_EQ(value.work_queue.max_hold, 90s);
  EXPECT_EQ(value.call_timeout, 1500ms);
  EXPECT_EQ(value.local, local_engine::never);
  EXPECT_EQ(value.tools, (std::vector<tool_group>{tool_group::channels, tool_group::dead_letters}));
  EXPECT_EQ(value.heartbeat_interval, 30s);
  EXPECT_EQ(value.nats.user + value.nats.password, "up");
  EXPECT_EQ(value.nats.tls_ca + value.nats.tls_cert + value.nats.tls_key, "/ca/cert/key");
  EXPECT_EQ(value.push, push_mode::claude_channel);
  EXPECT_EQ(value.agent_type, "developer");
  EXPECT_EQ(value.handle, "dev-1");
  EXPECT_EQ(value.capabilities, (std::vector<std::string>{"c++", "code review"}));
  EXPECT_EQ(value.http_token, "t");
}

TEST(loader, takes_an_empty_variable_as_not_set) {
  world given;
  given.environment["NATS_URL"] = "";
  given.environment["WORKQUEUE_MAX_ATTEMPTS"] = "";
  const auto loaded = given.load();
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.value.work_queue.max_attempts, 3U);
}

TEST(loader, looks_up_to_five_directories_above_the_project) {
  world given;
  given.working_directory = "/a/b/c/d/e/f/g";
  given.files["/a/b/.mcp-config.json"] = R"({"namespace": "near-enough"})";
  EXPECT_EQ(given.load().value.channel_namespace, "near-enough");
  EXPECT_EQ(given.load().value.project_directory, "/a/b");
  given.files.clear();
  given.files["/a/.mcp-config.json"] = R"({"namespace": "too-far"})";
  EXPECT_NE(given.load().value.channel_namespace, "too-far");
}

TEST(loader, prefers_the_nearest_file) {
  world given;
  given.files["/home/me/.mcp-config.json"] = R"({"namespace": "outer"})";
  given.files[project_file] = R"({"namespace": "inner"})";
  EXPECT_EQ(given.load().value.channel_namespace, "inner");
}

TEST(loader, begins_at_the_project_path_if_one_is_given) {
  world given;
  given.files["/work/shop/.mcp-config.json"] = R"({"namespace": "shop"})";
  given.environment["MCP_PROJECT_PATH"] = "/work/shop/";
  EXPECT_EQ(given.load().value.channel_namespace, "shop");
  given.working_directory = "/work/other";
  given.environment["MCP_PROJECT_PATH"] = "../shop";
  EXPECT_EQ(given.load().value.channel_namespace, "shop");
}

TEST(loader, derives_names_from_the_project_path) {
  const auto value = world{}.load().value;
  EXPECT_EQ(value.channel_namespace, short_hash("/home/me/project").value());
  EXPECT_EQ(value.project_id, short_hash("/real/home/me/project").value());
  EXPECT_FALSE(value.namespace_configured);
}

TEST(loader, derives_the_project_id_from_a_configured_namespace) {
  world given;
  given.files[project_file] = R"({"namespace": "my-project"})";
  EXPECT_EQ(given.load().value.project_id, short_hash("my-project").value());
}

TEST(loader, gives_one_project_one_name_in_all_its_directories) {
  world given;
  given.files[project_file] = R"({"replicas": 1})";
  const auto above = given.load().value;
  given.working_directory = "/home/me/project/src/deep";
  EXPECT_EQ(given.load().value.channel_namespace, above.channel_namespace);
  EXPECT_EQ(given.load().value.project_id, above.project_id);
}

TEST(loader, ignores_the_schema_an_editor_wants) {
  world given;
  given.files[project_file] = R"({"$schema": "config.schema.json", "replicas": 2})";
  EXPECT_TRUE(given.load().problems.empty());
  EXPECT_EQ(given.load().value.replicas, 2U);
}

TEST(settings, tell_where_each_value_came_from_and_no_secret) {
  world given;
  given.files[project_file] = "{\n\"natsToken\": \"s3cret\"\n}";
  given.environment["NATS_URL"] = "nats://me:s3cret@host:4222,tls://s3cret@b";
  given.environment["NATS_MCP_HTTP_TOKEN"] = "s3cret";
  std::string all;
  for (const auto& row : settings_of(given.load())) {
    all += row.key + " = " + row.value + " from " + row.origin + "\n";
  }
  EXPECT_EQ(all.find("s3cret"), std::string::npos) << all;
  EXPECT_NE(all.find("natsUrl = \"nats://host:4222, tls://b\" from environment\n"),
            std::string::npos)
    << all;
  EXPECT_NE(all.find("natsToken = (set, not shown) from /home/me/project/.mcp-config.json:2\n"),
            std::string::npos)
    << all;
  EXPECT_NE(all.find("workQueue.maxAttempts = 3 from default\n"), std::string::npos) << all;
}

} // namespace
} // namespace nats_mcp::config::loader_test
