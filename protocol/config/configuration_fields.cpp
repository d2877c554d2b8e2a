// SPDX-License-Identifier: MIT
#include "protocol/config/configuration_fields.hpp"

#include "protocol/config/server_list.hpp"
#include "protocol/json/schema.hpp"
#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"

namespace nats_mcp::json {

namespace {

using config::channel;
using config::configuration;
using config::logging_settings;
using config::nats_settings;
using config::work_queue_settings;

constexpr std::int64_t second_ms = 1000;
constexpr std::int64_t hour_ms = 3600 * second_ms;
constexpr std::int64_t week_ms = 168 * hour_ms;
constexpr std::uint64_t description_characters_max = 500;
/// More than any process can make.
constexpr std::int64_t call_rate_max = 1'000'000;

/// A text of the connection's settings.
field<configuration> nats_text(std::string nats_settings::*text, field_rules rules) {
  rules.length_min = 1;
  return member<configuration>(
    [text](auto& whole) -> auto& { return whole.nats.*text; }, rules);
}

std::vector<field<configuration>> project_members() {
  return {
    member<configuration>(
      &configuration::channel_namespace,
      {.name = "namespace",
       .doc = "Agents with the same namespace on the same NATS server share channels. Without it, "
              "the project's path decides.",
       .rule = &namespace_rule(),
       .example = R"("my-project")"}),
    member<configuration>(
      &configuration::channels,
      {.name = "channels",
       .doc = "The channels of this project. Without it: roadmap, parallel-work and errors.",
       .items_min = 1,
       .items_max = limits::channels_max,
       .example = R"([{"name": "planning", "description": "Sprint planning", "maxAge": "7d"}])"}),
  };
}

std::vector<field<configuration>> nats_members() {
  return {
    nats_text(&nats_settings::url,
              {.name = "natsUrl",
               .doc =
                 "NATS servers, separated by commas; tls:// means TLS or no connection. Without "
                 "it: nats://localhost:4222, or a server started for this user.",
               .rule = &config::server_list_rule(),
               .example = R"("nats://localhost:4222")",
               .environment = "NATS_URL",
               .secret = secrecy::address}),
    nats_text(&nats_settings::credentials_file,
              {.name = "natsCreds",
               .doc = "File with a user's NATS credentials (JWT and key).",
               .example = R"("/home/me/agent.creds")",
               .environment = "NATS_CREDS"}),
    nats_text(&nats_settings::nkey_seed_file, {.name = "natsNkeySeedFile",
                                               .doc = "File with the seed of an NKey.",
                                               .example = R"("/home/me/agent.nk")",
                                               .environment = "NATS_NKEY_SEED_FILE"}),
    nats_text(&nats_settings::token, {.name = "natsToken",
                                      .doc = "Token for the NATS server.",
                                      .environment = "NATS_TOKEN",
                                      .secret = secrecy::secret}),
    nats_text(
      &nats_settings::user,
      {.name = "natsUser", .doc = "User name for the NATS server.", .environment = "NATS_USER"}),
    nats_text(&nats_settings::password, {.name = "natsPassword",
                                         .doc = "Password that belongs to natsUser.",
                                         .environment = "NATS_PASSWORD",
                                         .secret = secrecy::secret}),
    nats_text(&nats_settings::tls_ca,
              {.name = "natsTlsCa",
               .doc = "File with the certificate authorities to trust instead of the system's.",
               .environment = "NATS_TLS_CA"}),
    nats_text(&nats_settings::tls_cert, {.name = "natsTlsCert",
                                         .doc = "File with this client's certificate.",
                                         .environment = "NATS_TLS_CERT"}),
    nats_text(&nats_settings::tls_key, {.name = "natsTlsKey",
                                        .doc = "File with the key of natsTlsCert.",
                                        .environment = "NATS_TLS_KEY"}),
    nats_text(&nats_settings::inbox_prefix,
              {.name = "natsInboxPrefix",
               .doc = "What the subjects of NATS's answers to this process begin with. Where each "
                      "user may listen to one of its own alone, none hears another's answers.",
               .rule = &inbox_prefix_rule(),
               .example = R"("_INBOX_ann")",
               .environment = "NATS_INBOX_PREFIX"}),
    member<configuration>(
      &configuration::local,
      {.name = "local",
       .doc = "Whether a NATS server is started for this user when none is configured and none "
              "answers.",
       .environment = "NATS_MCP_LOCAL"}),
    member<configuration>(
      &configuration::replicas,
      {.name = "replicas",
       .doc = "Copies of every stream that is created, on as many servers of a NATS cluster.",
       .minimum = 1,
       .maximum = 5,
       .environment = "NATS_MCP_REPLICAS"}),
  };
}

std::vector<field<configuration>> server_members() {
  return {
    member<configuration>(&configuration::logging,
                          {.name = "logging", .doc = "The log on standard error."}),
    member<configuration>(&configuration::call_timeout,
                          {.name = "callTimeout",
                           .doc = "How long a tool call waits for NATS, connecting included.",
                           .minimum = 100,
                           .maximum = 600 * second_ms,
                           .environment = "NATS_MCP_CALL_TIMEOUT"}),
    member<configuration>(
      &configuration::call_rate,
      {.name = "callRate",
       .doc = "Tool calls a second a client may make in the long run, and a minute's worth of them "
              "at once; further ones are refused in words. 0: any number.",
       .minimum = 0,
       .maximum = call_rate_max,
       .environment = "NATS_MCP_CALL_RATE"}),
    member<configuration>(
      &configuration::output,
      {.name = "output",
       .doc =
         "structured: every tool also declares an output schema and returns its result as JSON.",
       .environment = "NATS_MCP_OUTPUT"}),
    member<configuration>(&configuration::tools,
                          {.name = "tools",
                           .doc = "Which tools are offered, besides identity and status.",
                           .example = R"(["channels", "agents"])",
                           .environment = "NATS_MCP_TOOLS"}),
    member<configuration>(
      &configuration::push,
      {.name = "push",
       .doc =
         "claude-channel: Claude Code is told of new messages by itself, where its channels are "
         "switched on; only protocol revisions up to 2025-11-25 are spoken then.",
       .environment = "NATS_MCP_PUSH"}),
  };
}

std::vector<field<configuration>> agent_members() {
  return {
    member<configuration>(&configuration::handle,
                          {.name = "handle",
                           .doc = "The agent's handle to begin with, until set_handle.",
                           .rule = &handle_rule(),
                           .example = R"("project-manager")",
                           .environment = "NATS_MCP_HANDLE"}),
    member<configuration>(&configuration::agent_type,
                          {.name = "agentType",
                           .doc = "The agent registers itself as this type.",
                           .length_min = 1,
                           .length_max = limits::agent_type_characters_max,
                           .example = R"("developer")",
                           .environment = "NATS_MCP_AGENT_TYPE"}),
    member<configuration>(&configuration::capabilities,
                          {.name = "capabilities",
                           .doc = "What the agent can do, for its own registration.",
                           .length_min = 1,
                           .length_max = limits::capability_bytes_max,
                           .items_max = limits::capabilities_max,
                           .rule = &capability_rule(),
                           .example = R"(["typescript", "code review"])",
                           .environment = "NATS_MCP_CAPABILITIES"}),
    member<configuration>(&configuration::heartbeat_interval,
                          {.name = "heartbeatInterval",
                           .doc = "Time between two signs of life of a registered agent.",
                           .minimum = second_ms,
                           .maximum = limits::heartbeat_interval_max.count(),
                           .environment = "NATS_MCP_HEARTBEAT_INTERVAL"}),
    member<configuration>(&configuration::work_queue,
                          {.name = "workQueue", .doc = "Work items and their leases."}),
    member<configuration>(&configuration::http_token,
                          {.name = "httpToken",
                           .doc = "What the coordinator's HTTP page asks for.",
                           .length_min = 1,
                           .environment = "NATS_MCP_HTTP_TOKEN",
                           .secret = secrecy::secret}),
  };
}

} // namespace

const field_table<channel>& described<channel>::fields() {
  static const field_table<channel> table{{
    member<channel>(&channel::name, {.name = "name",
                                     .doc = "The channel's name.",
                                     .need = presence::required,
                                     .rule = &channel_name_rule(),
                                     .example = R"("planning")"}),
    member<channel>(&channel::description, {.name = "description",
                                            .doc = "What the channel is for; agents read this.",
                                            .length_max = description_characters_max,
                                            .example = R"("Sprint planning and prioritization")"}),
    member<channel>(&channel::max_messages, {.name = "maxMessages",
                                             .doc = "Messages kept; then the oldest goes.",
                                             .minimum = 1,
                                             .example = "5000"}),
    member<channel>(&channel::max_bytes, {.name = "maxBytes",
                                          .doc = "Bytes kept; then the oldest message goes.",
                                          .minimum = 1024,
                                          .example = "10485760"}),
    member<channel>(&channel::max_age, {.name = "maxAge",
                                        .doc = "How long a message is kept.",
                                        .minimum = second_ms,
                                        .example = R"("7d")",
                                        .duration = duration_form::text}),
  }};
  return table;
}

const field_table<logging_settings>& described<logging_settings>::fields() {
  static const field_table<logging_settings> table{{
    member<logging_settings>(&logging_settings::level,
                             {.name = "level",
                              .doc = "The least important entry written; upper or lower case.",
                              .environment = "LOG_LEVEL"}),
    member<logging_settings>(&logging_settings::format,
                             {.name = "format",
                              .doc = "One JSON object or one text a line; upper or lower case.",
                              .environment = "LOG_FORMAT"}),
  }};
  return table;
}

const field_table<work_queue_settings>& described<work_queue_settings>::fields() {
  static const field_table<work_queue_settings> table{{
    member<work_queue_settings>(
      &work_queue_settings::ack_timeout,
      {.name = "ackTimeout",
       .doc = "How long a claimed work item stays with a process that gives no sign of life.",
       .minimum = second_ms,
       .maximum = 24 * hour_ms,
       .environment = "WORKQUEUE_ACK_TIMEOUT"}),
    member<work_queue_settings>(&work_queue_settings::max_attempts,
                                {.name = "maxAttempts",
                                 .doc = "Attempts before a work item goes to the dead letters.",
                                 .minimum = 1,
                                 .maximum = 100,
                                 .environment = "WORKQUEUE_MAX_ATTEMPTS"}),
    member<work_queue_settings>(&work_queue_settings::dead_letter_ttl,
                                {.name = "dlqTtl",
                                 .doc = "How long dead letters are kept.",
                                 .minimum = second_ms,
                                 .maximum = limits::duration_max.count(),
                                 .environment = "WORKQUEUE_DLQ_TTL"}),
    member<work_queue_settings>(
      &work_queue_settings::max_hold,
      {.name = "maxHold",
       .doc =
         "How long a work item is held without a report. Without it: ackTimeout if that is set, "
         "else one hour.",
       .minimum = second_ms,
       .maximum = week_ms,
       .environment = "WORKQUEUE_MAX_HOLD"}),
  }};
  return table;
}

const field_table<configuration>& described<configuration>::fields() {
  static const field_table<configuration> table = [] {
    std::vector<field<configuration>> all;
    for (auto&& part : {project_members(), nats_members(), server_members(), agent_members()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return field_table<configuration>{std::move(all)};
  }();
  return table;
}

} // namespace nats_mcp::json

namespace nats_mcp::config {

json::value configuration_schema() {
  auto out = json::value::object();
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = "Configuration of nats-mcp-server (.mcp-config.json, ~/.nats-mcp/config.json)";
  auto body = json::object_schema(json::described<configuration>::fields().descriptions(),
                                  json::schema_reader::editor);
  // Editors look for it, the server ignores it.
  body["properties"]["$schema"] = {{"type", "string"}};
  out.update(body);
  return out;
}

} // namespace nats_mcp::config
