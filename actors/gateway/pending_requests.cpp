// SPDX-License-Identifier: MIT
#include "actors/gateway/pending_requests.hpp"

#include "protocol/jetstream/sentences.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

namespace nats_mcp {

namespace {

constexpr unsigned incarnation_shift = 40;

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

/// Lanes are the subscriptions 1, 2, …: the same in every incarnation, so that none is left behind.
transport::subscription_key key_of_lane(std::size_t lane) {
  return transport::subscription_key{lane + 1};
}

jetstream::request_table::options table_options(std::uint64_t incarnation) {
  jetstream::request_table::options choice;
  choice.first = jetstream::request_id{(incarnation << incarnation_shift) + 1};
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

pending_requests::pending_requests(std::shared_ptr<transport::connection> connection,
                                   std::uint64_t incarnation)
  : connection_{std::move(connection)}
  , table_{table_options(incarnation)} {
  // nop
}

// -- requests ----------------------------------------------------------------------------------

void pending_requests::submit(jetstream::exchange conversation, requester who, monotonic_time now) {
  const auto terms = conversation.terms();
  std::optional<std::size_t> lane;
  if (terms.window == jetstream::window_use::free) {
    auto taken = take_lane();
    if (!taken) {
      answer(std::move(who), tl::make_unexpected(taken.error()));
      return;
    }
    lane = *taken;
  }
  const auto id = table_.submit(terms, now);
  if (!id) {
    answer(std::move(who), fail(ec::busy, jetstream::busy_sentence(conversation.description())));
    return;
  }
  const auto number = static_cast<std::uint64_t>(*id);
  if (lane) {
    lanes_[*lane] = number;
  }
  entries_.emplace(number, entry{std::move(conversation), std::move(who), {}, lane});
  run_effects(now);
}

void pending_requests::send(const jetstream::outgoing& message) {
  written_ = connection_->write(epoch_, message).has_value() || written_;
}

void pending_requests::on_reply(std::string_view token, jetstream::incoming&& message,
                                monotonic_time now) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), number, 16);
  const auto found = read.ec == std::errc{} ? entries_.find(number) : entries_.end();
  if (found != entries_.end()) {
    on_message(found, std::move(message), now);
    run_effects(now);
  }
}

void pending_requests::on_pull_message(transport::subscription_key source,
                                       jetstream::incoming&& message, monotonic_time now) {
  const auto lane = static_cast<std::size_t>(source) - 1;
  if (lane >= lanes_.size() || lanes_[lane] == 0) {
    return; // Late, and its pull has been answered: the server delivers it again.
  }
  const auto number = lanes_[lane];
  // Status messages name their pull; one for an earlier pull on this lane means nothing any more.
  if (message.status != 0 && !message.subject.ends_with("." + hexadecimal(number))) {
    return;
  }
  on_message(entries_.find(number), std::move(message), now);
  run_effects(now);
}

void pending_requests::on_message(entries::iterator found, jetstream::incoming&& message,
                                  monotonic_time now) {
  const jetstream::request_id id{found->first};
  auto next =
    found->second.conversation.on_reply(std::move(message), {facts_, table_.attempts(id), now});
  if (auto* outcome = std::get_if<result<jetstream::answer>>(&next)) {
    table_.answered(id);
    finish(found, std::move(*outcome), now);
  } else if (const auto* again = std::get_if<jetstream::continue_after>(&next)) {
    table_.write_again(id, again->delay, now);
  }
}

// -- the connection ----------------------------------------------------------------------------

void pending_requests::connected(std::uint64_t epoch, monotonic_time now) {
  epoch_ = epoch;
  table_.connected(now);
  run_effects(now);
}

void pending_requests::disconnected(monotonic_time now) {
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
  const auto sentence =
    jetstream::permission_sentence(publishing ? "publish to" : "subscribe to", refusal.subject);
  std::vector<std::uint64_t> affected;
  for (const auto& [number, request] : entries_) {
    const auto reply = reply_subject(number, request);
    // Being refused our own fence still proves that the server has read everything before it.
    if (publishing && inbox && reply == refusal.subject) {
      on_reply(hexadecimal(number), {}, now);
      return;
    }
    if ((!publishing && inbox)
        || (publishing && request.written_at != monotonic_time{}
            && request.conversation.writes_to(refusal.subject, now))) {
      affected.push_back(number);
    }
  }
  std::sort(affected.begin(), affected.end());
  for (const auto number : affected) {
    table_.answered(jetstream::request_id{number});
    finish(entries_.find(number), fail(ec::permission_denied, sentence), now);
  }
  run_effects(now);
}

void pending_requests::tick(monotonic_time now) {
  table_.tick(now);
  run_effects(now);
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
      const auto& end = std::get<jetstream::end_request>(effect);
      if (const auto found = entries_.find(static_cast<std::uint64_t>(end.id));
          found != entries_.end()) {
        finish(found, found->second.conversation.on_end(end, outage_), now);
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
  const auto message = request.conversation.message(reply_subject(number, request), now);
  if (const auto done = connection_->write(epoch_, message); !done) {
    if (done.error().code == ec::nats_unreachable) {
      table_.not_written(id);
    } else {
      table_.answered(id);
      finish(found, tl::make_unexpected(done.error()), now);
    }
    return;
  }
  written_ = true;
  request.written_at = now;
  if (request.conversation.ends_when_written()) {
    table_.answered(id);
    finish(found, jetstream::answer{jetstream::settled{}}, now);
  }
}

void pending_requests::finish(entries::iterator found, result<jetstream::answer>&& outcome,
                              monotonic_time now) {
  auto request = std::move(found->second);
  entries_.erase(found);
  if (request.lane) {
    lanes_[*request.lane] = 0;
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

result<std::size_t> pending_requests::take_lane() {
  const auto free = std::find(lanes_.begin(), lanes_.end(), 0U);
  const auto lane = static_cast<std::size_t>(free - lanes_.begin());
  if (free != lanes_.end()) {
    return lane;
  }
  if (lane >= limits::nats_pulls_max) {
    return fail(ec::busy, jetstream::busy_sentence("request for messages"));
  }
  const auto subject = connection_->inbox() + ".p" + hexadecimal(lane) + ".*";
  if (auto done = connection_->subscribe(key_of_lane(lane), subject, {}); !done) {
    return tl::make_unexpected(done.error());
  }
  lanes_.push_back(0);
  return lane;
}

std::string pending_requests::reply_subject(std::uint64_t id, const entry& request) const {
  auto subject = connection_->inbox();
  if (request.lane) {
    subject.append(".p").append(hexadecimal(*request.lane));
  }
  return subject.append(1, '.').append(hexadecimal(id));
}

} // namespace nats_mcp
