// SPDX-License-Identifier: MIT
#include "transport/nats/event_queue.hpp"

#include <iterator>
#include <utility>

namespace nats_mcp::transport {

namespace {

std::size_t size_of(const event& one) {
  constexpr std::size_t fixed_bytes = 256;
  const auto* received = std::get_if<message_received>(&one);
  return fixed_bytes + (received == nullptr ? 0 : received->message.payload.size());
}

} // namespace

std::uint64_t event_queue::attach(std::function<void()> wake) {
  const std::lock_guard guard{mutex_};
  wake_ = std::move(wake);
  if (!waiting_.empty() && wake_) {
    wake_();
  }
  return ++receiver_;
}

void event_queue::detach(std::uint64_t receiver) {
  const std::lock_guard guard{mutex_};
  if (receiver == receiver_) {
    wake_ = nullptr;
  }
}

std::size_t event_queue::push(std::vector<event>& batch) {
  if (batch.empty()) {
    return 0;
  }
  std::size_t added = 0;
  for (const auto& one : batch) {
    added += size_of(one);
  }
  // Woken under the lock: `detach` promises that no call comes after it.
  const std::lock_guard guard{mutex_};
  const bool was_empty = waiting_.empty();
  bytes_ += added;
  if (was_empty) {
    waiting_.swap(batch);
  } else {
    std::move(batch.begin(), batch.end(), std::back_inserter(waiting_));
  }
  batch.clear();
  if (was_empty && wake_) {
    wake_();
  }
  return added;
}

void event_queue::push(event one) {
  std::vector<event> batch;
  batch.push_back(std::move(one));
  push(batch);
}

std::vector<event> event_queue::take(bool& was_full) {
  const std::lock_guard guard{mutex_};
  was_full = bytes_ >= limits::nats_input_bytes_queued_max;
  bytes_ = 0;
  return std::exchange(waiting_, {});
}

bool event_queue::full() const {
  const std::lock_guard guard{mutex_};
  return bytes_ >= limits::nats_input_bytes_queued_max;
}

} // namespace nats_mcp::transport
