// SPDX-License-Identifier: MIT
// Hints for Claude Code's channels that were not sent yet: the newest about each thing, at the pace
// of everything that is told again. Grows with the number of things hints are about.
#pragma once

#include "protocol/mcp/types.hpp"
#include "protocol/mcp/update_pace.hpp"
#include "protocol/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::mcp {

class pending_hints {
public:
  pending_hints();

  /// Keeps the hint; it replaces the one before it about the same thing.
  void put(client_hint hint);

  /// A hint that is kept reads otherwise now, or (nothing) is not to be sent.
  void correct(const std::string& about, std::optional<client_hint> hint);

  /// The hint about this, if there is one and it may be sent now; otherwise `take_due` has it
  /// later.
  [[nodiscard]] std::optional<client_hint> take(const std::string& about, monotonic_time now);

  /// All that may be sent now, whether or not it was asked for before.
  [[nodiscard]] std::vector<client_hint> take_all(monotonic_time now);

  /// When `take_due` has something next.
  [[nodiscard]] std::optional<monotonic_time> next_due() const { return pace_.next_due(); }

  /// What was held back until now.
  [[nodiscard]] std::vector<client_hint> take_due(monotonic_time now);

private:
  update_pace pace_;
  std::map<std::string, client_hint> hints_;
};

/// notifications/claude/channel with this hint.
[[nodiscard]] std::string hint_line(const client_hint& hint);

} // namespace nats_mcp::mcp
