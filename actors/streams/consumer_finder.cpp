// SPDX-License-Identifier: MIT
#include "actors/streams/consumer_finder.hpp"

#include "protocol/jetstream/stream_config.hpp"

#include <string>
#include <utility>

namespace nats_mcp {

namespace {

/// One consumer that was found, and may be one of a stream that is no more.
struct suspect {
  api_caller api;
  std::string stream;
  std::string consumer;
  monotonic_time deadline;
  jetstream::api_reply found;
  api_answered done;
};

void remove(const suspect& one) {
  one.api(jetstream::delete_consumer_request(one.stream, one.consumer, one.deadline),
          [one](const result<jetstream::api_reply>& reply) {
            if (!reply && reply.error().code == ec::permission_denied) {
              return one.done(one.found); // somebody who may has to
            }
            if (!reply && reply.error().jetstream_code != jetstream::no_such_consumer) {
              return one.done(reply);
            }
            one.done(tl::make_unexpected(
              error{ec::jetstream_error,
                    "The consumer remembered messages that the NATS server has forgotten.",
                    jetstream::no_such_consumer}));
          });
}

void compare(const suspect& one, std::uint64_t delivered) {
  one.api(jetstream::stream_info_request(one.stream, one.deadline),
          [one, delivered](const result<jetstream::api_reply>& reply) {
            if (!reply && reply.error().code == ec::permission_denied) {
              return one.done(one.found); // goes by what the consumer says
            }
            const auto info =
              reply ? jetstream::parse_stream_info(reply->body)
                    : result<jetstream::stream_info>{tl::make_unexpected(reply.error())};
            if (!info) {
              one.done(tl::make_unexpected(info.error()));
            } else if (info->extent.last_sequence < delivered) {
              remove(one);
            } else {
              one.done(one.found);
            }
          });
}

} // namespace

void find_consumer(const api_caller& api, const jetstream::durable_consumer& wanted,
                   monotonic_time deadline, api_answered done) {
  api(jetstream::consumer_info_request(wanted.stream, wanted.name, deadline),
      [api, stream = wanted.stream, consumer = wanted.name, deadline,
       done = std::move(done)](const result<jetstream::api_reply>& reply) {
        const auto state =
          reply ? jetstream::parse_consumer_state(reply->body)
                : result<jetstream::consumer_state>{tl::make_unexpected(reply.error())};
        if (!state || state->delivered_stream_sequence == 0) {
          return done(reply);
        }
        compare({api, stream, consumer, deadline, *reply, done}, state->delivered_stream_sequence);
      });
}

} // namespace nats_mcp
