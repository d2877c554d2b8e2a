// SPDX-License-Identifier: MIT
// What the connection reports, and what is done at the end of every turn of the gateway.
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/sentences.hpp"

#include "actors/gateway/gateway_state.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

constexpr int status_no_responders = 503;
/// With the number of the connection, the last token of where the check for JetStream is answered.
constexpr char check_mark = 'j';

} // namespace

void gateway_state::take_events() {
  for (auto& event : options_.connection->take_events()) {
    std::visit([this](auto& one) { on(std::move(one)); }, event);
  }
}

void gateway_state::on(transport::message_received&& event) {
  if (event.source == transport::subscription_key::inbox) {
    on_inbox_message(std::move(event.message));
  } else if (request_lanes::is_lane(event.source)) {
    requests_.on_message(event.source, std::move(event.message), now());
  } else {
    subscriptions_.on_message(event.source, std::move(event.message), requests_, now());
  }
}

void gateway_state::on_inbox_message(jetstream::incoming&& message) {
  // Nothing else on the inbox asks for an answer. "No responders" comes without its subject.
  const auto expected =
    options_.connection->inbox() + "." + check_mark + std::to_string(made_.epoch);
  if (check_ends_ && (message.status == status_no_responders || message.subject == expected)) {
    on_jetstream_checked(std::move(message));
  }
}

// -- the connection ----------------------------------------------------------------------------

void gateway_state::on(transport::connection_made&& event) {
  if (event.epoch <= made_.epoch) {
    return; // Older than what a new incarnation found.
  }
  made_ = std::move(event);
  facts_ = {jetstream::server_facts::verdict::unknown, made_.clustered};
  check_jetstream();
}

void gateway_state::check_jetstream() {
  const auto reply = options_.connection->inbox() + "." + check_mark + std::to_string(made_.epoch);
  check_ends_ = now() + limits::jetstream_check_max;
  if (options_.connection->write(made_.epoch, {"$JS.API.INFO", reply, {}, {}})) {
    options_.connection->flush();
  }
}

void gateway_state::on_jetstream_checked(jetstream::incoming&& reply) {
  using verdict = jetstream::server_facts::verdict;
  const auto answer =
    jetstream::decode_api_reply(std::move(reply), "request INFO", {verdict::disabled, false});
  const bool disabled = !answer && answer.error().code == ec::jetstream_disabled;
  facts_.jetstream = disabled ? verdict::disabled : verdict::enabled;
  announce_ready();
}

void gateway_state::announce_ready() {
  check_ends_.reset();
  requests_.set_facts(facts_);
  requests_.set_outage({});
  const bool disabled = facts_.jetstream == jetstream::server_facts::verdict::disabled;
  change_state(jetstream::connection_state::connected,
               disabled ? error{ec::jetstream_disabled, jetstream::jetstream_disabled_sentence(), 0}
                        : error{});
  requests_.connected(made_.epoch, now());
  subscriptions_.connected(requests_, now());
}

void gateway_state::on(transport::connection_lost&& event) {
  if (event.epoch != made_.epoch) {
    return;
  }
  check_ends_.reset();
  requests_.set_outage(event.reason.message);
  requests_.disconnected(now());
  subscriptions_.disconnected();
  change_state(jetstream::connection_state::disconnected, std::move(event.reason));
}

void gateway_state::on(transport::connection_failed&& event) {
  // Who waits waits until its deadline, unless waiting cannot help.
  const bool give_up = transport::is_final(event.reason.code);
  requests_.attempt_failed(event.began, event.reason, give_up, now());
  if (requests_.queued() > 0) {
    options_.connection->keep_trying();
  }
  change_state(jetstream::connection_state::disconnected, std::move(event.reason));
}

void gateway_state::on(transport::subject_refused&& event) {
  if (check_ends_ && event.refusal.subject == "$JS.API.INFO") {
    announce_ready(); // Not allowed to ask; that says nothing about JetStream.
  }
  subscriptions_.refused(event.refusal);
  requests_.refused(event.refusal, now());
}

void gateway_state::change_state(jetstream::connection_state state, error reason) {
  const bool changed = state != state_ || reason != reason_;
  state_ = state;
  reason_ = std::move(reason);
  if (changed) {
    subscriptions_.notify(current_event());
  }
}

// -- the end of every turn ---------------------------------------------------------------------

void gateway_state::end_turn() {
  handle_finished();
  if (auto saved = subscriptions_.take_checkpoint(); saved && supervisor_) {
    self_->send(supervisor_, save_checkpoint{options_.child_id, {std::move(*saved)}});
  }
  const bool written = requests_.take_written();
  if ((subscriptions_.take_written() || written) && !flush_sent_) {
    // Behind whatever waits in the mailbox: those write as well, and all of it leaves at once.
    flush_sent_ = true;
    self_->send(self_, gateway_flush{});
  }
  arm_tick();
}

void gateway_state::handle_finished() {
  for (auto finished = requests_.take_finished(); !finished.empty();
       finished = requests_.take_finished()) {
    for (const auto& over : finished) {
      switch (over.purpose.what) {
        case internal_purpose::kind::measure:
          on_measured(over.purpose.step, over);
          break;
        case internal_purpose::kind::identify:
          on_identified(over.purpose.step, over.outcome);
          break;
        case internal_purpose::kind::close:
          finish_close();
          break;
        default:
          subscriptions_.finished(over, requests_, now());
      }
    }
  }
}

void gateway_state::on_measured(std::uint64_t step, const finished_purpose& over) {
  auto& waiting = pings_.at(step - 1);
  if (!over.outcome) {
    waiting.promise.fail(over.outcome.error());
  } else if (identified_epoch_ != made_.epoch) {
    round_trip_ = over.took;
    const auto deadline = std::min(waiting.deadline, now() + limits::identity_max);
    requests_.submit(jetstream::exchange{jetstream::identify{deadline}},
                     internal_purpose{internal_purpose::kind::identify, {}, step}, now());
    return;
  } else {
    round_trip_ = over.took;
    waiting.promise.deliver(status());
  }
  forget_answered_pings();
}

void gateway_state::on_identified(std::uint64_t step, const result<jetstream::answer>& outcome) {
  identified_epoch_ = made_.epoch;
  // Not allowed to ask, or no answer: then it is not known, and not asked again.
  const auto* told = outcome ? std::get_if<jetstream::server_identity>(&*outcome) : nullptr;
  identity_ = told == nullptr ? jetstream::server_identity{} : *told;
  auto report = status();
  report.server_time = identity_.time;
  pings_.at(step - 1).promise.deliver(std::move(report));
  forget_answered_pings();
}

void gateway_state::forget_answered_pings() {
  const bool all_done = std::none_of(pings_.begin(), pings_.end(),
                                     [](const auto& one) { return one.promise.pending(); });
  if (all_done) {
    pings_.clear();
  }
}

void gateway_state::arm_tick() {
  auto due = requests_.next_due();
  for (const auto& other : {subscriptions_.next_due(), check_ends_}) {
    if (other && (!due || *other < *due)) {
      due = other;
    }
  }
  if (!due || (tick_at_ && *tick_at_ <= *due)) {
    return;
  }
  const auto earliest = now() + limits::deadline_tick / 2;
  if (tick_at_ && *tick_at_ <= earliest) {
    return;
  }
  tick_at_ = std::max(*due, earliest);
  self_->delayed_send(self_, *tick_at_ - now(), gateway_tick{++tick_generation_});
}

} // namespace nats_mcp
