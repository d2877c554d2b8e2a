// SPDX-License-Identifier: MIT
#include "tests/unit/protocol/coordination/coordination_server.hpp"

#include <charconv>
#include <utility>
#include <variant>

namespace nats_mcp::coordination {

namespace {

/// `$JS.ACK.COORD.<delivery count>.<sequence>`: all of the real one that matters here.
constexpr std::string_view request_ack_prefix = "$JS.ACK.COORD.";

} // namespace

result<work::work_answer> coordination_server::carry_out(const work::work_command& what) {
  if (const auto* message = std::get_if<jetstream::publish>(&what);
      message != nullptr && message->subject.starts_with("coord.")) {
    const auto [known, is_new] = known_.try_emplace(message->message_id, last_ + 1);
    if (is_new) {
      put_request(message->subject, message->payload);
    }
    return work::work_answer{jetstream::publish_receipt{"COORD", known->second, !is_new}};
  }
  if (const auto* settlement = std::get_if<jetstream::settle>(&what);
      settlement != nullptr && settlement->ack_subject.starts_with(request_ack_prefix)) {
    return settle_request(*settlement);
  }
  return work_server::carry_out(what);
}

std::optional<jetstream::delivery> coordination_server::deliver_request() {
  for (auto& [sequence, request] : requests_) {
    if (request.free_at <= now()) {
      ++request.deliveries;
      request.free_at = now() + request_wait;
      jetstream::delivery out;
      out.ack_subject = std::string{request_ack_prefix} + std::to_string(request.deliveries) + "."
                        + std::to_string(sequence);
      out.subject = request.subject;
      out.payload = request.payload;
      out.stream_sequence = sequence;
      out.delivery_count = request.deliveries;
      out.stored_at = request.stored_at;
      return out;
    }
  }
  return std::nullopt;
}

void coordination_server::put_request(std::string subject, std::string payload) {
  requests_[++last_] = {std::move(subject), std::move(payload), now(), 0, {}};
}

result<work::work_answer> coordination_server::settle_request(const jetstream::settle& what) {
  const auto& subject = what.ack_subject;
  std::uint64_t sequence = 0;
  std::from_chars(subject.data() + subject.rfind('.') + 1, subject.data() + subject.size(),
                  sequence);
  const auto at = requests_.find(sequence);
  if (at == requests_.end()) {
    return work::work_answer{jetstream::settled{}};
  }
  if (what.kind == jetstream::ack_kind::nak) {
    at->second.free_at = now() + what.delay;
  } else {
    let_go(at->second);
    requests_.erase(at);
  }
  return work::work_answer{jetstream::settled{}};
}

void coordination_server::let_go(const stored_request& what) {
  const auto request = read_request(what.subject, what.payload);
  if (!request) {
    return;
  }
  const auto found = record(request->item.id);
  if (!found || (found->record.assigned && !is_over(found->record.state))) {
    complain("the request of item " + request->item.id + " was let go");
  } else if (found->record.state == work::item_state::dead
             && letter(found->record.item) == nullptr) {
    complain("item " + request->item.id + " is dead and in nobody's list");
  }
}

std::string coordination_server::digest() const {
  auto out = work_server::digest();
  for (const auto& [sequence, request] : requests_) {
    out += " r" + std::to_string(sequence) + "." + std::to_string(request.deliveries) + "."
           + to_rfc3339(request.free_at);
  }
  return out;
}

} // namespace nats_mcp::coordination
