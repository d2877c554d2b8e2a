// SPDX-License-Identifier: MIT
// One stream: what it admits, what it drops, and the consumers that read it.
#pragma once

#include "protocol/jetstream/wire_message.hpp"

#include "tests/simulation/jetstream/behaviour.hpp"
#include "tests/simulation/jetstream/consumer.hpp"
#include "tests/simulation/jetstream/duplicate_window.hpp"
#include "tests/simulation/jetstream/message_log.hpp"
#include "tests/simulation/jetstream/outlet.hpp"
#include "tests/simulation/jetstream/refusal.hpp"
#include "tests/simulation/jetstream/stream_config.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace nats_mcp::simulation {

struct stored_at_sequence {
  std::uint64_t sequence = 0;
  bool duplicate = false;
};

struct purge_request {
  /// Empty = all subjects.
  std::string filter;
  /// Removes what is below; 0 = no bound.
  std::uint64_t below = 0;
  /// Leaves the newest.
  std::uint64_t keep = 0;
};

class stream {
public:
  stream(stream_config config, behaviour how, const outlet& out, instant now);

  // -- messages --------------------------------------------------------------------------------

  /// Stores a published message, or says why not. Whoever waits for it gets it at once.
  granted<stored_at_sequence> publish(const jetstream::outgoing& message, instant now);
  /// Deletes one message.
  granted<void> remove(std::uint64_t sequence);
  /// @returns how many were removed.
  std::uint64_t purge(const purge_request& request);
  /// Something was sent to an acknowledgement subject of one of its consumers.
  void settle(const delivery_name& delivery, std::string_view payload, instant now);

  // -- consumers -------------------------------------------------------------------------------

  /// Makes a consumer, or rewrites the one of that name.
  granted<consumer*> create_consumer(const std::string& name, const consumer_config& config,
                                     instant now);
  [[nodiscard]] consumer* find_consumer(const std::string& name);
  bool delete_consumer(const std::string& name);
  /// Ends everything before the stream goes away.
  void close();
  /// Ends all waiting pulls with a 409.
  void announce(const std::string& why);

  // -- life ------------------------------------------------------------------------------------

  /// Other limits take effect at once: what exceeds them is dropped.
  granted<void> update(stream_config config, instant now);
  void interest_changed(instant now);
  void advance(instant now);
  [[nodiscard]] std::optional<instant> next_due() const;
  /// An orderly stop and a start.
  void restarted(instant now);
  /// A kill and a start: settlements younger than `unsynced` may not have reached the disk.
  void killed(std::chrono::nanoseconds unsynced, instant now);

  [[nodiscard]] const stream_config& config() const noexcept { return config_; }
  [[nodiscard]] const message_log& log() const noexcept { return log_; }
  [[nodiscard]] json::value information(const std::string& subjects_filter) const;
  [[nodiscard]] bool owns(std::string_view subject) const;

private:
  struct settled {
    log_entry entry;
    std::string consumer;
    instant at{};
  };

  [[nodiscard]] granted<void> check_expectations(const jetstream::outgoing& message) const;
  [[nodiscard]] granted<void> check_room(const log_entry& entry) const;
  void enforce_limits(const std::string& subject);
  void expire(instant now);
  void drop(std::uint64_t sequence);
  [[nodiscard]] granted<void> check_unique(const consumer_config& config) const;
  /// Whether a settlement has no effect by a falsehood.
  [[nodiscard]] bool is_ignored(const delivery_name& delivery, std::string_view payload,
                                const consumer& of) const;
  void rebuild_duplicates();

  stream_config config_;
  behaviour how_;
  const outlet& out_;
  instant created_{};
  message_log log_;
  duplicate_window duplicates_;
  std::map<std::string, std::unique_ptr<consumer>> consumers_;
  /// What a kill may bring to light again, oldest first.
  std::deque<settled> recently_settled_;
};

} // namespace nats_mcp::simulation
