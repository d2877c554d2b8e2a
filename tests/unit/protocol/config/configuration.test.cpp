// SPDX-License-Identifier: MIT
// What follows from settings, and the schema for editors.
#include "protocol/config/configuration_fields.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nats_mcp::config::configuration_test {
namespace {

using namespace std::chrono_literals;

TEST(configuration, holds_work_for_an_hour_unless_only_the_ack_timeout_is_set) {
  work_queue_settings settings;
  EXPECT_EQ(hold_of(settings, false), 1h);
  settings.ack_timeout = 7min;
  EXPECT_EQ(hold_of(settings, true), 7min);
  settings.max_hold = 2h;
  EXPECT_EQ(hold_of(settings, true), 2h);
}

TEST(configuration, has_a_schema_with_every_key) {
  const auto schema = configuration_schema();
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["additionalProperties"], false);
  const auto& members = schema["properties"];
  EXPECT_TRUE(members.contains("$schema"));
  EXPECT_EQ(members["channels"]["items"]["required"], json::value::array({"name"}));
  EXPECT_EQ(members["workQueue"]["properties"]["maxAttempts"]["default"], 3);
  EXPECT_EQ(members["natsUrl"]["examples"][0], "nats://localhost:4222");
}

void collect(const std::vector<json::field_description>& fields,
             std::multiset<std::string_view>& variables) {
  for (const auto& field : fields) {
    EXPECT_FALSE(field.rules.doc.empty()) << field.rules.name;
    if (!field.rules.environment.empty()) {
      variables.insert(field.rules.environment);
    }
    if (field.members != nullptr) {
      collect(*field.members, variables);
    }
  }
}

TEST(configuration, twins_every_variable_with_one_documented_key) {
  std::multiset<std::string_view> variables;
  collect(json::described<configuration>::fields().descriptions(), variables);
  const std::multiset<std::string_view> expected{"NATS_URL",
                                                 "LOG_LEVEL",
                                                 "LOG_FORMAT",
                                                 "WORKQUEUE_ACK_TIMEOUT",
                                                 "WORKQUEUE_MAX_ATTEMPTS",
                                                 "WORKQUEUE_DLQ_TTL",
                                                 "WORKQUEUE_MAX_HOLD",
                                                 "NATS_MCP_CALL_TIMEOUT",
                                                 "NATS_MCP_CALL_RATE",
                                                 "NATS_MCP_LOCAL",
                                                 "NATS_MCP_REPLICAS",
                                                 "NATS_MCP_OUTPUT",
                                                 "NATS_MCP_TOOLS",
                                                 "NATS_MCP_HEARTBEAT_INTERVAL",
                                                 "NATS_CREDS",
                                                 "NATS_NKEY_SEED_FILE",
                                                 "NATS_TOKEN",
                                                 "NATS_USER",
                                                 "NATS_PASSWORD",
                                                 "NATS_INBOX_PREFIX",
                                                 "NATS_TLS_CA",
                                                 "NATS_TLS_CERT",
                                                 "NATS_TLS_KEY",
                                                 "NATS_MCP_PUSH",
                                                 "NATS_MCP_AGENT_TYPE",
                                                 "NATS_MCP_HANDLE",
                                                 "NATS_MCP_CAPABILITIES",
                                                 "NATS_MCP_HTTP_TOKEN"};
  EXPECT_EQ(variables, expected);
}

TEST(configuration, keeps_every_example_legal) {
  for (const auto& field : json::described<configuration>::fields().descriptions()) {
    if (field.rules.example.empty()) {
      continue;
    }
    auto document = json::value::object();
    document[std::string{field.rules.name}] = json::parse(field.rules.example).value();
    std::vector<json::problem> problems;
    configuration into;
    json::described<configuration>::fields().decode(document, {}, problems, into);
    EXPECT_TRUE(problems.empty()) << field.rules.name;
  }
}

} // namespace
} // namespace nats_mcp::config::configuration_test
