// SPDX-License-Identifier: MIT
#include "transport/stdio/answer_ledger.hpp"

#include <utility>

namespace nats_mcp::transport {

void answer_ledger::owe(std::string key, std::string payload) {
  std::lock_guard lock{mutex_};
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    found->second->payload = std::move(payload);
    return;
  }
  entries_.push_back({key, std::move(payload)});
  by_key_.emplace(std::move(key), std::prev(entries_.end()));
}

void answer_ledger::settle(const std::string& key) {
  std::lock_guard lock{mutex_};
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    entries_.erase(found->second);
    by_key_.erase(found);
  }
}

std::vector<std::string> answer_ledger::owed() const {
  std::lock_guard lock{mutex_};
  std::vector<std::string> payloads;
  payloads.reserve(entries_.size());
  for (const auto& each : entries_) {
    payloads.push_back(each.payload);
  }
  return payloads;
}

void answer_ledger::clear() {
  std::lock_guard lock{mutex_};
  entries_.clear();
  by_key_.clear();
}

} // namespace nats_mcp::transport
