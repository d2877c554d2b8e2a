// SPDX-License-Identifier: MIT
#include "actors/messaging/mail_feed.hpp"

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/limits.hpp"

#include "actors/streams/consumer_finder.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace nats_mcp {

using messaging::mail_step;

mail_feed::mail_feed(surroundings around)
  : around_{std::move(around)}
  , source_{around_.mail} {
  // nop
}

void mail_feed::serve(std::string guid) {
  ++number_;
  done_ = {};
  source_ = messaging::mail_source{around_.mail};
  reader_ = guid.empty() ? jetstream::durable_consumer{} : messaging::inbox_reader(guid);
  inbox_ = std::move(guid);
}

void mail_feed::begin(messaging::mail_source::round what, monotonic_time deadline, ended done) {
  ++number_;
  deadline_ = deadline;
  done_ = std::move(done);
  take(source_.begin(what));
}

void mail_feed::take(mail_step step) {
  switch (step) {
    case mail_step::ensure_stream_again:
      around_.streams->forget(reader_.stream);
      ensure_stream();
      break;
    case mail_step::ensure_stream:
      ensure_stream();
      break;
    case mail_step::describe:
      describe();
      break;
    case mail_step::make:
      api()(jetstream::create_consumer_request(reader_, deadline_), state_told());
      break;
    case mail_step::acknowledge:
      acknowledge();
      break;
    case mail_step::remove:
      remove();
      break;
    case mail_step::pull:
      pull();
      break;
    case mail_step::finish:
      finish({});
      break;
    case mail_step::give_up:
      finish(tl::make_unexpected(not_answered()));
      break;
  }
}

void mail_feed::ensure_stream() {
  around_.streams->ensure(around_.stream, deadline_,
                          [this, number = number_](const result<void>& there) {
                            if (number != number_) {
                              return;
                            }
                            if (there) {
                              take(source_.stream_is_there());
                            } else {
                              finish(there);
                            }
                          });
}

void mail_feed::describe() {
  if (source_.trusted()) {
    api()(jetstream::consumer_info_request(reader_.stream, reader_.name, deadline_), state_told());
  } else {
    // The server may be another one, or have forgotten what it had.
    find_consumer(api(), reader_, deadline_, state_told());
  }
}

api_caller mail_feed::api() const { return make_api_caller(around_.owner, around_.gateway); }

api_answered mail_feed::state_told() {
  const auto held = around_.mail->size(inbox_);
  return [this, number = number_, held](const result<jetstream::api_reply>& reply) {
    if (number != number_) {
      return;
    }
    if (!reply) {
      return failed(reply.error());
    }
    if (const auto state = jetstream::parse_consumer_state(reply->body)) {
      take(source_.described(*state, {around_.mail->not_read(inbox_), held}));
    } else {
      finish(tl::make_unexpected(state.error()));
    }
  };
}

void mail_feed::acknowledge() {
  const auto read = around_.mail->unacknowledged(inbox_);
  const auto missing = std::make_shared<std::size_t>(read.size());
  const auto over = [this, number = number_, missing] {
    if (*missing == 0 && number == number_) {
      take(source_.acknowledged());
    }
  };
  for (const auto sequence : read) {
    jetstream::settle what;
    what.ack_subject = around_.mail->receipt_of(sequence)->ack_subject;
    what.kind = jetstream::ack_kind::ack;
    what.present_connection_only = true;
    what.deadline = std::min(deadline_, around_.owner->clock().now() + limits::mail_silence_max);
    ask<jetstream::settled>(
      around_.owner, around_.gateway, std::move(what), "gateway",
      [this, number = number_, sequence, missing, over](const jetstream::settled&) {
        if (number == number_) { // within a round the consumer stays the same
          around_.mail->acknowledged(sequence);
        }
        --*missing;
        over();
      },
      [missing, over](const error&) {
        --*missing; // then it stays in doubt
        over();
      });
  }
  over();
}

void mail_feed::remove() {
  around_.mail->forget_unread(inbox_);
  const auto removed = [this, number = number_] {
    if (number == number_) {
      take(source_.removed());
    }
  };
  ask<jetstream::api_reply>(
    around_.owner, around_.gateway,
    jetstream::delete_consumer_request(reader_.stream, reader_.name, deadline_), "gateway",
    [removed](const jetstream::api_reply&) { removed(); },
    [this, number = number_, removed](const error& why) {
      if (why.jetstream_code == jetstream::no_such_consumer) {
        removed(); // an earlier attempt succeeded, or somebody else's
      } else if (number == number_) {
        failed(why);
      }
    });
}

void mail_feed::pull() {
  const auto terms = source_.next_pull();
  const auto now = around_.owner->clock().now();
  jetstream::pull wanted;
  wanted.stream = reader_.stream;
  wanted.consumer = reader_.name;
  wanted.batch = terms.batch;
  wanted.expires = terms.expires;
  wanted.bytes_max = terms.bytes_max;
  wanted.deadline = std::min(deadline_, now + terms.expires + limits::mail_silence_max);
  wanted.late_handed_back_for = limits::late_delivery_max;
  ask<jetstream::pull_result>(
    around_.owner, around_.gateway, std::move(wanted), "gateway",
    [this, number = number_](jetstream::pull_result got) {
      if (number == number_) {
        pulled(std::move(got));
      }
    },
    [this, number = number_](const error& why) {
      if (number != number_) {
        return;
      }
      if (why.code == ec::timeout || why.code == ec::nats_unreachable) {
        // Not sent while there is no connection: the next question waits for one.
        pulled({{}, jetstream::pull_end::disconnected});
      } else {
        failed(why);
      }
    });
}

void mail_feed::pulled(jetstream::pull_result got) {
  std::vector<std::uint64_t> read_before;
  for (const auto& delivery : got.deliveries) {
    if (around_.mail->add(delivery, inbox_) == messaging::held_mail::arrival::read) {
      read_before.push_back(delivery.stream_sequence);
    }
  }
  const auto pending = got.deliveries.empty() ? 0 : got.deliveries.back().pending;
  const auto number = number_;
  around_.arrived(read_before);
  if (number == number_) {
    take(source_.pulled(got.end, got.deliveries.size(), pending, around_.demand()));
  }
}

void mail_feed::failed(const error& why) {
  if (why.jetstream_code == jetstream::no_such_consumer) {
    const auto next = source_.consumer_missing();
    around_.mail->consumer_gone(inbox_);
    take(next);
  } else if (why.code == ec::not_found) {
    take(source_.stream_missing());
  } else {
    finish(tl::make_unexpected(why));
  }
}

void mail_feed::finish(const result<void>& outcome) {
  ++number_;
  if (!outcome) {
    source_.distrust();
  }
  const auto done = std::exchange(done_, {});
  done(outcome);
}

error mail_feed::not_answered() const {
  return {ec::timeout,
          "NATS did not hand out the direct messages in time. Nothing was lost; try again.", 0};
}

} // namespace nats_mcp
