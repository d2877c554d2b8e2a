// SPDX-License-Identifier: MIT
#include "actors/messaging/channel_reader.hpp"

#include "protocol/jetstream/reading_consumer.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/channel_message.hpp"
#include "protocol/messaging/stranger_payload.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace nats_mcp {

struct channel_reader::operation {
  request what;
  read done;
  messaging::stream_extent extent;
  /// Set while reading the newest messages: where they begin is searched for.
  std::optional<messaging::newest_window> window;
  jetstream::reading_consumer consumer;
  /// What was pulled and is to be shown, oldest first, and how large it is.
  std::deque<jetstream::delivery> collected;
  std::size_t collected_bytes = 0;
  /// Messages the consumer is still to deliver.
  std::uint64_t remaining = 0;

  void fail_with(const error& why) { done(tl::make_unexpected(why)); }
};

channel_reader::channel_reader(asking_actor<channels_actor>* owner, gateway_actor gateway,
                               random_source random)
  : owner_{owner}
  , gateway_{std::move(gateway)}
  , random_{std::move(random)} {
  // nop
}

void channel_reader::extent(const std::string& stream, monotonic_time deadline, extent_known done) {
  auto shared = std::make_shared<extent_known>(std::move(done));
  ask<jetstream::api_reply>(
    owner_, gateway_, jetstream::stream_info_request(stream, deadline), "gateway",
    [shared](const jetstream::api_reply& reply) {
      const auto info = jetstream::parse_stream_info(reply.body);
      if (!info) {
        (*shared)(tl::make_unexpected(info.error()));
      } else {
        (*shared)(info->extent);
      }
    },
    [shared](const error& why) { (*shared)(tl::make_unexpected(why)); });
}

void channel_reader::start(request what, read done) {
  auto reading = std::make_shared<operation>();
  reading->what = std::move(what);
  reading->done = std::move(done);
  extent(reading->what.stream, reading->what.deadline,
         [this, reading](const result<messaging::stream_extent>& known) {
           if (!known) {
             reading->fail_with(known.error());
             return;
           }
           reading->extent = *known;
           auto& after = reading->what.after;
           if (after && *after > known->last_sequence && reading->what.begun_again) {
             reading->what.begun_again();
             after.reset();
           }
           if (known->messages == 0 || (after && *after >= known->last_sequence)) {
             reading->done(assemble(*reading));
             return;
           }
           if (!after) {
             reading->window.emplace(*known, reading->what.limit);
           }
           place_consumer(reading);
         });
}

void channel_reader::place_consumer(const std::shared_ptr<operation>& reading) {
  const auto start = reading->window ? reading->window->start() : *reading->what.after + 1;
  reading->consumer = {reading->what.stream, reading->what.subject, "read-" + make_uuid(random_),
                       start};
  ask<jetstream::api_reply>(
    owner_, gateway_, jetstream::create_request(reading->consumer, reading->what.deadline),
    "gateway",
    [this, reading](const jetstream::api_reply& reply) {
      const auto available = jetstream::available_messages(reply.body);
      if (!available) {
        remove_consumer(*reading);
        reading->fail_with(available.error());
        return;
      }
      consumer_placed(reading, *available);
    },
    [reading](const error& why) {
      // Reading changes nothing a user could find: whether the consumer was made does not matter.
      reading->fail_with(why.code == ec::unknown_outcome ? not_delivered(*reading) : why);
    });
}

void channel_reader::consumer_placed(const std::shared_ptr<operation>& reading,
                                     std::uint64_t available) {
  if (reading->window) {
    reading->window->report(available);
    if (!reading->window->done()) {
      remove_consumer(*reading);
      place_consumer(reading);
      return;
    }
  }
  fetch(reading, available);
}

void channel_reader::fetch(const std::shared_ptr<operation>& reading, std::uint64_t available) {
  const auto surplus = reading->window ? reading->window->surplus() : 0;
  reading->remaining = std::min(available, surplus + reading->what.limit);
  if (reading->remaining == 0) {
    finish(*reading);
    return;
  }
  pull(reading, {limits::read_bytes_max, reading->remaining});
}

