// SPDX-License-Identifier: MIT
// Makes sure a stream exists before it is used: created on first use, its limits raised to what the
// configuration asks for, never shrunk (docs/wire.md, "Every stream and bucket"). Part of an
// actor's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/time.hpp"

#include "actors/streams/api_caller.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp {

class stream_keeper {
public:
  /// Called once, with success or with why the stream cannot be used.
  using ready = std::function<void(const result<void>&)>;

  explicit stream_keeper(api_caller api);

  /// Calls `done` as soon as the stream of `wanted` can be used: at once when it is known to exist.
  /// Concurrent calls for one stream share requests, and each keeps its own deadline: who can wait
  /// longer than the request that ran out of time asks again, who cannot wait for the one under way
  /// has one of its own.
  void ensure(const jetstream::stream_config& wanted, monotonic_time deadline, ready done);

  /// The stream turned out to be gone: look again on the next `ensure`.
  void forget(const std::string& stream);

private:
  struct caller {
    ready done;
    monotonic_time deadline;
  };
  struct entry {
    bool usable = false;
    std::vector<caller> waiting;
    /// Of the requests under way; nobody waits while there are none.
    std::vector<monotonic_time> under_way;
  };
  /// One look at a stream with what follows from it.
  struct attempt {
    jetstream::stream_config wanted;
    monotonic_time deadline;
  };

  void begin(const jetstream::stream_config& wanted, monotonic_time deadline);
  void look(const attempt& trying);
  void create(const attempt& trying);
  void raise(const attempt& trying, const jetstream::stream_config& merged);
  void finish(const attempt& trying, const result<void>& outcome);

  api_caller api_;
  std::map<std::string, entry> streams_;
};

} // namespace nats_mcp
