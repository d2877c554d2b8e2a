// SPDX-License-Identifier: MIT
// A snapshot of the signs of life an agent may see: for each key pattern a short-lived consumer,
// one pull, and away with the consumer. When the server says it made the consumer is what time it
// is there. Part of an actor's state; all callbacks happen inside that actor.
#pragma once

#include "protocol/agents/liveness.hpp"
#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/reading_consumer.hpp"
#include "protocol/time.hpp"

#include "actors/streams/api_caller.hpp"
#include "actors/streams/pull_caller.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp {

class presence_reader {
public:
  struct snapshot {
    std::vector<jetstream::kv_entry> entries;
    /// Unknown when there is no bucket.
    agents::server_clock server_time;
    monotonic_time asked_at{};
  };
  using read = std::function<void(const result<snapshot>&)>;

  struct surroundings {
    api_caller api;
    pull_caller pull;
    random_source random;
    /// The actor's clock.
    std::function<monotonic_time()> now;
  };

  explicit presence_reader(surroundings around);

  /// Reads the keys of all patterns. A bucket that does not exist has none.
  void start(const std::vector<std::string>& patterns, monotonic_time deadline, read done);

private:
  struct operation;

  void place_consumer(const std::shared_ptr<operation>& reading, const std::string& pattern);
  void pull(const std::shared_ptr<operation>& reading, const jetstream::reading_consumer& consumer,
            std::uint64_t remaining);
  static void part_done(operation& reading);
  void remove_consumer(const operation& reading, const jetstream::reading_consumer& consumer);

  surroundings around_;
};

} // namespace nats_mcp