void channel_reader::pull(const std::shared_ptr<operation>& reading, portion wanted) {
  jetstream::pull pull;
  pull.stream = reading->consumer.stream;
  pull.consumer = reading->consumer.name;
  pull.batch = static_cast<std::uint32_t>(wanted.messages);
  pull.bytes_max = wanted.bytes;
  pull.deadline = reading->what.deadline;
  ask<jetstream::pull_result>(
    owner_, gateway_, std::move(pull), "gateway",
    [this, reading](jetstream::pull_result got) { pulled(reading, std::move(got)); },
    [this, reading](const error& why) {
      remove_consumer(*reading);
      reading->fail_with(why);
    });
}

void channel_reader::pulled(const std::shared_ptr<operation>& reading, jetstream::pull_result got) {
  using jetstream::pull_end;
  const auto count = got.deliveries.size();
  collect(*reading, std::move(got.deliveries));
  reading->remaining -= std::min<std::uint64_t>(count, reading->remaining);
  if (got.end == pull_end::bytes_full && reading->remaining > 0) {
    if (count == 0 && (reading->window || reading->collected.empty())) {
      pull(reading, {0, 1}); // one message larger than the bound: alone
    } else if (reading->window) {
      pull(reading, {limits::read_bytes_max, reading->remaining}); // the newest are still to come
    } else {
      finish(*reading); // the answer says where to go on
    }
    return;
  }
  if (got.end == pull_end::batch_full && reading->remaining > 0 && reading->window) {
    pull(reading, {limits::read_bytes_max, reading->remaining});
    return;
  }
  if (got.end == pull_end::batch_full || jetstream::found_no_more(got.end)) {
    finish(*reading);
    return;
  }
  // The consumer went with a server that restarted, or nothing was said in time.
  remove_consumer(*reading);
  reading->fail_with(not_delivered(*reading));
}

error channel_reader::not_delivered(const operation& reading) {
  return {ec::timeout,
          "NATS did not deliver the messages of #" + reading.what.channel
            + " in time. Nothing was lost; try again.",
          0};
}

void channel_reader::collect(operation& reading, std::vector<jetstream::delivery> deliveries) {
  // What lies before the newest ones, where the sequence has gaps.
  const auto surplus = reading.window ? reading.window->surplus() : 0;
  for (auto& delivery : deliveries) {
    if (delivery.consumer_sequence > surplus) {
      reading.collected_bytes += delivery.payload.size();
      reading.collected.push_back(std::move(delivery));
    }
  }
  // Of the newest, the very newest are shown when not all fit into one answer.
  while (reading.window && reading.collected_bytes > limits::read_bytes_max
         && reading.collected.size() > 1) {
    reading.collected_bytes -= reading.collected.front().payload.size();
    reading.collected.pop_front();
  }
}

void channel_reader::leave_out_what_does_not_fit(operation& reading) {
  // Nearly always all of it fits, however it is written.
  if (reading.collected_bytes <= limits::read_bytes_max / messaging::growth_max) {
    return;
  }
  auto& collected = reading.collected;
  std::size_t taken = 0;
  std::size_t kept = 0;
  for (; kept < collected.size(); ++kept) {
    const auto& next = reading.window ? collected[collected.size() - 1 - kept] : collected[kept];
    taken += messaging::room_taken_by(next.payload);
    if (kept > 0 && taken > limits::read_bytes_max) {
      break;
    }
  }
  // Of the newest, the very newest are shown; of others the first, and the answer says where to go
  // on.
  const auto surplus = static_cast<std::ptrdiff_t>(collected.size() - kept);
  collected.erase(reading.window ? collected.begin() : collected.end() - surplus,
                  reading.window ? collected.begin() + surplus : collected.end());
}

void channel_reader::finish(operation& reading) {
  remove_consumer(reading);
  leave_out_what_does_not_fit(reading);
  reading.done(assemble(reading));
}

void channel_reader::remove_consumer(const operation& reading) {
  // Best effort: an abandoned one removes itself.
  ask<jetstream::api_reply>(
    owner_, gateway_, jetstream::delete_request(reading.consumer, reading.what.deadline), "gateway",
    [](const jetstream::api_reply&) {}, [](const error&) {});
}

tools::read_messages_result channel_reader::assemble(const operation& reading) {
  tools::read_messages_result out;
  out.channel = reading.what.channel;
  // Where nothing is shown: a position that was really there.
  out.next_after = std::min(reading.what.after.value_or(reading.extent.last_sequence),
                            reading.extent.last_sequence);
  for (const auto& delivery : reading.collected) {
    out.messages.push_back(messaging::read_channel_message(delivery));
  }
  if (!out.messages.empty()) {
    out.next_after = out.messages.back().sequence;
  }
  return out;
}

} // namespace nats_mcp
