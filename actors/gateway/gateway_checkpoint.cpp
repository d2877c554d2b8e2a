// SPDX-License-Identifier: MIT
// What the gateway's subscriptions leave to the next incarnation.
#include "actors/gateway/gateway_subscriptions.hpp"

#include <utility>

namespace nats_mcp {

std::optional<gateway_checkpoint> gateway_subscriptions::take_checkpoint() {
  if (!std::exchange(changed_, false)) {
    return std::nullopt;
  }
  gateway_checkpoint saved;
  for (const auto& [id, record] : core_) {
    saved.core.push_back(record.entry);
  }
  for (const auto& [id, record] : watches_) {
    // One that its subscriber still waits for ends with this incarnation: the subscriber is told.
    if (!record.promise.pending()) {
      auto settings = record.watch.settings();
      saved.watches.push_back({std::move(settings), record.listener});
    }
  }
  saved.observers = observers_;
  return saved;
}

} // namespace nats_mcp
