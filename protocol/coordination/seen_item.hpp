// SPDX-License-Identifier: MIT
// One item as a coordinator sees it (work_view.hpp).
#pragma once

#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nats_mcp::coordination {

/// An item that is open or dead. Texts are as their writers wrote them, cut to what lists show.
struct seen_item {
  std::string id;
  std::string task_id;
  std::string capability;
  std::string scope;
  std::string description;
  int priority = 0;
  work::item_state state = work::item_state::pending;
  /// Who holds it, or to whom it was given, or the last one of a dead item; empty: nobody.
  work::party worker;
  bool is_coordinated = false;
  std::uint32_t attempts_begun = 0;
  std::uint32_t attempts_max = 0;
  std::optional<double> progress;
  std::string note;
  /// With `dead`.
  std::string reason;
  wall_time offered_at{};
  wall_time deadline{};
  /// Since when it is in this state, with this worker; by the server's clock as far as known.
  wall_time since{};
  /// While claimed.
  std::optional<wall_time> lease_until;
  /// While coordinated and given: until when it is to be claimed.
  std::optional<wall_time> assigned_until;
};

} // namespace nats_mcp::coordination
