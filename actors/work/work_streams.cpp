// SPDX-License-Identifier: MIT
#include "actors/work/work_streams.hpp"

#include "protocol/coordination/streams.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace nats_mcp {

namespace {

/// Several streams that are made sure of at once.
struct common_wait {
  std::size_t open = 0;
  result<void> outcome;
};

} // namespace

work_streams::work_streams(api_caller api, const work::retention& how)
  : needed_{work::work_stream(how), work::items_stream(how), work::tasks_stream(how),
            work::dead_letter_stream(how)}
  , inbox_{messaging::inbox_stream(how.replicas)}
  , requests_{coordination::requests_stream(how.replicas)}
  , keeper_{std::move(api)} {
  // nop
}

void work_streams::ensure(monotonic_time deadline, const stream_keeper::ready& done) {
  if (ready_) {
    done({});
    return;
  }
  const auto wait = std::make_shared<common_wait>();
  wait->open = needed_.size();
  for (const auto& one : needed_) {
    keeper_.ensure(one, deadline, [this, wait, done](const result<void>& there) {
      if (!there) {
        wait->outcome = there;
      }
      if (--wait->open == 0) {
        ready_ = wait->outcome.has_value();
        done(wait->outcome);
      }
    });
  }
  keeper_.ensure(inbox_, deadline, [](const result<void>&) {
    // Without it nobody is told of anything, and everything else goes on.
  });
}

void work_streams::ensure_with_requests(monotonic_time deadline, const stream_keeper::ready& done) {
  ensure(deadline, [this, deadline, done](const result<void>& there) {
    if (there) {
      keeper_.ensure(requests_, deadline, done);
    } else {
      done(there);
    }
  });
}

void work_streams::forget() {
  ready_ = false;
  for (const auto& one : needed_) {
    keeper_.forget(one.name);
  }
  keeper_.forget(inbox_.name);
  keeper_.forget(requests_.name);
}

} // namespace nats_mcp
