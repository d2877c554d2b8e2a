// SPDX-License-Identifier: MIT
#include "actors/work/work_scripts.hpp"

namespace nats_mcp {

work_scripts::work_scripts(surroundings around)
  : around_{std::move(around)} {
  // nop
}

work::script_world work_scripts::world(work::party self) const {
  work::script_world out;
  out.random = around_.world.random;
  out.wall_clock = around_.world.wall_clock;
  out.server_time = around_.time->time();
  out.self = std::move(self);
  out.clock = [this] { return clock(); };
  out.deadline_clock = around_.now;
  return out;
}

monotonic_time work_scripts::clock() const {
  return around_.now()
         + std::chrono::duration_cast<monotonic_time::duration>(time_asleep(around_.world));
}

void work_scripts::settle(jetstream::settle what) const {
  around_.commands(std::move(what), [](const result<work::work_answer>&) {
    // Not heard: the delivery comes again by itself.
  });
}

void work_scripts::hand_back(const work::open_delivery& delivery) const {
  if (auto what = work::settlement(delivery, jetstream::ack_kind::nak, {}, world({}))) {
    what->confirmed = jetstream::confirmation::none;
    settle(std::move(*what));
  }
}

} // namespace nats_mcp
