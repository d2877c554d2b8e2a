// SPDX-License-Identifier: MIT
#include "tests/support/stub_inbox.hpp"

#include "protocol/jetstream/stream_config.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace nats_mcp::testing {

stub_inbox::stub_inbox(std::string owner_guid, std::uint64_t last_sequence)
  : owner_{std::move(owner_guid)}
  , last_sequence_{last_sequence} {
  // nop
}

std::uint64_t stub_inbox::store(std::string subject, std::string payload) {
  stream_ = true;
  newest_ += std::chrono::seconds{1};
  messages_.emplace(++last_sequence_, message{std::move(subject), std::move(payload), newest_});
  return last_sequence_;
}

void stub_inbox::deliver_to_nobody() {
  (void)pull({"AGENT_INBOX", messaging::inbox_consumer(owner_), 1, {}, 0, {}});
}

void stub_inbox::ack_wait_is_over() {
  for (auto& [sequence, one] : messages_) {
    one.delivered = false;
  }
}

void stub_inbox::delete_stream() {
  stream_ = false;
  consumer_ = false;
  messages_.clear();
  unsettled_.clear();
  last_sequence_ = 0;
}

void stub_inbox::count_anew() {
  messages_.clear();
  unsettled_.clear();
  last_sequence_ = 0;
}

void stub_inbox::undo_settlement(std::uint64_t sequence) {
  auto one = settled_.at(sequence);
  one.delivered = false;
  messages_.insert_or_assign(sequence, std::move(one));
  unsettled_.insert(sequence);
}

result<jetstream::api_reply> stub_inbox::api(const jetstream::api_request& what) {
  const std::string_view verb{what.verb};
  if (verb.starts_with("STREAM.CREATE.")) {
    stream_ = true;
    return jetstream::api_reply{"{}"};
  }
  if (!stream_) {
    return tl::make_unexpected(error{ec::not_found, "stream not found", 10059});
  }
  if (verb.starts_with("STREAM.INFO.")) {
    const json::value info{
      {"config", jetstream::to_json(messaging::inbox_stream(1))},
      {"state", {{"messages", messages_.size()}, {"first_seq", 1}, {"last_seq", last_sequence_}}}};
    return jetstream::api_reply{json::write(info)};
  }
  if (verb.starts_with("CONSUMER.CREATE.") && !consumer_) {
    consumer_ = true;
    delivered_sequence_ = 0;
    unsettled_.clear();
    ack_wait_is_over();
  }
  if (!consumer_) {
    return tl::make_unexpected(error{ec::not_found, "consumer not found", 10014});
  }
  if (verb.starts_with("CONSUMER.DELETE.")) {
    consumer_ = false;
    return jetstream::api_reply{"{\"success\":true}"};
  }
  return jetstream::api_reply{consumer_info()};
}

std::string stub_inbox::consumer_info() const {
  const auto pending = std::count_if(messages_.begin(), messages_.end(), [this](const auto& one) {
    return !unsettled_.contains(one.first);
  });
  return json::write({{"num_pending", pending},
                      {"num_ack_pending", unsettled_.size()},
                      {"delivered", {{"consumer_seq", 1}, {"stream_seq", delivered_sequence_}}},
                      {"config", {{"ack_wait", limits::inbox_ack_wait.count() * 1'000'000}}}});
}

stub_inbox::table::const_iterator stub_inbox::next() const {
  return std::find_if(messages_.begin(), messages_.end(),
                      [](const auto& one) { return !one.second.delivered; });
}

result<jetstream::pull_result> stub_inbox::pull(const jetstream::pull& what) {
  jetstream::pull_result out;
  if (!consumer_) {
    out.end = jetstream::pull_end::silence;
    return out;
  }
  for (auto at = next(); at != messages_.end() && out.deliveries.size() < what.batch; at = next()) {
    auto& one = messages_.at(at->first);
    one.delivered = true;
    unsettled_.insert(at->first);
    delivered_sequence_ = std::max(delivered_sequence_, at->first);
    jetstream::delivery delivery;
    delivery.subject = one.subject;
    delivery.payload = one.payload;
    delivery.stream_sequence = at->first;
    delivery.stored_at = one.stored_at;
    delivery.delivery_count = ++one.deliveries;
    delivery.ack_subject =
      std::to_string(at->first) + "." + std::to_string(delivery.delivery_count);
    out.deliveries.push_back(std::move(delivery));
  }
  const auto left = static_cast<std::uint64_t>(std::count_if(
    messages_.begin(), messages_.end(), [](const auto& one) { return !one.second.delivered; }));
  for (auto& delivery : out.deliveries) {
    delivery.pending = left;
  }
  if (out.deliveries.size() < what.batch) {
    out.end =
      what.expires.count() > 0 ? jetstream::pull_end::expired : jetstream::pull_end::no_messages;
  }
  return out;
}

result<jetstream::settled> stub_inbox::settle(const jetstream::settle& what) {
  const auto sequence = std::stoull(what.ack_subject);
  if (what.kind == jetstream::ack_kind::ack) {
    if (auto node = messages_.extract(sequence); !node.empty()) {
      settled_.insert_or_assign(sequence, std::move(node.mapped()));
    }
    unsettled_.erase(sequence);
  }
  return jetstream::settled{};
}

} // namespace nats_mcp::testing
