// SPDX-License-Identifier: MIT
#include "actors/work/page_reader.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

error not_delivered() {
  return {ec::timeout,
          "NATS did not deliver what was asked for in time. Nothing was lost; try again.", 0};
}

} // namespace

/// What one filter gives.
struct page_reader::part {
  jetstream::reading_consumer consumer;
  work::page_part found;
  std::size_t bytes = 0;
  /// Messages the consumer is still to deliver.
  std::uint64_t remaining = 0;
};

struct page_reader::operation {
  request what;
  read done;
  std::vector<part> parts;
  std::size_t open = 0;
  error failure;
};

page_reader::page_reader(api_caller api, pull_caller pull, random_source random)
  : api_{std::move(api)}
  , pull_{std::move(pull)}
  , random_{std::move(random)} {
  // nop
}

void page_reader::start(request what, read done) {
  const auto reading = std::make_shared<operation>();
  reading->what = std::move(what);
  reading->done = std::move(done);
  for (const auto& filter : reading->what.filters) {
    part one;
    one.consumer = {reading->what.stream, filter, "read-" + make_uuid(random_),
                    reading->what.start_sequence};
    reading->parts.push_back(std::move(one));
  }
  reading->open = reading->parts.size();
  if (reading->parts.empty()) {
    reading->done(work::stream_page{});
  }
  for (std::size_t index = 0; index < reading->parts.size(); ++index) {
    place_consumer(reading, index);
  }
}

void page_reader::place_consumer(const std::shared_ptr<operation>& reading, std::size_t index) {
  api_(jetstream::create_request(reading->parts[index].consumer, reading->what.deadline),
       [this, reading, index](const result<jetstream::api_reply>& reply) {
         consumer_placed(reading, index, reply);
       });
}

void page_reader::consumer_placed(const std::shared_ptr<operation>& reading, std::size_t index,
                                  const result<jetstream::api_reply>& reply) {
  if (!reply) {
    const auto& why = reply.error();
    if (why.code == ec::unknown_outcome) {
      // Reading changes nothing a user could find: whether the consumer was made does not matter.
      reading->failure = not_delivered();
    } else if (why.code != ec::not_found) {
      reading->failure = why;
    }
    part_done(*reading);
    return;
  }
  const auto available = jetstream::available_messages(reply->body);
  if (!available) {
    part_failed(*reading, index, available.error());
    return;
  }
  reading->parts[index].remaining = *available;
  pull(reading, index, false);
}

void page_reader::pull(const std::shared_ptr<operation>& reading, std::size_t index, bool alone) {
  auto& here = reading->parts[index];
  const auto& bounds = reading->what.bounds;
  const auto count = here.found.messages.size();
  const bool full =
    count >= bounds.messages || (here.bytes >= bounds.bytes && !here.found.messages.empty());
  if (full || here.remaining == 0) {
    here.found.cut = here.remaining > 0;
    remove_consumer(*reading, index);
    part_done(*reading);
    return;
  }
  jetstream::pull wanted;
  wanted.stream = here.consumer.stream;
  wanted.consumer = here.consumer.name;
  wanted.batch = alone ? 1U
                       : static_cast<std::uint32_t>(std::min(
                         {here.remaining, bounds.messages - count, limits::page_batch_max}));
  wanted.bytes_max = alone ? 0 : bounds.bytes - here.bytes;
  wanted.deadline = reading->what.deadline;
  pull_(std::move(wanted), [this, reading, index](result<jetstream::pull_result> got) {
    pulled(reading, index, std::move(got));
  });
}

void page_reader::pulled(const std::shared_ptr<operation>& reading, std::size_t index,
                         result<jetstream::pull_result> got) {
  using jetstream::pull_end;
  if (!got) {
    part_failed(*reading, index, got.error());
    return;
  }
  auto& here = reading->parts[index];
  const auto count = got->deliveries.size();
  for (auto& delivery : got->deliveries) {
    here.bytes += delivery.payload.size();
    here.found.messages.push_back(std::move(delivery));
  }
  here.remaining -= std::min<std::uint64_t>(count, here.remaining);
  switch (got->end) {
    case pull_end::batch_full:
      pull(reading, index, false);
      return;
    case pull_end::bytes_full:
      if (here.found.messages.empty()) {
        pull(reading, index, true); // one message larger than the bound: alone
        return;
      }
      here.found.cut = true;
      break;
    case pull_end::no_messages:
    case pull_end::expired: // so servers before 2.11 call it when they had some
      break;                // others were replaced meanwhile and lie further on, or are gone
    default:
      // The consumer went with a server that restarted, or nothing was said in time.
      part_failed(*reading, index, not_delivered());
      return;
  }
  remove_consumer(*reading, index);
  part_done(*reading);
}

void page_reader::part_failed(operation& reading, std::size_t index, const error& why) {
  reading.failure = why;
  remove_consumer(reading, index);
  part_done(reading);
}

void page_reader::part_done(operation& reading) {
  if (--reading.open > 0) {
    return;
  }
  if (reading.failure.code != ec::none) {
    reading.done(tl::make_unexpected(reading.failure));
    return;
  }
  std::vector<work::page_part> found;
  for (auto& part : reading.parts) {
    found.push_back(std::move(part.found));
  }
  reading.done(work::merged_page(std::move(found), reading.what.bounds));
}

void page_reader::remove_consumer(const operation& reading, std::size_t index) {
  // Best effort: an abandoned one removes itself.
  api_(jetstream::delete_request(reading.parts[index].consumer, reading.what.deadline),
       [](const result<jetstream::api_reply>&) {});
}

} // namespace nats_mcp
