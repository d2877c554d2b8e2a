// SPDX-License-Identifier: MIT
#include "protocol/work/existing_lanes.hpp"

#include "protocol/json/member.hpp"
#include "protocol/text.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>

namespace nats_mcp::work {

namespace {

std::chrono::nanoseconds span_member(const json::value& config, std::string_view key) {
  return std::chrono::nanoseconds{
    std::max<std::int64_t>(json::signed_member(config, key).value_or(0), 0)};
}

} // namespace

jetstream::api_request existing_lanes_request(std::uint64_t offset, monotonic_time deadline) {
  return {"CONSUMER.LIST." + std::string{work_stream_name},
          json::write(json::value{{"offset", offset}}), jetstream::repeatable::yes, deadline};
}

result<lanes_page> parse_existing_lanes(std::string_view reply) {
  const auto document = json::parse(reply);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  lanes_page out;
  const auto total = json::unsigned_member(*document, "total");
  const auto* consumers = json::find(*document, "consumers");
  if (!total || (consumers != nullptr && !consumers->is_array() && !consumers->is_null())) {
    return fail(ec::malformed,
                "The NATS server listed its consumers in a way that could not be read.");
  }
  out.total = *total;
  if (consumers == nullptr) {
    return out;
  }
  for (const auto& consumer : *consumers) {
    const auto* config = json::find(consumer, "config");
    if (config == nullptr) {
      continue;
    }
    const auto filter = std::string{json::text_member(*config, "filter_subject")};
    out.lanes.push_back({std::string{json::text_member(consumer, "name")},
                         parse_lane_subject(filter), filter, span_member(*config, "ack_wait"),
                         span_member(*config, "inactive_threshold"), *config});
  }
  return out;
}

jetstream::api_request change_lane_request(const existing_lane& before,
                                           const jetstream::durable_consumer& wanted,
                                           monotonic_time deadline) {
  auto config = before.config;
  config["ack_wait"] = wanted.ack_wait.count();
  config["inactive_threshold"] =
    std::max(before.inactive_threshold, wanted.inactive_threshold).count();
  const json::value body{{"stream_name", work_stream_name}, {"config", std::move(config)}};
  return {"CONSUMER.CREATE." + std::string{work_stream_name} + "." + before.consumer + "."
            + before.filter_subject,
          json::write(body), jetstream::repeatable::yes, deadline};
}

std::string in_words(const lane& where) {
  const auto capability = capability_of(where.token);
  auto out =
    "the lane of "
    + (capability ? one_line(*capability)
                  : "the agent " + guid_of_personal_token(where.token).value_or(where.token));
  out += ", priority " + std::to_string(where.priority);
  return where.scope == public_scope ? out : out + ", in the project " + where.scope;
}

} // namespace nats_mcp::work
