// SPDX-License-Identifier: MIT
#include "transport/stdio/answer_ledger.hpp"

#include <iterator>
#include <utility>

namespace nats_mcp::transport {

void answer_ledger::owe(mcp::owed_answer answer) {
  const std::lock_guard lock{mutex_};
  if (const auto found = by_id_.find(answer.id); found != by_id_.end()) {
    *found->second = std::move(answer);
    return;
  }
  entries_.push_back(std::move(answer));
  by_id_.emplace(entries_.back().id, std::prev(entries_.end()));
}

void answer_ledger::settle(const jsonrpc::request_id& id) {
  const std::lock_guard lock{mutex_};
  if (const auto found = by_id_.find(id); found != by_id_.end()) {
    entries_.erase(found->second);
    by_id_.erase(found);
  }
}

std::vector<mcp::owed_answer> answer_ledger::owed() const {
  const std::lock_guard lock{mutex_};
  return {entries_.begin(), entries_.end()};
}

} // namespace nats_mcp::transport
