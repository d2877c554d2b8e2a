// SPDX-License-Identifier: MIT
#include "tests/fault/coordinators_at_work.hpp"

#include "tests/support/eventually.hpp"

#include <csignal>

namespace nats_mcp::testing {

std::size_t times_said(const server_process& coordinator, const std::string& event) {
  const auto log = coordinator.standard_error();
  std::size_t out = 0;
  for (auto at = log.find(event); at != std::string::npos; at = log.find(event, at + 1)) {
    ++out;
  }
  return out;
}

bool is_leading(const server_process& coordinator) {
  return times_said(coordinator, "\"coordinator.leads\"")
         > times_said(coordinator, "\"coordinator.follows\"");
}

coordinators_at_work::coordinators_at_work(const std::string& nats_url, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    running_.push_back(std::make_unique<server_process>(coordinator_process(nats_url, folder_)));
  }
}

server_process* coordinators_at_work::leader(std::chrono::milliseconds within) {
  server_process* found = nullptr;
  (void)eventually(within, [&] {
    for (const auto& one : running_) {
      found = is_leading(*one) ? one.get() : found;
    }
    return found != nullptr;
  });
  return found;
}

std::optional<std::chrono::milliseconds>
coordinators_at_work::kill_leader(std::chrono::milliseconds within) {
  auto* doomed = leader(within);
  if (doomed == nullptr) {
    return std::nullopt;
  }
  doomed->signal(SIGKILL);
  const auto killed_at = std::chrono::steady_clock::now();
  (void)doomed->wait_exit();
  std::erase_if(running_, [doomed](const auto& one) { return one.get() == doomed; });
  if (leader(within) == nullptr) {
    return std::nullopt;
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now()
                                                               - killed_at);
}

} // namespace nats_mcp::testing
