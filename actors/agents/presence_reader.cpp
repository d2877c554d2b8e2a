// SPDX-License-Identifier: MIT
#include "actors/agents/presence_reader.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

/// One snapshot under way.
struct presence_reader::operation {
  read done;
  monotonic_time deadline;
  snapshot found;
  error failure;
  std::size_t open = 0;
};

presence_reader::presence_reader(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void presence_reader::start(const std::vector<std::string>& patterns, monotonic_time deadline,
                            read done) {
  const auto reading = std::make_shared<operation>();
  reading->done = std::move(done);
  reading->deadline = deadline;
  reading->found.asked_at = around_.now();
  reading->open = patterns.size();
  if (patterns.empty()) {
    reading->done(reading->found);
  }
  for (const auto& pattern : patterns) {
    place_consumer(reading, pattern);
  }
}

void presence_reader::place_consumer(const std::shared_ptr<operation>& reading,
                                     const std::string& pattern) {
  // One revision per key is kept: all messages are the newest of each.
  const jetstream::reading_consumer consumer{
    jetstream::stream_of_bucket(agents::presence_bucket),
    jetstream::subject_of_key(agents::presence_bucket, pattern),
    "read-" + make_uuid(around_.random), 1};
  around_.api(jetstream::create_request(consumer, reading->deadline),
              [this, reading, consumer](const result<jetstream::api_reply>& reply) {
                if (!reply) {
                  if (reply.error().code != ec::not_found) {
                    reading->failure = reply.error();
                  }
                  part_done(*reading);
                  return;
                }
                const auto available = jetstream::available_messages(reply->body);
                if (const auto created = jetstream::creation_time(reply->body)) {
                  reading->found.server_time.observe(*created, reading->found.asked_at,
                                                     around_.now());
                }
                if (available && *available > 0) {
                  pull(reading, consumer, *available);
                  return;
                }
                remove_consumer(*reading, consumer);
                if (!available) {
                  reading->failure = available.error();
                }
                part_done(*reading);
              });
}

void presence_reader::pull(const std::shared_ptr<operation>& reading,
                           const jetstream::reading_consumer& consumer, std::uint64_t remaining) {
  jetstream::pull pull;
  pull.stream = consumer.stream;
  pull.consumer = consumer.name;
  pull.batch =
    static_cast<std::uint32_t>(std::min<std::uint64_t>(remaining, limits::presence_batch_max));
  pull.deadline = reading->deadline;
  around_.pull(
    std::move(pull), [this, reading, consumer, remaining](result<jetstream::pull_result> got) {
      if (!got) {
        remove_consumer(*reading, consumer);
        reading->failure = got.error();
        part_done(*reading);
        return;
      }
      const auto count = got->deliveries.size();
      for (auto& delivery : got->deliveries) {
        if (auto key = jetstream::key_of_subject(agents::presence_bucket, delivery.subject)) {
          reading->found.entries.push_back(
            {std::move(*key), std::move(delivery.payload), delivery.stream_sequence,
             jetstream::operation_of(delivery.headers), delivery.stored_at});
        }
      }
      if (got->end == jetstream::pull_end::batch_full && count < remaining) {
        this->pull(reading, consumer, remaining - count);
        return;
      }
      remove_consumer(*reading, consumer);
      // Fewer than were there: some were replaced meanwhile, which is no failure.
      if (got->end != jetstream::pull_end::batch_full && !jetstream::found_no_more(got->end)) {
        reading->failure = {ec::timeout, "NATS did not deliver the agents' signs of life in time.",
                            0};
      }
      part_done(*reading);
    });
}

void presence_reader::part_done(operation& reading) {
  if (--reading.open > 0) {
    return;
  }
  if (reading.failure.code != ec::none) {
    reading.done(tl::make_unexpected(reading.failure));
  } else {
    reading.done(reading.found);
  }
}

void presence_reader::remove_consumer(const operation& reading,
                                      const jetstream::reading_consumer& consumer) {
  // Best effort: an abandoned one removes itself.
  around_.api(jetstream::delete_request(consumer, reading.deadline),
              [](const result<jetstream::api_reply>&) {
                // nop
              });
}

} // namespace nats_mcp
