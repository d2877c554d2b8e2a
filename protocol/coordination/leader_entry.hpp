// SPDX-License-Identifier: MIT
// The entry `leader` in the bucket `coordinator`: which of the coordinators acts (docs/wire.md,
// "Coordinator"). The only place that writes and reads it; others may have written anything.
#pragma once

#include "protocol/error.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::coordination {

struct leader_entry {
  /// Of one process: random for each start, so that nobody is ever taken for its predecessor.
  std::string guid;
  /// The computer it runs on; for people.
  std::string host;
  /// It has stopped acting: another one may take its place at once.
  bool released = false;

  friend bool operator==(const leader_entry&, const leader_entry&) = default;
};

/// @param write_id random for each decision (docs/wire.md, "Compare-and-set").
[[nodiscard]] std::string write_leader_entry(const leader_entry& entry, std::string_view write_id);

struct read_leader {
  leader_entry entry;
  std::string write_id;
};
/// What cannot be read is somebody's whose GUID is empty: it is waited for like for anybody.
[[nodiscard]] read_leader read_leader_entry(std::string_view value);

} // namespace nats_mcp::coordination
