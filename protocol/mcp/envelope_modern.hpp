// SPDX-License-Identifier: MIT
// What surrounds the facts from 2026-07-28 on: the `_meta` every request brings, the members every
// result needs, and the era's own errors.
#pragma once

#include "protocol/json/value.hpp"
#include "protocol/jsonrpc/error_code.hpp"
#include "protocol/jsonrpc/request_id.hpp"
#include "protocol/mcp/types.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::mcp {

inline constexpr std::string_view client_capabilities_key =
  "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view client_info_key = "io.modelcontextprotocol/clientInfo";
inline constexpr std::string_view log_level_key = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view server_info_key = "io.modelcontextprotocol/serverInfo";
inline constexpr std::string_view subscription_id_key = "io.modelcontextprotocol/subscriptionId";

/// Who may share a kept result: every user, or only the one who asked.
enum class cache_scope : std::uint8_t { shared_by_all, one_user };

/// How long a client may keep a result (MCP 2026-07-28, caching). Required on the lists, on
/// discover and on resources/read.
struct cache_hint {
  std::chrono::milliseconds time_to_live{0};
  cache_scope scope = cache_scope::shared_by_all;
};

/// What is the same for every client of this program and changes only with the program.
inline constexpr cache_hint discover_hint{std::chrono::hours{1}};
inline constexpr cache_hint list_hint{std::chrono::minutes{5}};
/// What names the channels of one project.
inline constexpr cache_hint project_list_hint{std::chrono::minutes{5}, cache_scope::one_user};
/// What other agents may change at any moment.
inline constexpr cache_hint reading_hint{std::chrono::milliseconds{0}, cache_scope::one_user};

/// Checks the envelope of a modern request in the specification's order: the required keys and
/// their types (-32602), then the version (-32022). Nothing when it is in order.
[[nodiscard]] std::optional<jsonrpc::error_object> check_envelope(const json::value& params);

/// The error for a version that is not served, -32022.
[[nodiscard]] jsonrpc::error_object unsupported_version(std::string_view requested);

/// The error for a client that did not declare what a request needs, -32021.
/// @param required a ClientCapabilities object with just the missing ones.
[[nodiscard]] jsonrpc::error_object missing_client_capability(std::string message,
                                                              json::value required);

/// Writes results. Holds what they all repeat.
class modern_envelope {
public:
  explicit modern_envelope(const implementation& server);

  /// A complete result with these members, which may be none.
  void append_result(std::string& out, std::string_view members) const;

  /// The same for the cacheable methods.
  void append_result(std::string& out, std::string_view members, cache_hint hint) const;

  /// The line with the result that ends a listen stream from the server's side.
  [[nodiscard]] std::string stream_end_line(const jsonrpc::request_id& subscription) const;

private:
  /// `"io.modelcontextprotocol/serverInfo":{…}`
  std::string server_info_;
};

/// The members of the result of `server/discover`.
[[nodiscard]] std::string discover_members(const server_capabilities& offered,
                                           std::string_view instructions);

} // namespace nats_mcp::mcp
