// SPDX-License-Identifier: MIT
// What a registration (registration.hpp) is given: who this process is, wants to be, and was.
#pragma once

#include "protocol/agents/agent_record.hpp"
#include "protocol/agents/guid_holder.hpp"
#include "protocol/agents/holding.hpp"
#include "protocol/agents/visibility.hpp"
#include "protocol/time.hpp"

#include <optional>
#include <string>

namespace nats_mcp::agents {

struct registration_request {
  /// What is to be written; `session_id` is set, `guid` is not.
  agent_record record;
  principal self;
  std::string returning_key;
  /// What it becomes when it cannot return. The same for each attempt of a process until one
  /// succeeds, so that what an earlier one left behind is found again.
  std::string new_guid;
  wall_time now{};
  monotonic_time asked_at{}; // the same moment
  /// What this process holds already; it keeps the GUID, or gives it up (`predecessor`), or ends
  /// with `conflict`.
  std::optional<holding> held;
  /// What `predecessor` told when it got the GUID it holds: that one is given up for the
  /// predecessor's if nobody has spoken as the predecessor since, and nobody does.
  std::optional<guid_holder> predecessor;
};

} // namespace nats_mcp::agents
