// SPDX-License-Identifier: MIT
#include "actors/coordination/coordination_stores.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/coordination/streams.hpp"
#include "protocol/jetstream/durable_consumer.hpp"

#include "actors/streams/consumer_finder.hpp"

#include <utility>

namespace nats_mcp {

coordination_stores::coordination_stores(api_caller api, const work::retention& how)
  : api_{std::move(api)}
  , seat_{coordination::coordinator_stream(how.replicas)}
  , others_{coordination::requests_stream(how.replicas), agents::agents_stream(how.replicas),
            agents::presence_stream(how.replicas)}
  , keeper_{api_}
  , work_{api_, how} {
  // nop
}

void coordination_stores::ensure_seat(monotonic_time deadline, stream_keeper::ready done) {
  keeper_.ensure(seat_, deadline, std::move(done));
}

void coordination_stores::ensure_all(monotonic_time deadline, const stream_keeper::ready& done) {
  work_.ensure(deadline, [this, deadline, done](const result<void>& there) {
    if (there) {
      ensure_next(0, deadline, done);
    } else {
      done(there);
    }
  });
}

void coordination_stores::ensure_next(std::size_t index, monotonic_time deadline,
                                      const stream_keeper::ready& done) {
  if (index == others_.size()) {
    ensure_consumer(deadline, done);
    return;
  }
  keeper_.ensure(others_[index], deadline,
                 [this, index, deadline, done](const result<void>& there) {
                   if (there) {
                     ensure_next(index + 1, deadline, done);
                   } else {
                     done(there);
                   }
                 });
}

void coordination_stores::ensure_consumer(monotonic_time deadline,
                                          const stream_keeper::ready& done) {
  if (has_consumer_) {
    done({});
    return;
  }
  const auto wanted = coordination::requests_consumer();
  const auto made = [this, look = look_, done](const result<jetstream::api_reply>& reply) {
    has_consumer_ = reply.has_value() && look == look_;
    done(reply ? result<void>{} : tl::make_unexpected(reply.error()));
  };
  find_consumer(api_, wanted, deadline,
                [this, wanted, deadline, made](const result<jetstream::api_reply>& reply) {
                  if (!reply && reply.error().jetstream_code == jetstream::no_such_consumer) {
                    api_(jetstream::create_consumer_request(wanted, deadline), made);
                  } else {
                    made(reply);
                  }
                });
}

void coordination_stores::forget_seat() { keeper_.forget(seat_.name); }

void coordination_stores::forget_consumer() {
  has_consumer_ = false;
  ++look_;
}

void coordination_stores::forget_all() {
  forget_consumer();
  work_.forget();
  for (const auto& one : others_) {
    keeper_.forget(one.name);
  }
}

} // namespace nats_mcp
