// SPDX-License-Identifier: MIT
// Records what a gateway tells its listeners, for tests that run on real threads.
#pragma once

#include "actors/interfaces.hpp"

#include <caf/actor_system.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// What was heard so far; any thread.
class hearing {
public:
  template <class T>
  void add(std::vector<T>& to, T one) {
    const std::lock_guard guard{mutex_};
    to.push_back(std::move(one));
  }
  template <class T>
  [[nodiscard]] std::vector<T> copy(const std::vector<T>& of) const {
    const std::lock_guard guard{mutex_};
    return of;
  }

  [[nodiscard]] std::vector<jetstream::core_message> messages() const { return copy(messages_); }
  [[nodiscard]] std::vector<jetstream::kv_change> changes() const { return copy(changes_); }
  [[nodiscard]] std::vector<jetstream::kv_watch_event> watch_events() const {
    return copy(watch_events_);
  }
  [[nodiscard]] std::vector<jetstream::connection_event> connection_events() const {
    return copy(connection_events_);
  }
  [[nodiscard]] bool heard(jetstream::kv_watch_state state) const {
    const auto all = watch_events();
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.state == state; });
  }
  [[nodiscard]] bool heard(jetstream::connection_state state) const {
    const auto all = connection_events();
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.state == state; });
  }
  /// The value heard last for `key`; empty = never heard of.
  [[nodiscard]] std::string newest(const std::string& key) const {
    std::string value;
    for (const auto& change : changes()) {
      value = change.entry.key == key ? change.entry.value : value;
    }
    return value;
  }

private:
  friend gateway_listener_actor spawn_listener(caf::actor_system&, std::shared_ptr<hearing>);

  mutable std::mutex mutex_;
  std::vector<jetstream::core_message> messages_;
  std::vector<jetstream::kv_change> changes_;
  std::vector<jetstream::kv_watch_event> watch_events_;
  std::vector<jetstream::connection_event> connection_events_;
};

/// An actor that writes what it hears into `into`.
inline gateway_listener_actor spawn_listener(caf::actor_system& system,
                                             std::shared_ptr<hearing> into) {
  return system.spawn([into]() -> gateway_listener_actor::behavior_type {
    return {
      [into](const jetstream::core_message& one) { into->add(into->messages_, one); },
      [into](const jetstream::kv_change& one) { into->add(into->changes_, one); },
      [into](const jetstream::kv_watch_event& one) { into->add(into->watch_events_, one); },
      [into](const jetstream::connection_event& one) { into->add(into->connection_events_, one); },
    };
  });
}

} // namespace nats_mcp::testing
