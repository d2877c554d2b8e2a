// SPDX-License-Identifier: MIT
// Makes sure that everything work is kept in exists before it is used (docs/wire.md, "Work"). Part
// of an actor's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/jetstream/stream_config.hpp"
#include "protocol/time.hpp"
#include "protocol/work/streams.hpp"

#include "actors/streams/api_caller.hpp"
#include "actors/streams/stream_keeper.hpp"

#include <vector>

namespace nats_mcp {

class work_streams {
public:
  work_streams(api_caller api, const work::retention& how);

  /// Calls `done` as soon as items can be offered, claimed, recorded and buried: at once when that
  /// is known. The stream of inboxes, where notices go, is made as well, but nobody waits for it.
  void ensure(monotonic_time deadline, const stream_keeper::ready& done);

  /// The same for items that are handed to the coordinators.
  void ensure_with_requests(monotonic_time deadline, const stream_keeper::ready& done);

  /// One of them turned out to be gone: look again on the next `ensure`.
  void forget();

private:
  std::vector<jetstream::stream_config> needed_;
  jetstream::stream_config inbox_;
  jetstream::stream_config requests_;
  stream_keeper keeper_;
  bool ready_ = false;
};

} // namespace nats_mcp
