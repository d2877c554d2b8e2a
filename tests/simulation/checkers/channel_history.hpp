// SPDX-License-Identifier: MIT
// What agents did with channels and what the streams hold in the end: the view of the channel
// checkers. The channel workload makes it; the checkers' tests make it by hand.
#pragma once

#include "tests/simulation/world/request_history.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

/// What every call has.
struct call_facts {
  std::size_t agent = 0;
  std::size_t process = 0;
  order_number asked = 0;
  /// Nothing when no answer came.
  std::optional<order_number> answered;
  bool succeeded = false;
};

/// `an offer of agent 3 (asked as 17)`.
[[nodiscard]] std::string name_of(const char* what, const call_facts& call);

struct send_facts {
  call_facts call;
  std::string channel;
  /// No two sends of a run have the same.
  std::string text;
  /// As acknowledged.
  std::uint64_t sequence = 0;
  /// It failed, and the answer says that nothing was stored.
  bool denied = false;
};

struct channel_entry_seen {
  std::uint64_t sequence = 0;
  std::string handle;
  std::string text;

  friend bool operator==(const channel_entry_seen&, const channel_entry_seen&) = default;
};

enum class read_mode : std::uint8_t { newest, after, unread };

struct read_facts {
  call_facts call;
  std::string channel;
  read_mode mode = read_mode::newest;
  std::uint64_t after = 0;
  std::uint64_t limit = 0;
  std::vector<channel_entry_seen> shown;
  std::uint64_t next_after = 0;
};

struct wait_facts {
  call_facts call;
  std::vector<std::string> channels;
  /// What came before this came before its time was over.
  order_number over = 0;
  /// Channels with news; empty when the time passed without any.
  std::vector<std::string> news;
};

struct channel_history {
  std::vector<send_facts> sends;
  std::vector<read_facts> reads;
  std::vector<wait_facts> waits;
  /// By channel, ascending.
  std::map<std::string, std::vector<channel_entry_seen>> stored;
  /// Handles by agent.
  std::vector<std::string> handles;
  /// By process: one of its parts failed meanwhile.
  std::vector<bool> part_failed;
};

/// The messages of a channel; none for a channel that does not exist.
[[nodiscard]] const std::vector<channel_entry_seen>& stored_in(const channel_history& history,
                                                               const std::string& channel);

/// The newest message of the channel that somebody was told of before `order`; 0 without.
[[nodiscard]] std::uint64_t acknowledged_before(const channel_history& history,
                                                const std::string& channel, order_number order);

} // namespace nats_mcp::simulation
