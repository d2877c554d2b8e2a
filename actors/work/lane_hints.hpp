// SPDX-License-Identifier: MIT
// Hears of offers while somebody here waits for work: an offer wakes one of all processes that wait
// for it (docs/wire.md, "Work"). A hint is worth a look, never more: nothing depends on it. Part of
// the work queue's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/work/lanes.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace nats_mcp {

class lane_hints {
public:
  struct surroundings {
    asking_actor<work_queue_actor>* owner = nullptr;
    gateway_actor gateway;
    /// To which hints are delivered.
    gateway_listener_actor listener;
    random_source random;
    /// More patterns are listened to, or cannot be.
    std::function<void()> changed;
  };

  explicit lane_hints(surroundings around);

  /// From now on offers that match these patterns of lanes, and no others. Who does not wait must
  /// not listen: it would take the hint away from who does.
  void listen(const std::set<std::string>& patterns);

  /// Whether whatever is offered from now on is heard of, or cannot be.
  [[nodiscard]] bool settled(const std::set<std::string>& patterns) const;

  /// The lane something was announced in; nothing for what does not come from here.
  [[nodiscard]] std::optional<work::lane> lane_of(const jetstream::core_message& hint) const;

private:
  struct subscription {
    jetstream::subscription_id id{};
    /// The server has read it, or refused.
    bool answered = false;
  };

  void subscribe(const std::string& pattern);
  void answered(const std::string& pattern, jetstream::subscription_id id);

  surroundings around_;
  /// By pattern.
  std::map<std::string, subscription> open_;
};

} // namespace nats_mcp
