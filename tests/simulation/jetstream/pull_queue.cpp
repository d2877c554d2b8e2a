// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/pull_queue.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

void pull_queue::add(pull_request request, instant now) {
  waiting entry{std::move(request), std::nullopt};
  if (entry.request.expires.count() > 0) {
    entry.ends = now + entry.request.expires;
  }
  waiting_.push_back(std::move(entry));
}

void pull_queue::sweep(instant now, bool at_end) {
  std::deque<waiting> kept;
  for (auto& entry : waiting_) {
    if (!out_.has_interest(entry.request.reply)) {
      continue;
    }
    const auto over =
      (entry.ends && *entry.ends <= now) || (at_end && entry.request.no_wait && entry.got > 0);
    if (over) {
      out_.send(entry.request.reply, ending(408, "Request Timeout", entry));
    } else {
      kept.push_back(std::move(entry));
    }
  }
  waiting_ = std::move(kept);
}

std::optional<std::string> pull_queue::offer(std::uint64_t size) {
  while (!waiting_.empty()) {
    const auto& next = waiting_.front();
    if (next.request.bytes_max == 0 || size <= next.request.bytes_max) {
      return next.request.reply;
    }
    out_.send(next.request.reply, ending(409, "Message Size Exceeds MaxBytes", next));
    waiting_.pop_front();
  }
  return std::nullopt;
}

void pull_queue::sent(std::uint64_t size) {
  auto served = std::move(waiting_.front());
  waiting_.pop_front();
  ++served.got;
  --served.request.batch;
  if (served.request.bytes_max != 0) {
    served.request.bytes_max -= size;
    if (served.request.bytes_max == 0 && served.request.batch > 0) {
      out_.send(served.request.reply, ending(409, "Message Size Exceeds MaxBytes", served));
      return;
    }
  }
  if (served.request.batch > 0) {
    waiting_.push_back(std::move(served));
  }
}

void pull_queue::end_all(int status, const std::string& description) {
  for (const auto& entry : waiting_) {
    out_.send(entry.request.reply, status_message(status, description));
  }
  waiting_.clear();
}

std::uint64_t pull_queue::wanted() const {
  std::uint64_t total = 0;
  for (const auto& entry : waiting_) {
    total += entry.request.batch;
  }
  return total;
}

std::optional<instant> pull_queue::next_due() const {
  std::optional<instant> next;
  for (const auto& entry : waiting_) {
    if (entry.ends && (!next || *entry.ends < *next)) {
      next = entry.ends;
    }
  }
  return next;
}

jetstream::incoming pull_queue::ending(int status, std::string description,
                                       const waiting& of) const {
  auto message = status_message(status, std::move(description));
  message.headers.emplace_back("Nats-Pending-Messages", std::to_string(of.request.batch));
  message.headers.emplace_back("Nats-Pending-Bytes", std::to_string(of.request.bytes_max));
  return message;
}

} // namespace nats_mcp::simulation
