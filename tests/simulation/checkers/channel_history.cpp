// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/channel_history.hpp"

#include <algorithm>

namespace nats_mcp::simulation {

std::string name_of(const char* what, const call_facts& call) {
  return std::string{what} + " of agent " + std::to_string(call.agent) + " (asked as "
         + std::to_string(call.asked) + ")";
}

const std::vector<channel_entry_seen>& stored_in(const channel_history& history,
                                                 const std::string& channel) {
  static const std::vector<channel_entry_seen> nothing;
  const auto found = history.stored.find(channel);
  return found == history.stored.end() ? nothing : found->second;
}

std::uint64_t acknowledged_before(const channel_history& history, const std::string& channel,
                                  order_number order) {
  std::uint64_t newest = 0;
  for (const auto& send : history.sends) {
    if (send.channel == channel && send.call.succeeded && *send.call.answered < order) {
      newest = std::max(newest, send.sequence);
    }
  }
  return newest;
}

} // namespace nats_mcp::simulation
