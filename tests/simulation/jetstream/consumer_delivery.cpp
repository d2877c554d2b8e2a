// SPDX-License-Identifier: MIT
// How a consumer finds the next message and hands it over; the rest of the class is in
// consumer.cpp.
#include "tests/simulation/jetstream/consumer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace nats_mcp::simulation {

void consumer::dispatch(instant now) {
  bool blocked = false;
  if (!config_.pushes()) {
    if (!waiting_.empty()) {
      last_used_ = now;
    }
    waiting_.sweep(now, false);
  }
  while (config_.pushes() ? bound_ : !waiting_.empty()) {
    bool again = false;
    const auto* entry = next_message(again, blocked);
    if (entry == nullptr) {
      break;
    }
    const auto ack = ack_subject(*entry, again);
    if (config_.pushes()) {
      took(again, *entry);
      deliver(*entry, config_.deliver_subject, ack, now);
      last_sent_ = now;
      continue;
    }
    const auto size =
      entry->subject.size() + ack.size() + wire_size(entry->headers) + entry->payload.size();
    const auto to = waiting_.offer(size);
    if (!to) {
      break;
    }
    took(again, *entry);
    deliver(*entry, *to, ack, now);
    waiting_.sent(size);
  }
  if (blocked && how_.is(mutation::blocked_lane_answers)) {
    waiting_.end_all(408, "Request Timeout");
  }
  if (!config_.pushes()) {
    const auto at_end = !blocked && pending() == 0 && ledger_.waiting_again() == 0;
    if (at_end) {
      waiting_.sweep(now, true);
    }
  }
}

const log_entry* consumer::next_message(bool& again, bool& blocked) {
  while (const auto lost = ledger_.next_again()) {
    const auto* entry = log_.find(*lost);
    const auto used_up = config_.max_deliver && ledger_.count(*lost) >= *config_.max_deliver;
    if (entry != nullptr && !used_up) {
      again = true;
      return entry;
    }
    // Not in the stream any more, or delivered as often as allowed: nobody hears of it again.
    ledger_.give_up(*lost);
  }
  if (config_.max_ack_pending && ledger_.pending() >= *config_.max_ack_pending) {
    blocked = true;
    return nullptr;
  }
  while (!newest_first_.empty()) {
    if (const auto* entry = log_.find(newest_first_.front())) {
      return entry;
    }
    newest_first_.pop_front();
  }
  return log_.next_of(config_.pattern(), next_);
}

void consumer::took(bool again, const log_entry& entry) {
  if (again) {
    ledger_.take_again();
  } else if (!newest_first_.empty()) {
    newest_first_.pop_front();
  } else {
    next_ = entry.sequence + 1;
  }
}

void consumer::deliver(const log_entry& entry, const std::string& to,
                       const std::string& ack_subject, instant now) {
  ++consumer_sequence_;
  delivered_stream_sequence_ = std::max(delivered_stream_sequence_, entry.sequence);
  if (config_.acknowledge != ack_policy::none) {
    ledger_.delivered(entry.sequence, consumer_sequence_, now);
  }
  out_.send(to, {entry.subject, ack_subject, entry.headers, entry.payload, 0});
}

std::string consumer::ack_subject(const log_entry& entry, bool again) const {
  const auto behind = pending() - (again ? 0 : 1);
  const auto before =
    how_.is(mutation::delivery_count_stands_still) ? 0 : ledger_.count(entry.sequence);
  return "$JS.ACK." + stream_ + "." + name_ + "." + std::to_string(before + 1) + "."
         + std::to_string(entry.sequence) + "." + std::to_string(consumer_sequence_ + 1) + "."
         + std::to_string(entry.stored_at.time_since_epoch().count()) + "."
         + std::to_string(behind);
}

void consumer::heartbeat(instant now) {
  if (!bound_ || config_.idle_heartbeat.count() == 0 || now - last_sent_ < config_.idle_heartbeat) {
    return;
  }
  last_sent_ = now;
  auto message = status_message(100, "Idle Heartbeat");
  message.headers.emplace_back("Nats-Last-Consumer", std::to_string(consumer_sequence_));
  message.headers.emplace_back("Nats-Last-Stream", std::to_string(delivered_stream_sequence_));
  out_.send(config_.deliver_subject, std::move(message));
}

} // namespace nats_mcp::simulation
