// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/delivery_ledger.hpp"

#include <algorithm>
#include <vector>

namespace nats_mcp::simulation {

void delivery_ledger::delivered(std::uint64_t sequence, std::uint64_t consumer_sequence,
                                instant now) {
  ++counts_[sequence];
  if (const auto before = pending_.find(sequence); before != pending_.end()) {
    stop_timer(sequence, before->second);
  }
  pending_[sequence] = {consumer_sequence, now};
  due_.emplace(now + ack_wait_, sequence);
}

void delivery_ledger::settle(std::uint64_t sequence) {
  give_up(sequence);
  counts_.erase(sequence);
}

void delivery_ledger::give_up(std::uint64_t sequence) {
  if (const auto found = pending_.find(sequence); found != pending_.end()) {
    stop_timer(sequence, found->second);
    pending_.erase(found);
  }
  remove_again(sequence);
}

void delivery_ledger::again_now(std::uint64_t sequence) {
  const auto found = pending_.find(sequence);
  if (found == pending_.end()) {
    return;
  }
  stop_timer(sequence, found->second);
  if (std::find(again_.begin(), again_.end(), sequence) == again_.end()) {
    again_.push_back(sequence);
  }
}

void delivery_ledger::again_after(std::uint64_t sequence, std::chrono::nanoseconds delay,
                                  instant now) {
  const auto found = pending_.find(sequence);
  if (found == pending_.end()) {
    return;
  }
  stop_timer(sequence, found->second);
  remove_again(sequence);
  found->second.since = now + delay - ack_wait_;
  due_.emplace(now + delay, sequence);
}

void delivery_ledger::extend(std::uint64_t sequence, instant now) {
  const auto found = pending_.find(sequence);
  if (found == pending_.end()) {
    return;
  }
  const auto running = due_.erase({found->second.since + ack_wait_, sequence}) != 0;
  found->second.since = now;
  if (running) {
    due_.emplace(now + ack_wait_, sequence);
  }
}

void delivery_ledger::set_ack_wait(std::chrono::nanoseconds ack_wait) {
  std::set<std::pair<instant, std::uint64_t>> due;
  for (const auto& [at, sequence] : due_) {
    due.emplace(at - ack_wait_ + ack_wait, sequence);
  }
  due_ = std::move(due);
  ack_wait_ = ack_wait;
}

void delivery_ledger::expire(instant now) {
  std::vector<std::uint64_t> lost;
  while (!due_.empty() && due_.begin()->first <= now) {
    lost.push_back(due_.begin()->second);
    due_.erase(due_.begin());
  }
  std::sort(lost.begin(), lost.end());
  again_.insert(again_.end(), lost.begin(), lost.end());
}

std::optional<instant> delivery_ledger::next_due() const {
  if (due_.empty()) {
    return std::nullopt;
  }
  return due_.begin()->first;
}

std::optional<std::uint64_t> delivery_ledger::next_again() const {
  if (again_.empty()) {
    return std::nullopt;
  }
  return again_.front();
}

std::uint64_t delivery_ledger::count(std::uint64_t sequence) const {
  const auto found = counts_.find(sequence);
  return found == counts_.end() ? 0 : found->second;
}

std::size_t delivery_ledger::redelivered() const {
  return static_cast<std::size_t>(std::count_if(
    counts_.begin(), counts_.end(), [](const auto& counted) { return counted.second > 1; }));
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> delivery_ledger::oldest() const {
  if (pending_.empty()) {
    return std::nullopt;
  }
  return std::pair{pending_.begin()->first, pending_.begin()->second.consumer_sequence};
}

void delivery_ledger::stop_timer(std::uint64_t sequence, const entry& of) {
  due_.erase({of.since + ack_wait_, sequence});
}

void delivery_ledger::remove_again(std::uint64_t sequence) {
  again_.erase(std::remove(again_.begin(), again_.end(), sequence), again_.end());
}

} // namespace nats_mcp::simulation
