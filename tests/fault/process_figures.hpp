// SPDX-License-Identifier: MIT
// What a running process takes from the system, and what a nats-server keeps for its clients, read
// from outside: from /proc, and from the server's monitoring port.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>

namespace nats_mcp::testing {

struct process_figures {
  /// Memory in use, and the part of it that is no file's: heap and stacks.
  std::int64_t resident_bytes = 0;
  std::int64_t anonymous_bytes = 0;
  std::int64_t threads = 0;
  std::int64_t descriptors = 0;
};

/// Nothing: it is gone.
[[nodiscard]] std::optional<process_figures> read_process(pid_t pid);

struct server_figures {
  std::int64_t connections = 0;
  std::int64_t subscriptions = 0;
  std::int64_t streams = 0;
  std::int64_t consumers = 0;

  friend bool operator==(const server_figures&, const server_figures&) = default;
};

/// Asks the monitoring port on the loopback interface. Nothing: it does not answer.
[[nodiscard]] std::optional<server_figures> read_server(std::uint16_t monitoring_port);

/// Figures of one moment by what they are of.
using measured = std::map<std::string, std::int64_t>;

/// For each figure of the first reading the least of all readings, of which there is one.
[[nodiscard]] measured least_of(const std::deque<measured>& readings);
/// Whether a figure is larger than before, or was not there.
[[nodiscard]] bool more_than(const measured& now, const measured& before);

} // namespace nats_mcp::testing
