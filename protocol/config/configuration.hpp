// SPDX-License-Identifier: MIT
// The configuration as typed values with their defaults. What each means, its bounds and its names
// are declared once, in protocol/config/configuration_fields.cpp; where values come from is decided
// in protocol/config/loader.cpp.
#pragma once

#include "protocol/error.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::config {

using namespace std::chrono_literals;

enum class log_level : std::uint8_t { debug, info, warn, error };
enum class log_format : std::uint8_t { json, text };
/// Whether answers are text alone or also `structuredContent`.
enum class output_style : std::uint8_t { text, structured };
/// Whether a server is started for this user when none is configured and none answers.
enum class local_engine : std::uint8_t { automatic, never };
/// How news reach the client besides answers and resources (docs/push.md): not at all, or as events
/// of Claude Code's channels.
enum class push_mode : std::uint8_t { none, claude_channel };
/// Sets of tools that can be offered or left out; identity and status are always there.
enum class tool_group : std::uint8_t { channels, agents, work, dead_letters };

/// One channel; its stream's limits.
struct channel {
  std::string name;
  std::string description;
  std::int64_t max_messages = 10'000;
  std::int64_t max_bytes = 10 * 1024 * 1024;
  std::chrono::milliseconds max_age = 24h;

  friend bool operator==(const channel&, const channel&) = default;
};

struct logging_settings {
  log_level level = log_level::info;
  log_format format = log_format::json;
};

struct work_queue_settings {
  std::chrono::milliseconds ack_timeout = 5min;
  std::uint32_t max_attempts = 3;
  std::chrono::milliseconds dead_letter_ttl = 168h;
  /// Not set: the acknowledgement timeout if that was set, else one hour. See `hold_of`.
  std::optional<std::chrono::milliseconds> max_hold;
};

/// How to reach NATS. Texts that are empty are not set.
struct nats_settings {
  /// A comma list of `nats://` or `tls://` addresses. Empty: the local engine may be used.
  std::string url;
  std::string credentials_file;
  std::string nkey_seed_file;
  std::string token;
  std::string user;
  std::string password;
  std::string tls_ca;
  std::string tls_cert;
  std::string tls_key;
  /// What the subjects of answers begin with: permissions may keep users from each other's.
  std::string inbox_prefix = "_INBOX";
};

struct configuration {
  /// `namespace` as configured, else derived from the project's path. Legal in subjects.
  std::string channel_namespace;
  /// Whether `channel_namespace` was configured.
  bool namespace_configured = false;
  /// The same project on every computer (docs/wire.md, "Names"): 16 hex digits.
  std::string project_id;
  /// The project's directory, absolute: of its configuration file, else what it was started for.
  std::string project_directory;
  std::vector<channel> channels;
  nats_settings nats;
  logging_settings logging;
  work_queue_settings work_queue;
  std::chrono::milliseconds call_timeout = 5s;
  /// Tool calls a second in the long run; 0 = any number.
  std::uint32_t call_rate = 100;
  local_engine local = local_engine::automatic;
  std::uint32_t replicas = 1;
  output_style output = output_style::text;
  std::vector<tool_group> tools{tool_group::channels, tool_group::agents, tool_group::work,
                                tool_group::dead_letters};
  std::chrono::milliseconds heartbeat_interval = 60s;
  push_mode push = push_mode::none;
  /// Set: the agent registers itself on the first call that needs NATS.
  std::string agent_type;
  /// The handle to begin with; empty = none until `set_handle`.
  std::string handle;
  std::vector<std::string> capabilities;
  /// What the coordinator's HTTP page asks for.
  std::string http_token;
};

/// The channels of a project that configures none.
[[nodiscard]] std::vector<channel> default_channels();

/// The longest a work item is held without a report. `ack_timeout_set`: by the user.
[[nodiscard]] std::chrono::milliseconds hold_of(const work_queue_settings& settings,
                                                bool ack_timeout_set);

/// One thing that is wrong: `file:line: key: reason (suggestion)`.
struct problem {
  /// A path, or `environment`.
  std::string source;
  /// From 1; 0 = has no lines.
  std::size_t line = 0;
  /// The key in a file, or the variable's name. Empty when the file as a whole is meant.
  std::string key;
  /// A sentence that comes before everything else, without its full stop. May be empty.
  std::string headline;
  std::string reason;
  std::string suggestion;

  friend bool operator==(const problem&, const problem&) = default;
};

[[nodiscard]] std::string to_text(const problem& one);

/// Where a value came from, for `doctor`.
struct origin {
  /// A path, or `environment`.
  std::string source;
  /// From 1; 0 = has no lines.
  std::size_t line = 0;
};

struct loaded_configuration {
  /// Complete and usable wherever there is no problem; values with a problem are their defaults.
  configuration value;
  std::vector<problem> problems;
  /// By key (`workQueue.ackTimeout`); a key that is not here has its default.
  std::map<std::string, origin> origins;
  /// Every file that was read, the one that comes first first.
  std::vector<std::string> files;
};

/// What every tool answers while there are problems: all of them, and what to do.
[[nodiscard]] error unusable(const std::vector<problem>& problems);

} // namespace nats_mcp::config
