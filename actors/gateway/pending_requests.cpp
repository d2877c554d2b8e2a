// SPDX-License-Identifier: MIT
#include "actors/gateway/pending_requests.hpp"

#include "protocol/jetstream/delivery_codec.hpp"
#include "protocol/jetstream/sentences.hpp"

#include <algorithm>
#include <type_traits>

namespace nats_mcp {

namespace {

constexpr unsigned request_incarnation_shift = 40;

jetstream::request_table::options table_options(std::uint64_t incarnation) {
  jetstream::request_table::options choice;
  choice.first = jetstream::request_id{(incarnation << request_incarnation_shift) + 1};
  return choice;
}

template <class T>
void deliver_as(guarded_promise<T>& waiting, jetstream::answer&& outcome) {
  if (auto* value = std::get_if<T>(&outcome)) {
    waiting.deliver(std::move(*value));
  } else {
    waiting.fail({ec::malformed, "The NATS server answered something else than was asked.", 0});
  }
}

} // namespace

pending_requests::pending_requests(std::shared_ptr<transport::server_link> connection,
                                   std::uint64_t incarnation)
  : connection_{std::move(connection)}
  , table_{table_options(incarnation)}
  , lanes_{connection_, incarnation} {
  // nop
}

// -- requests ----------------------------------------------------------------------------------

void pending_requests::submit(jetstream::exchange conversation, requester who, monotonic_time now) {
  const auto id = table_.submit(conversation.terms(), now);
  if (!id) {
    answer(std::move(who), fail(ec::busy, jetstream::busy_sentence(conversation.description())));
    return;
  }
  const auto number = static_cast<std::uint64_t>(*id);
  entries_.emplace(number, entry{std::move(conversation), std::move(who), {}, {}});
  run_effects(now);
}

void pending_requests::send(const jetstream::outgoing& message) {
  written_ = connection_->write(epoch_, message).has_value() || written_;
}

void pending_requests::on_message(transport::subscription_key source, jetstream::incoming&& message,
                                  monotonic_time now) {
  const auto number = lanes_.request_on(source);
  const auto found = entries_.find(number);
  if (found == entries_.end()) {
    // Late: its request has ended. A delivery comes again from the server, at once if we say so.
    if (lanes_.lingers(source) && jetstream::parse_ack_subject(message.reply)) {
      jetstream::settle back;
      back.kind = jetstream::ack_kind::nak;
      send({message.reply, {}, {}, jetstream::encode_settlement(back)});
    }
    return;
  }
  // A reply to an earlier request on this lane; what a consumer delivers bears another subject.
  const std::string_view subject{message.subject};
  if (subject.starts_with(connection_->inbox()) && !subject.ends_with("." + hexadecimal(number))) {
    return;
  }
  advance(found, std::move(message), now);
  run_effects(now);
}

void pending_requests::advance(entries::iterator found, jetstream::incoming&& message,
                               monotonic_time now) {
  const jetstream::request_id id{found->first};
  auto next =
    found->second.conversation.on_reply(std::move(message), {facts_, table_.attempts(id), now});
  if (auto* outcome = std::get_if<result<jetstream::answer>>(&next)) {
    const bool once = table_.attempts(id) == 1;
    table_.answered(id);
    finish(found, std::move(*outcome), once ? silence::certain : silence::possible, now);
  } else if (const auto* again = std::get_if<jetstream::continue_after>(&next)) {
    table_.write_again(id, again->delay, now);
  }
}

// -- the connection ----------------------------------------------------------------------------

void pending_requests::connected(std::uint64_t epoch, monotonic_time now) {
  epoch_ = epoch;
  connected_ = true;
  table_.connected(now);
  run_effects(now);
}

void pending_requests::disconnected(monotonic_time now) {
  connected_ = false;
  table_.disconnected(now);
  run_effects(now);
}

void pending_requests::attempt_failed(monotonic_time began, const error& reason, bool give_up,
                                      monotonic_time now) {
  outage_ = reason.message;
  table_.attempt_failed(began, reason.code, give_up);
  run_effects(now);
}

void pending_requests::refused(const transport::refused_subject& refusal, monotonic_time now) {
  const bool publishing = refusal.refused == transport::refused_subject::operation::publish;
  const bool inbox = refusal.subject.starts_with(connection_->inbox());
  std::vector<std::uint64_t> affected;
  for (const auto& [number, request] : entries_) {
    const auto reply = request.lane ? lanes_.reply_subject(*request.lane, number) : std::string{};
    // Being refused our own fence still proves that the server has read everything before it.
    if (publishing && inbox && reply == refusal.subject) {
      advance(entries_.find(number), {}, now);
      run_effects(now);
      return;
    }
    if ((!publishing && inbox)
        || (publishing && request.written_at != monotonic_time{}
            && request.conversation.writes_to(
              refusal.subject,
              {facts_, table_.attempts(jetstream::request_id{number}) - 1, now}))) {
      affected.push_back(number);
    }
  }
  std::sort(affected.begin(), affected.end());
  for (const auto number : affected) {
    table_.answered(jetstream::request_id{number});
    const auto found = entries_.find(number);
    auto sentence =
      jetstream::permission_sentence(found->second.conversation.description(),
                                     publishing ? "publish to" : "subscribe to", refusal.subject);
    finish(found, fail(ec::permission_denied, std::move(sentence)), silence::possible, now);
  }
  run_effects(now);
}

void pending_requests::tick(monotonic_time now) {
  lanes_.tick(now);
  table_.tick(now);
  run_effects(now);
}

std::optional<monotonic_time> pending_requests::next_due() const {
  const auto request = table_.next_due();
  const auto lane = lanes_.next_due();
  return request && lane ? std::min(*request, *lane) : (request ? request : lane);
}

void pending_requests::end_all() {
  auto ending = std::exchange(entries_, {});
  for (auto& [number, request] : ending) {
    const bool sent = table_.attempts(jetstream::request_id{number}) > 0;
    const auto what = request.conversation.description();
    table_.answered(jetstream::request_id{number});
    answer(std::move(request.who),
           sent ? fail(ec::unknown_outcome, jetstream::unknown_outcome_sentence(what))
                : fail(ec::unavailable, jetstream::closing_sentence(what)));
  }
  (void)table_.take_effects();
}

// -- inside ------------------------------------------------------------------------------------

void pending_requests::run_effects(monotonic_time now) {
  for (auto effects = table_.take_effects(); !effects.empty(); effects = table_.take_effects()) {
    for (const auto& effect : effects) {
      if (const auto* writing = std::get_if<jetstream::write_request>(&effect)) {
        write(writing->id, now);
        continue;
      }
      auto end = std::get<jetstream::end_request>(effect);
      if (!connected_ && end.code == ec::timeout && !outage_.empty()) {
        // It waited for a connection in vain: why there is none says more than that time is over.
        end.reason = jetstream::end_reason::no_connection;
        end.code = ec::nats_unreachable;
      }
      if (const auto found = entries_.find(static_cast<std::uint64_t>(end.id));
          found != entries_.end()) {
        finish(found, found->second.conversation.on_end(end, outage_), silence::possible, now);
      }
    }
  }
}

void pending_requests::write(jetstream::request_id id, monotonic_time now) {
  const auto number = static_cast<std::uint64_t>(id);
  const auto found = entries_.find(number);
  if (found == entries_.end()) {
    return;
  }
  auto& request = found->second;
  if (!request.lane) {
    auto lane = lanes_.take(number);
    if (!lane) {
      table_.answered(id);
      finish(found, tl::make_unexpected(lane.error()), silence::certain, now);
      return;
    }
    request.lane = *lane;
  }
  const auto message = request.conversation.message(lanes_.reply_subject(*request.lane, number),
                                                    {facts_, table_.attempts(id) - 1, now});
  if (const auto done = connection_->write(epoch_, message); !done) {
    if (done.error().code == ec::nats_unreachable) {
      table_.not_written(id);
    } else {
      table_.answered(id);
      finish(found, tl::make_unexpected(done.error()), silence::certain, now);
    }
    return;
  }
  written_ = true;
  request.written_at = now;
  if (request.conversation.ends_when_written()) {
    table_.answered(id);
    finish(found, jetstream::answer{jetstream::settled{}}, silence::certain, now);
  }
}

void pending_requests::finish(entries::iterator found, result<jetstream::answer>&& outcome,
                              silence after, monotonic_time now) {
  auto request = std::move(found->second);
  entries_.erase(found);
  const auto late = request.conversation.late_handed_back_for();
  if (request.lane && after == silence::certain) {
    lanes_.release(*request.lane);
  } else if (request.lane && late > std::chrono::milliseconds{0}) {
    lanes_.linger(*request.lane, now + late);
  } else if (request.lane) {
    lanes_.retire(*request.lane);
  }
  if (const auto* purpose = std::get_if<internal_purpose>(&request.who)) {
    const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(now - request.written_at);
    finished_.push_back({*purpose, std::move(outcome), took});
    return;
  }
  answer(std::move(request.who), std::move(outcome));
}

void pending_requests::answer(requester&& who, result<jetstream::answer>&& outcome) {
  const auto deliver = [&outcome](auto& waiting) {
    using promise = std::decay_t<decltype(waiting)>;
    if constexpr (!std::is_same_v<promise, internal_purpose>) {
      if (outcome) {
        deliver_as(waiting, std::move(*outcome));
      } else {
        waiting.fail(outcome.error());
      }
    }
  };
  if (const auto* purpose = std::get_if<internal_purpose>(&who)) {
    finished_.push_back({*purpose, std::move(outcome), {}});
    return;
  }
  std::visit(deliver, who);
}

} // namespace nats_mcp
