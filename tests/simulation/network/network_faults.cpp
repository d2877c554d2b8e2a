// SPDX-License-Identifier: MIT
// Faults of the network that somebody asks for, and what they do to connections.
#include "tests/simulation/network/network.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace nats_mcp::simulation {

void network::cut(process& one, process_id id, monotonic_time now) {
  one.alive = false;
  by_connection_.erase(one.connection);
  if (!down_) {
    server_.disconnect(one.connection, civil(now));
    spread_output(now);
  }
  const auto latest = static_cast<std::uint64_t>(options_.plan.notice_max.count());
  const std::chrono::milliseconds noticed{1 + (latest == 0 ? 0 : random_() % latest)};
  at(now + noticed, notice_loss{id, one.epoch});
}

void network::disconnect(process_id id) {
  auto& one = processes_.at(id);
  if (one.alive) {
    cut(one, id, options_.clock());
  }
}

void network::restart_server(bool killed, std::chrono::milliseconds lasts) {
  stop_server(killed, lasts, options_.clock());
}

void network::stall_server(std::chrono::milliseconds lasts) {
  stalled_until_ = options_.clock() + lasts;
}

void network::cut_off(process_id id, std::chrono::milliseconds lasts) {
  if (const auto found = processes_.find(id); found != processes_.end()) {
    found->second.cut_off_until = options_.clock() + lasts;
    tell("partition");
  }
}

void network::stop_server(bool killed, std::chrono::milliseconds lasts, monotonic_time now) {
  if (down_) {
    return;
  }
  tell(killed ? "server killed" : "server restarted");
  if (killed) {
    server_.kill(options_.plan.unsynced, civil(now));
  } else {
    server_.restart(civil(now));
  }
  spread_output(now);
  down_ = true;
  for (auto& [id, one] : processes_) {
    if (one.alive) {
      cut(one, id, now);
    }
  }
  at(now + lasts, server_back{});
}

bool network::strikes(std::uint64_t chance, std::string_view name) {
  const bool hit = rolls(chance);
  if (hit) {
    tell(name);
  }
  return hit;
}

void network::tell(std::string_view fault) const {
  if (options_.on_fault) {
    options_.on_fault(fault);
  }
}

void network::heal() {
  options_.plan = fault_plan{};
  stalled_until_ = {};
  for (auto& [id, one] : processes_) {
    one.cut_off_until = {};
  }
  if (down_) {
    at(options_.clock(), server_back{});
  }
}

} // namespace nats_mcp::simulation
