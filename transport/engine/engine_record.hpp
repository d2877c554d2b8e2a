// SPDX-License-Identifier: MIT
// `engine.json`: what a client must know of the running engine. Written (0600) by the engine's
// parent after the port has answered; a record is a claim about processes that may be gone, so
// whoever reads one asks /proc before believing it.
#pragma once

#include "protocol/error.hpp"

#include "transport/engine/engine_files.hpp"
#include "transport/process/process_table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::transport {

/// One running engine.
struct engine_record {
  std::uint16_t port = 0;
  /// What nats-server demands of every client. Never logged, never on a command line.
  std::string token;
  process_identity server;
  process_identity parent;

  friend bool operator==(const engine_record&, const engine_record&) = default;
};

/// The record as JSON.
[[nodiscard]] std::string write_record(const engine_record& record);
/// Reads what `write_record` wrote; absent for anything else.
[[nodiscard]] std::optional<engine_record> parse_record(std::string_view text);
/// Reads the record of a directory; absent when there is none or it cannot be understood.
[[nodiscard]] std::optional<engine_record> load_record(const engine_files& files);

/// 256 random bits from the operating system, as 64 hexadecimal digits.
[[nodiscard]] result<std::string> make_token();

/// nats-server's configuration: loopback only, a port of its choice, JetStream in `store`, `token`.
[[nodiscard]] std::string server_configuration(const engine_files& files, std::string_view token);

} // namespace nats_mcp::transport
