// SPDX-License-Identifier: MIT
// What the coordinator's page shows, as the JSON its server-sent events carry: one event for each
// part, sent whole when anything in it is different. Pure; what strangers wrote is data in it, and
// the page has to show it as such.
#pragma once

#include "protocol/coordination/work_view.hpp"
#include "protocol/json/value.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"
#include "protocol/tools/channel_tools.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::coordination {

struct overview_channel {
  std::string name;
  /// Oldest first.
  std::vector<tools::channel_message> newest;
};

struct overview_facts {
  wall_time server_now{};
  /// Of this coordinator.
  bool is_leader = false;
  std::uint64_t term = 0;
  /// The GUID of whoever leads; empty: nobody, as far as known.
  std::string leader;
  std::vector<tools::agent_summary> agents;
  std::vector<overview_channel> channels;
  /// Whether agents and work are known at this moment; of what is not, the page goes on showing
  /// what it showed.
  bool knows_agents = true;
  bool knows_work = true;
};

/// One server-sent event: its name and its data.
struct overview_event {
  std::string name;
  std::string data;

  friend bool operator==(const overview_event&, const overview_event&) = default;
};

// -- the parts -----------------------------------------------------------------------------------

/// `{"leads", "term", "leader"}`.
[[nodiscard]] json::value coordinator_part(const overview_facts& facts);
/// `{"total", "agents": [{"guid", "handle", "type", "status", "hostname", "project",
/// "capabilities", "lastSeen", "tasks", "waiting", "held"}]}`, in the order of the facts.
[[nodiscard]] json::value agents_part(const overview_facts& facts, const work_view& work);
/// `{"total", "channels": [{"name", "messages": [{"sequence", "at", "handle", "text"}]}]}`.
[[nodiscard]] json::value channels_part(const overview_facts& facts);
/// `{"counts": {"pending", …}, "leftOut", "total", "items": [{"id", "task", "capability",
/// "priority", "description", "state", "attempt", "maxAttempts", "since", "deadline", …}]}`: those
/// open, held ones first, then the most urgent, then the oldest. Times are points in time, so that
/// nothing changes while nothing happens.
[[nodiscard]] json::value work_part(const work_view& work);
/// `{"total", "items": [{"id", "task", "capability", "description", "reason", "attempts", "worker",
/// "since"}]}`, the newest first.
[[nodiscard]] json::value dead_letters_part(const work_view& work);
/// `{"minutes": [{"at", "offered", "claimed", "completed", "failed", "dead"}]}`, sixty of them.
[[nodiscard]] json::value throughput_part(const overview_facts& facts, const work_view& work);

// -- all of them ---------------------------------------------------------------------------------

class overview {
public:
  /// What is different from the last time, in the order in which a page needs it.
  [[nodiscard]] std::vector<overview_event> update(const overview_facts& facts,
                                                   const work_view& work);
  /// Everything, for a page that was just opened.
  [[nodiscard]] const std::vector<overview_event>& all() const noexcept { return parts_; }

private:
  std::vector<overview_event> parts_;
};

/// An event as it stands in the stream of a response.
[[nodiscard]] std::string write_event(const overview_event& event);

} // namespace nats_mcp::coordination
