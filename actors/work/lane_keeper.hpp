// SPDX-License-Identifier: MIT
// The consumers of lanes: looked for before the first pull from a lane, made where there is none,
// used as they are found (docs/wire.md, "Work"). Part of an actor's state; all calls and callbacks
// happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/time.hpp"
#include "protocol/work/lanes.hpp"

#include "actors/streams/api_caller.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace nats_mcp {

/// A lane that can be pulled from.
struct open_lane {
  work::lane where;
  std::string stream;
  std::string consumer;
  /// Its own, whoever made it.
  std::chrono::nanoseconds ack_wait{0};
  /// How much its consumer had delivered when it was looked at.
  std::uint64_t delivered = 0;
};

class lane_keeper {
public:
  /// What a consumer is given that is made here.
  struct terms {
    std::chrono::nanoseconds ack_wait{0};
    /// The longest a worker holds an item without a report.
    std::chrono::nanoseconds hold{0};
  };
  using opened = std::function<void(const result<open_lane>&)>;

  lane_keeper(api_caller api, terms how);

  /// Calls `done` as soon as the lane has a consumer: at once when it is known to have one.
  void open(const work::lane& where, monotonic_time deadline, opened done);

  /// The consumer turned out to be gone: look again on the next `open`.
  void forget(const work::lane& where);
  /// Everything may be different now: another server, or a stream made anew.
  void forget_all();

private:
  void look(const work::lane& where, monotonic_time deadline, const opened& done);
  void make(const work::lane& where, monotonic_time deadline, const opened& done);
  void found(const work::lane& where, const jetstream::api_reply& reply, const opened& done);
  [[nodiscard]] jetstream::durable_consumer wanted(const work::lane& where) const;

  api_caller api_;
  terms how_;
  std::map<work::lane, open_lane> known_;
};

} // namespace nats_mcp
