// SPDX-License-Identifier: MIT
#include "tests/simulation/world/fault_choice.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::simulation {

namespace {

enum class group : std::uint8_t { network, crashes, other };

struct entry {
  fault_kind kind;
  std::string_view name;
  group member_of;
};

constexpr std::array entries{
  entry{fault_kind::delay, "delay", group::network},
  entry{fault_kind::reorder, "reorder", group::network},
  entry{fault_kind::lose_request, "lose-request", group::network},
  entry{fault_kind::lose_answer, "lose-answer", group::network},
  entry{fault_kind::duplicate, "duplicate", group::network},
  entry{fault_kind::disconnect, "disconnect", group::network},
  entry{fault_kind::restart, "restart", group::network},
  entry{fault_kind::slow_server, "slow-server", group::network},
  entry{fault_kind::crash_gateway, "crash-gateway", group::crashes},
  entry{fault_kind::crash_channels, "crash-channels", group::crashes},
  entry{fault_kind::crash_registry, "crash-registry", group::crashes},
  entry{fault_kind::crash_heartbeat, "crash-heartbeat", group::crashes},
  entry{fault_kind::crash_inbox, "crash-inbox", group::crashes},
  entry{fault_kind::crash_work, "crash-work", group::crashes},
  entry{fault_kind::crash_letters, "crash-letters", group::crashes},
  entry{fault_kind::crash_session, "crash-session", group::crashes},
  entry{fault_kind::kill_process, "kill-process", group::crashes},
  entry{fault_kind::stop_process, "stop-process", group::crashes},
  entry{fault_kind::freeze_process, "freeze-process", group::other},
  entry{fault_kind::partition, "partition", group::network},
  entry{fault_kind::slow_client, "slow-client", group::other},
  entry{fault_kind::slow_actors, "slow-actors", group::other},
  entry{fault_kind::step_clock, "step-clock", group::other},
};

bool add(std::string_view name, fault_choice& chosen) {
  bool known = name == "none" || name == "all" || name == "network" || name == "crashes";
  for (const auto& each : entries) {
    const bool meant = name == each.name || name == "all"
                       || (name == "network" && each.member_of == group::network)
                       || (name == "crashes" && each.member_of == group::crashes);
    if (meant) {
      known = true;
      chosen.insert(each.kind);
    }
  }
  return known;
}

} // namespace

std::string_view to_string(fault_kind kind) noexcept {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [kind](const entry& each) { return each.kind == kind; });
  return found == entries.end() ? std::string_view{} : found->name;
}

result<fault_choice> parse_fault_choice(std::string_view text) {
  fault_choice chosen;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto name = text.substr(0, comma);
    if (!add(name, chosen)) {
      return fail(ec::invalid_argument,
                  "There is no fault \"" + std::string{name} + "\"; there are " + fault_names());
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return chosen;
}

std::string fault_names() {
  std::string names = "none, network, crashes, all";
  for (const auto& each : entries) {
    names.append(", ").append(each.name);
  }
  return names;
}

} // namespace nats_mcp::simulation
