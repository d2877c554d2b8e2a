// SPDX-License-Identifier: MIT
#include "transport/nats/learnt_servers.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::transport {

void learnt_servers::connected(std::vector<std::string> told) {
  const auto before = std::exchange(latest_, std::move(told));
  addresses_.clear();
  for (const auto* some : {&std::as_const(latest_), &before}) {
    for (const auto& address : *some) {
      const bool known =
        std::find(addresses_.begin(), addresses_.end(), address) != addresses_.end();
      if (!known && addresses_.size() < limits::nats_servers_learnt_max) {
        addresses_.push_back(address);
      }
    }
  }
}

} // namespace nats_mcp::transport
