// SPDX-License-Identifier: MIT
// Who is told of the connection's changes.
#include "protocol/limits.hpp"

#include "actors/gateway/gateway_subscriptions.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp {

void gateway_subscriptions::observe(gateway_listener_actor listener) {
  const auto known = std::find(observers_.begin(), observers_.end(), listener);
  if (known == observers_.end() && observers_.size() < limits::nats_observers_max) {
    observers_.push_back(std::move(listener));
    changed_ = true;
  }
}

void gateway_subscriptions::notify(const jetstream::connection_event& event) const {
  for (const auto& observer : observers_) {
    caf::anon_send(observer, event);
  }
}

} // namespace nats_mcp
