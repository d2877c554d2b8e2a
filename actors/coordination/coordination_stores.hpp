// SPDX-License-Identifier: MIT
// Makes sure that everything a coordinator reads and writes exists (docs/wire.md, "Coordinator"):
// the bucket in which it is written who leads, the requests with their consumer, work, and the
// agents. Part of the coordinator's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/time.hpp"
#include "protocol/work/streams.hpp"

#include "actors/streams/api_caller.hpp"
#include "actors/streams/stream_keeper.hpp"
#include "actors/work/work_streams.hpp"

#include <vector>

namespace nats_mcp {

class coordination_stores {
public:
  coordination_stores(api_caller api, const work::retention& how);

  /// Calls `done` when it can be read and written who leads.
  void ensure_seat(monotonic_time deadline, stream_keeper::ready done);
  /// Calls `done` when requests can be pulled and items be given to agents.
  void ensure_all(monotonic_time deadline, const stream_keeper::ready& done);

  /// It turned out to be gone, or another server may answer now: look again.
  void forget_seat();
  void forget_all();
  /// The consumer of requests may be of a stream that is no more: it is looked at again.
  void forget_consumer();

private:
  void ensure_next(std::size_t index, monotonic_time deadline, const stream_keeper::ready& done);
  void ensure_consumer(monotonic_time deadline, const stream_keeper::ready& done);

  api_caller api_;
  jetstream::stream_config seat_;
  /// Besides those of work.
  std::vector<jetstream::stream_config> others_;
  stream_keeper keeper_;
  work_streams work_;
  bool has_consumer_ = false;
  /// What was found by an earlier look counts no more.
  std::uint64_t look_ = 0;
};

} // namespace nats_mcp
