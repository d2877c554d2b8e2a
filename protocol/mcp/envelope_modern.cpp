// SPDX-License-Identifier: MIT
#include "protocol/mcp/envelope_modern.hpp"

#include "protocol/json/utf8.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/jsonrpc/encoding.hpp"
#include "protocol/limits.hpp"
#include "protocol/mcp/era.hpp"
#include "protocol/mcp/members.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::mcp {

namespace {

constexpr std::array<std::string_view, 8> log_levels{"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

jsonrpc::error_object wrong_envelope(std::string_view key, std::string_view rule) {
  return {jsonrpc::error_code::invalid_params,
          "Invalid parameters: params._meta[\"" + std::string{key} + "\"] " + std::string{rule},
          std::nullopt};
}

bool is_log_level(const json::value& level) {
  const auto* name = level.get_ptr<const std::string*>();
  return name != nullptr
         && std::find(log_levels.begin(), log_levels.end(), *name) != log_levels.end();
}

json::value supported_versions() {
  auto versions = json::value::array();
  for (const auto version : modern_versions) {
    versions.push_back(std::string{version});
  }
  return versions;
}

} // namespace

std::optional<jsonrpc::error_object> check_envelope(const json::value& params) {
  const auto* meta = json::find(params, "_meta");
  const auto* version = meta == nullptr ? nullptr : json::find(*meta, protocol_version_key);
  if (version == nullptr || !version->is_string()) {
    return wrong_envelope(protocol_version_key, "has to be a string.");
  }
  const auto* capabilities = json::find(*meta, client_capabilities_key);
  if (capabilities == nullptr || !capabilities->is_object()) {
    return wrong_envelope(client_capabilities_key, "is required and has to be an object.");
  }
  const auto* client = json::find(*meta, client_info_key);
  if (client != nullptr && !client->is_object()) {
    return wrong_envelope(client_info_key, "has to be an object when it is there.");
  }
  const auto* level = json::find(*meta, log_level_key);
  if (level != nullptr && !is_log_level(*level)) {
    return wrong_envelope(log_level_key, "has to be one of debug, info, notice, warning, error, "
                                         "critical, alert and emergency.");
  }
  const auto& requested = *version->get_ptr<const std::string*>();
  if (!is_served_modern(requested)) {
    return unsupported_version(requested);
  }
  return std::nullopt;
}

jsonrpc::error_object unsupported_version(std::string_view requested) {
  return {jsonrpc::error_code::unsupported_protocol_version,
          "Unsupported protocol version: " + repeated(requested) + ". This server serves "
            + std::string{modern_versions.back()} + "; older versions begin with initialize.",
          json::value{{"supported", supported_versions()},
                      {"requested", json::shortened(requested, limits::quoted_bytes_max)}}};
}

jsonrpc::error_object missing_client_capability(std::string message, json::value required) {
  return {jsonrpc::error_code::missing_client_capability, std::move(message),
          json::value{{"requiredCapabilities", std::move(required)}}};
}

modern_envelope::modern_envelope(const implementation& server) {
  json::append_string(server_info_, server_info_key);
  server_info_ += ':';
  append_implementation(server_info_, server);
}

void modern_envelope::append_result(std::string& out, std::string_view members) const {
  out += R"({"resultType":"complete",)";
  out += members;
  out += members.empty() ? R"("_meta":{)" : R"(,"_meta":{)";
  out += server_info_;
  out += "}}";
}

void modern_envelope::append_result(std::string& out, std::string_view members,
                                    cache_hint hint) const {
  std::string with_hint{members};
  with_hint += R"(,"ttlMs":)" + std::to_string(hint.time_to_live.count());
  with_hint += hint.scope == cache_scope::shared_by_all ? R"(,"cacheScope":"public")"
                                                        : R"(,"cacheScope":"private")";
  append_result(out, with_hint);
}

std::string modern_envelope::stream_end_line(const jsonrpc::request_id& subscription) const {
  std::string out;
  jsonrpc::begin_result(out, subscription);
  out += R"({"resultType":"complete","_meta":{)";
  json::append_string(out, subscription_id_key);
  out += ':';
  jsonrpc::append_request_id(out, subscription);
  out += ',';
  out += server_info_;
  out += "}}}";
  return out;
}

std::string discover_members(const server_capabilities& offered, std::string_view instructions) {
  std::string members = R"("supportedVersions":)";
  json::append_value(members, supported_versions());
  members += ',';
  append_capabilities(members, offered, instructions);
  return members;
}

} // namespace nats_mcp::mcp
