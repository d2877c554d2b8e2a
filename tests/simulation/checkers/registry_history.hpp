// SPDX-License-Identifier: MIT
// What agents did in the registry and what it held: the view of the registry checkers. The registry
// workload makes it; the checkers' tests make it by hand.
#pragma once

#include "protocol/agents/visibility.hpp"
#include "protocol/tools/agent_tools.hpp"

#include "tests/simulation/checkers/agent_journal.hpp"
#include "tests/simulation/checkers/channel_history.hpp"
#include "tests/simulation/checkers/checker.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

struct registry_process {
  process_record record;
  /// Without a GUID.
  agents::principal self;
};

struct registration_facts {
  call_facts call;
  /// Where an agent of this handle, user, computer and project finds its GUID.
  std::string returning_key;
  std::string guid;
  bool returned = false;
  /// It was not withdrawn and its process had not registered, or tried to, before.
  bool first = false;
};

/// An agent as an answer shows it.
struct shown_agent {
  std::string guid;
  std::string handle;
  std::string status;
  agents::visibility seen_by = agents::visibility::private_;
  std::string project_id;
  std::int64_t tasks = 0;
};

/// An answer about other agents.
struct registry_look {
  call_facts call;
  /// How long before the call what it shows may have changed; by a watch that lost something.
  std::chrono::milliseconds lag{0};
  monotonic_time asked_at{};
  std::vector<shown_agent> shown;
  /// All was quiet and every agent was asked for: whoever may be seen has to be there.
  bool complete = false;
};

/// What one agent said it was at the end.
struct final_state {
  std::size_t process = 0;
  /// Empty: not registered.
  std::string guid;
  std::string status;
};

struct registry_history {
  std::vector<registry_process> processes;
  std::vector<registration_facts> registrations;
  std::vector<registry_look> looks;
  std::vector<final_state> ends;
  /// Direct messages by their texts: the process that sent it.
  std::map<std::string, std::size_t> senders;
  agent_journal journal;
};

/// A checker over a `registry_history` that outlives it.
class registry_checker : public checker {
public:
  explicit registry_checker(const registry_history& history)
    : history_{history} {
    // nop
  }

protected:
  [[nodiscard]] const registry_history& history() const noexcept { return history_; }

private:
  const registry_history& history_;
};

} // namespace nats_mcp::simulation
