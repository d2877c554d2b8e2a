// SPDX-License-Identifier: MIT
#include "actors/work/server_time_keeper.hpp"

#include "protocol/jetstream/reading_consumer.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/streams.hpp"

#include <utility>

namespace nats_mcp {

server_time_keeper::server_time_keeper(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void server_time_keeper::know(monotonic_time deadline, known done) {
  const auto asked_at = around_.clock();
  if (asked_at_ && asked_at - *asked_at_ < limits::server_time_age_max) {
    done(time_);
    return;
  }
  // It reads nothing: no item has this id.
  const jetstream::reading_consumer consumer{
    jetstream::stream_of_bucket(work::items_bucket),
    jetstream::subject_of_key(work::items_bucket, "no-item"), "time-" + make_uuid(around_.random),
    1};
  around_.api(
    jetstream::create_request(consumer, deadline),
    [this, consumer, deadline, asked_at, done](const result<jetstream::api_reply>& reply) {
      if (!reply) {
        done(tl::make_unexpected(reply.error()));
        return;
      }
      // Best effort: an abandoned one removes itself.
      around_.api(jetstream::delete_request(consumer, deadline),
                  [](const result<jetstream::api_reply>&) {});
      const auto created = jetstream::creation_time(reply->body);
      if (!created) {
        done(fail(ec::malformed, "The NATS server did not say when it made a consumer."));
        return;
      }
      time_.observe(*created, asked_at, around_.clock());
      asked_at_ = asked_at;
      done(time_);
    });
}

void server_time_keeper::distrust() noexcept {
  time_ = {};
  asked_at_.reset();
}

} // namespace nats_mcp
