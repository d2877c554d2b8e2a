// SPDX-License-Identifier: MIT
// Everything the NATS server ever stored about agents and their mail, read: who held which GUID
// when, what everybody could read of it, who gave signs of life, what lay in the inboxes. What the
// checkers of agents judge by. Made from what the world noted; by hand in the checkers' tests.
#pragma once

#include "protocol/agents/agent_record.hpp"
#include "protocol/limits.hpp"

#include "tests/simulation/world/request_history.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

/// When something was stored.
struct stored_when {
  order_number order = 0;
  monotonic_time time{};
};

/// An anchor: from now on this session speaks as the agent.
struct anchor_stored {
  stored_when when;
  std::string guid;
  std::string session_id;
  std::chrono::milliseconds heartbeat_interval = limits::heartbeat_interval_max;
};

/// What others read of an agent under one key.
struct entry_stored {
  stored_when when;
  std::string key;
  /// The key's.
  std::string guid;
  /// Nothing: the key was deleted.
  std::optional<agents::agent_record> record;
};

struct sign_stored {
  stored_when when;
  std::string guid;
  /// Empty: the entry was deleted.
  std::string session_id;
  std::string key{};
};

/// The entry by which an agent that returns finds its GUID, and its mail.
struct way_back_stored {
  stored_when when;
  std::string key;
  /// Empty: it leads to none; without others as well, it was deleted.
  std::string guid;
  std::vector<std::string> others{};
};

struct mail_stored {
  stored_when when;
  std::uint64_t sequence = 0;
  std::string recipient_guid;
  std::string sender_guid;
  std::string id;
  std::string sender_handle;
  std::string text;
};

/// Each in the order of storing.
struct agent_journal {
  std::vector<anchor_stored> anchors;
  std::vector<entry_stored> entries;
  std::vector<sign_stored> signs;
  std::vector<way_back_stored> ways_back;
  std::vector<mail_stored> mail;
};

/// Where the names led in the end, by key.
[[nodiscard]] std::map<std::string, way_back_stored> last_ways_back(const agent_journal& journal);

[[nodiscard]] agent_journal read_journal(const std::vector<stored_record>& stored);

/// The session that held the GUID just before `order`; empty: none.
[[nodiscard]] std::string holder_at(const agent_journal& journal, std::string_view guid,
                                    order_number order);

/// Whether the session held the GUID at some moment between, and all the time.
[[nodiscard]] bool held_sometime(const agent_journal& journal, std::string_view guid,
                                 std::string_view session_id, order_number from, order_number to);
[[nodiscard]] bool held_throughout(const agent_journal& journal, std::string_view guid,
                                   std::string_view session_id, order_number from, order_number to);

} // namespace nats_mcp::simulation
