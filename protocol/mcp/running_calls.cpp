// SPDX-License-Identifier: MIT
#include "protocol/mcp/running_calls.hpp"

#include "protocol/limits.hpp"

#include <cmath>
#include <utility>

namespace nats_mcp::mcp {

bool running_call::admits(const progress_report& report, monotonic_time now) {
  if (!progress_token || !std::isfinite(report.progress)) {
    return false;
  }
  if (last_progress
      && (report.progress <= *last_progress || now - last_report < limits::progress_interval_min)) {
    return false;
  }
  last_progress = report.progress;
  last_report = now;
  return true;
}

void running_calls::add(call_id call, running_call running) {
  by_request_.emplace(running.to.id, call);
  calls_.emplace_hint(calls_.end(), call, std::move(running));
}

running_call* running_calls::find(call_id call) {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : &found->second;
}

std::optional<call_id> running_calls::number_of(const jsonrpc::request_id& id) const {
  const auto found = by_request_.find(id);
  return found == by_request_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<running_call> running_calls::take(call_id call) {
  const auto found = calls_.find(call);
  if (found == calls_.end()) {
    return std::nullopt;
  }
  auto running = std::move(found->second);
  calls_.erase(found);
  by_request_.erase(running.to.id);
  return running;
}

std::optional<call_id> running_calls::oldest() const {
  return calls_.empty() ? std::nullopt : std::optional{calls_.begin()->first};
}

} // namespace nats_mcp::mcp
