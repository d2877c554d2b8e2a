// SPDX-License-Identifier: MIT
#include "actors/main/command_lanes.hpp"

#include "protocol/time.hpp"
#include "protocol/work/streams.hpp"

#include <utility>

namespace nats_mcp {

result<lane_findings> look_at_lanes(command_gateway& nats, std::chrono::milliseconds ack_timeout) {
  lane_findings out;
  std::uint64_t seen = 0;
  for (std::uint64_t total = 1; seen < total;) {
    const auto reply =
      nats.ask<jetstream::api_reply>(work::existing_lanes_request(seen, nats.deadline()));
    if (!reply && reply.error().code == ec::not_found) {
      return out;
    }
    auto page = reply ? work::parse_existing_lanes(reply->body)
                      : result<work::lanes_page>{tl::make_unexpected(reply.error())};
    if (!page) {
      return tl::make_unexpected(page.error());
    }
    if (page->lanes.empty()) {
      break; // one that was there is gone meanwhile
    }
    total = page->total;
    seen += page->lanes.size();
    for (auto& one : page->lanes) {
      if (!one.where) {
        out.strange.push_back(std::move(one));
        continue;
      }
      ++out.lanes;
      if (one.ack_wait != ack_timeout) {
        out.different.push_back(std::move(one));
      }
    }
  }
  return out;
}

jetstream::durable_consumer wanted_lane(const work::existing_lane& existing,
                                        const config::loaded_configuration& loaded) {
  const auto& settings = loaded.value.work_queue;
  const bool set = loaded.origins.count("workQueue.ackTimeout") > 0;
  return work::lane_consumer(*existing.where, settings.ack_timeout, config::hold_of(settings, set));
}

std::string ack_timeout_text(const work::existing_lane& existing) {
  return to_text(std::chrono::duration_cast<std::chrono::milliseconds>(existing.ack_wait));
}

} // namespace nats_mcp
