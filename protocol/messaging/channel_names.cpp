// SPDX-License-Identifier: MIT
#include "protocol/messaging/channel_names.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"
#include "protocol/text.hpp"

#include <algorithm>

namespace nats_mcp::messaging {

namespace {

std::string in_quotes(std::string_view name) {
  return "\"" + first_characters(one_line(name), limits::quoted_characters_max) + "\"";
}

std::optional<channel_name_pair> legal_pair(std::string_view channel_namespace,
                                            std::string_view channel) {
  if (!namespace_rule().holds(channel_namespace) || !channel_name_rule().holds(channel)) {
    return std::nullopt;
  }
  return channel_name_pair{std::string{channel_namespace}, std::string{channel}};
}

} // namespace

std::string channel_subject(std::string_view channel_namespace, std::string_view channel) {
  return std::string{channel_namespace} + "." + std::string{channel};
}

std::string channel_stream_name(std::string_view channel_namespace, std::string_view channel) {
  std::string out{channel_namespace};
  out += '_';
  for (const char letter : channel) {
    const bool is_letter = letter >= 'a' && letter <= 'z';
    out += letter == '-' ? '_' : is_letter ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return out;
}

jetstream::stream_config channel_stream(std::string_view channel_namespace,
                                        const config::channel& settings, std::uint32_t replicas) {
  constexpr std::chrono::nanoseconds duplicates_remembered = std::chrono::minutes{2};
  jetstream::stream_config out;
  out.name = channel_stream_name(channel_namespace, settings.name);
  out.subjects = {channel_subject(channel_namespace, settings.name)};
  out.max_messages = settings.max_messages;
  out.max_bytes = settings.max_bytes;
  out.max_age = settings.max_age;
  out.duplicate_window = std::min(duplicates_remembered, out.max_age);
  out.replicas = replicas;
  return out;
}

std::optional<channel_name_pair> parse_channel_subject(std::string_view subject) {
  const auto dot = subject.find('.');
  if (dot == std::string_view::npos) {
    return std::nullopt;
  }
  return legal_pair(subject.substr(0, dot), subject.substr(dot + 1));
}

std::optional<channel_name_pair> parse_channel_stream_name(std::string_view stream) {
  const auto separator = stream.find('_');
  if (separator == std::string_view::npos) {
    return std::nullopt;
  }
  std::string channel;
  for (const char letter : stream.substr(separator + 1)) {
    if ((letter >= 'a' && letter <= 'z') || letter == '-') {
      return std::nullopt;
    }
    const bool is_letter = letter >= 'A' && letter <= 'Z';
    channel += letter == '_' ? '-' : is_letter ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return legal_pair(stream.substr(0, separator), channel);
}

result<void> check_channel_name(std::string_view channel) {
  if (channel_name_rule().holds(channel)) {
    return {};
  }
  return fail(ec::invalid_argument,
              std::string{channel_name_rule().refusal} + ". " + in_quotes(channel)
                + " was given; list_channels shows the names in use, such as \"planning\".");
}

result<void> check_namespace(std::string_view channel_namespace) {
  if (namespace_rule().holds(channel_namespace)) {
    return {};
  }
  return fail(ec::configuration_invalid, "The namespace " + in_quotes(channel_namespace)
                                           + " cannot be used: it must be "
                                           + std::string{namespace_rule().in_words} + ".");
}

error unknown_channel(std::string_view channel, const std::vector<config::channel>& configured) {
  std::vector<std::string_view> names;
  std::string list;
  for (const auto& one : configured) {
    names.push_back(one.name);
    list += (list.empty() ? "" : ", ") + one.name;
  }
  auto text = "There is no channel " + in_quotes(channel) + " in this project.";
  if (const auto meant = json::likely_meant(channel, names); !meant.empty()) {
    text += " Did you mean " + in_quotes(meant) + "?";
  }
  text += " Configured channels: " + list + ". Channels are added in .mcp-config.json.";
  return {ec::not_found, std::move(text), 0};
}

} // namespace nats_mcp::messaging
