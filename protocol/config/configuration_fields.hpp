// SPDX-License-Identifier: MIT
// The field tables of the configuration: every key of `.mcp-config.json`, every environment
// variable.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/json/field_table.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace nats_mcp::json {

template <>
struct choices<config::log_level> {
  static constexpr std::array<std::pair<config::log_level, std::string_view>, 4> names{{
    {config::log_level::debug, "DEBUG"},
    {config::log_level::info, "INFO"},
    {config::log_level::warn, "WARN"},
    {config::log_level::error, "ERROR"},
  }};
};

template <>
struct choices<config::log_format> {
  static constexpr std::array<std::pair<config::log_format, std::string_view>, 2> names{{
    {config::log_format::json, "json"},
    {config::log_format::text, "text"},
  }};
};

template <>
struct choices<config::output_style> {
  static constexpr std::array<std::pair<config::output_style, std::string_view>, 2> names{{
    {config::output_style::text, "text"},
    {config::output_style::structured, "structured"},
  }};
};

template <>
struct choices<config::local_engine> {
  static constexpr std::array<std::pair<config::local_engine, std::string_view>, 2> names{{
    {config::local_engine::automatic, "auto"},
    {config::local_engine::never, "never"},
  }};
};

template <>
struct choices<config::push_mode> {
  static constexpr std::array<std::pair<config::push_mode, std::string_view>, 2> names{{
    {config::push_mode::none, "none"},
    {config::push_mode::claude_channel, "claude-channel"},
  }};
};

template <>
struct choices<config::tool_group> {
  static constexpr std::array<std::pair<config::tool_group, std::string_view>, 4> names{{
    {config::tool_group::channels, "channels"},
    {config::tool_group::agents, "agents"},
    {config::tool_group::work, "work"},
    {config::tool_group::dead_letters, "dead-letters"},
  }};
};

template <>
struct described<config::channel> {
  static const field_table<config::channel>& fields();
};

template <>
struct described<config::logging_settings> {
  static const field_table<config::logging_settings>& fields();
};

template <>
struct described<config::work_queue_settings> {
  static const field_table<config::work_queue_settings>& fields();
};

/// The configuration file as a whole.
template <>
struct described<config::configuration> {
  static const field_table<config::configuration>& fields();
};

} // namespace nats_mcp::json

namespace nats_mcp::config {

/// The environment variable that says where the project is; the only one without a key.
inline constexpr std::string_view project_path_variable = "MCP_PROJECT_PATH";

/// JSON Schema of the configuration file, for editors.
[[nodiscard]] json::value configuration_schema();

} // namespace nats_mcp::config
