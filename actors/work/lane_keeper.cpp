// SPDX-License-Identifier: MIT
#include "actors/work/lane_keeper.hpp"

#include "protocol/limits.hpp"

#include "actors/streams/consumer_finder.hpp"

#include <utility>

namespace nats_mcp {

lane_keeper::lane_keeper(api_caller api, terms how)
  : api_{std::move(api)}
  , how_{how} {
  // nop
}

void lane_keeper::open(const work::lane& where, monotonic_time deadline, opened done) {
  if (const auto position = known_.find(where); position != known_.end()) {
    const auto known = position->second; // the callback may forget it
    done(known);
    return;
  }
  look(where, deadline, done);
}

void lane_keeper::forget(const work::lane& where) { known_.erase(where); }

void lane_keeper::forget_all() { known_.clear(); }

void lane_keeper::look(const work::lane& where, monotonic_time deadline, const opened& done) {
  const auto consumer = wanted(where);
  find_consumer(api_, consumer, deadline,
                [this, where, deadline, done](const result<jetstream::api_reply>& reply) {
                  if (reply) {
                    found(where, *reply, done);
                  } else if (reply.error().jetstream_code == jetstream::no_such_consumer) {
                    make(where, deadline, done);
                  } else {
                    done(tl::make_unexpected(reply.error()));
                  }
                });
}

void lane_keeper::make(const work::lane& where, monotonic_time deadline, const opened& done) {
  // Another process may be making it at this moment, with other settings: the later one wins, and
  // the answer says what is there.
  api_(jetstream::create_consumer_request(wanted(where), deadline),
       [this, where, done](const result<jetstream::api_reply>& reply) {
         if (reply) {
           found(where, *reply, done);
         } else {
           done(tl::make_unexpected(reply.error()));
         }
       });
}

void lane_keeper::found(const work::lane& where, const jetstream::api_reply& reply,
                        const opened& done) {
  const auto state = jetstream::parse_consumer_state(reply.body);
  if (!state) {
    done(tl::make_unexpected(state.error()));
    return;
  }
  const auto consumer = wanted(where);
  open_lane out{where, consumer.stream, consumer.name, state->ack_wait,
                state->delivered_consumer_sequence};
  // Nobody keeps a consumer in mind for each lane there ever was.
  if (known_.size() >= limits::lanes_known_max) {
    known_.clear();
  }
  known_.insert_or_assign(where, out);
  done(out);
}

jetstream::durable_consumer lane_keeper::wanted(const work::lane& where) const {
  return work::lane_consumer(where, how_.ack_wait, how_.hold);
}

} // namespace nats_mcp
