// SPDX-License-Identifier: MIT
#include "tests/simulation/network/network.hpp"

#include "protocol/backoff.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

namespace {

constexpr const char* address = "nats://simulated:4222";

error lost() {
  return {ec::nats_unreachable, "The connection to NATS at nats://simulated:4222 was lost.", 0};
}

/// What a sender may repeat without harm, so that the server may well meet it twice.
bool is_repeatable(const jetstream::outgoing& message) {
  return message.subject.starts_with("$JS.ACK.")
         || !jetstream::header(message.headers, "Nats-Msg-Id").empty()
         || !jetstream::header(message.headers, "Nats-Expected-Last-Subject-Sequence").empty();
}

} // namespace

network::network(options choice)
  : options_{std::move(choice)}
  , began_{options_.clock()}
  , random_{options_.seed}
  , server_{options_.nats} {
  plan_next(planned::restart, began_);
  plan_next(planned::stall, began_);
}

// -- processes ---------------------------------------------------------------------------------

process_id network::join(std::function<void(transport::event)> report) {
  const process_id id{++last_process_};
  processes_[id].report = std::move(report);
  return id;
}

void network::leave(process_id id) {
  auto& one = processes_.at(id);
  if (one.alive) {
    cut(one, id, options_.clock());
  }
  processes_.erase(id);
}

void network::connect(process_id id) {
  auto& one = processes_.at(id);
  if (one.epoch != 0 || one.connecting) {
    return;
  }
  one.connecting = true;
  const auto now = options_.clock();
  at(now + delay(), attempt{id, now});
}

result<void> network::write(process_id id, std::uint64_t epoch,
                            const jetstream::outgoing& message) {
  auto& one = processes_.at(id);
  if (one.epoch == 0 || one.epoch != epoch) {
    return tl::make_unexpected(lost());
  }
  if (message.payload.size() > options_.nats.max_payload_bytes) {
    return fail(ec::limit_exceeded, "The message for \"" + message.subject
                                      + "\" is larger than the NATS server takes.");
  }
  if (rolls(options_.plan.disconnect) && one.alive) {
    tell("disconnect");
    cut(one, id, options_.clock());
  }
  if (strikes(options_.plan.lose_request, "lost request")) {
    return {};
  }
  if (is_repeatable(message) && strikes(options_.plan.duplicate_request, "duplicate request")) {
    send(id, {id, epoch, message, {}, {}});
  }
  send(id, {id, epoch, message, {}, {}});
  return {};
}

void network::subscribe(process_id id, std::uint64_t key, std::string subject, std::string group) {
  auto& one = processes_.at(id);
  const auto known = !one.wanted.insert_or_assign(key, std::pair{subject, group}).second;
  if (!known && one.epoch != 0) {
    send(id,
         {id, one.epoch, transport::subscription_key{key}, std::move(subject), std::move(group)});
  }
}

void network::unsubscribe(process_id id, std::uint64_t key) {
  auto& one = processes_.at(id);
  if (one.wanted.erase(key) != 0 && one.epoch != 0) {
    send(id, {id, one.epoch, transport::subscription_key{key}, {}, {}});
  }
}

void network::unsubscribe_range(process_id id, std::uint64_t first, std::uint64_t last) {
  const auto& wanted = processes_.at(id).wanted;
  for (auto next = wanted.lower_bound(first); next != wanted.end() && next->first < last;
       next = wanted.lower_bound(first)) {
    unsubscribe(id, next->first);
  }
}

std::optional<transport::connection_made> network::current(process_id id) const {
  const auto& one = processes_.at(id);
  if (one.epoch == 0) {
    return std::nullopt;
  }
  return transport::connection_made{one.epoch, address, options_.nats.max_payload_bytes, false};
}

void network::send(process_id from, to_server one) {
  auto& sender = processes_.at(from);
  sender.last_sent = std::max(sender.last_sent, options_.clock() + delay());
  at(sender.last_sent, std::move(one));
}

// -- time --------------------------------------------------------------------------------------

void network::at(monotonic_time when, happening what) {
  const auto before = next_due();
  schedule_.emplace(std::pair{when, ++scheduled_}, std::move(what));
  if (wake_ && (!before || when < *before)) {
    wake_();
  }
}

std::optional<monotonic_time> network::next_due() const {
  std::optional<monotonic_time> next;
  if (!schedule_.empty()) {
    next = schedule_.begin()->first.first;
  }
  if (const auto due = server_.next_due(); due && !down_) {
    const auto time = began_ + (*due - options_.civil_start);
    const auto awake = std::max({time, stalled_until_, began_});
    next = next ? std::min(*next, awake) : awake;
  }
  return next;
}

void network::advance() {
  const auto now = options_.clock();
  for (auto due = next_due(); due && *due <= now; due = next_due()) {
    if (!schedule_.empty() && schedule_.begin()->first.first <= *due) {
      auto next = schedule_.extract(schedule_.begin());
      const auto time = next.key().first;
      std::visit([&](auto& one) { happen(one, time); }, next.mapped());
    } else {
      server_.advance(civil(*due));
      spread_output(*due);
    }
  }
}

instant network::civil(monotonic_time time) const {
  return options_.civil_start + std::chrono::duration_cast<std::chrono::nanoseconds>(time - began_);
}

std::chrono::nanoseconds network::delay() {
  const auto& plan = options_.plan;
  const auto spread = static_cast<std::uint64_t>((plan.delay_max - plan.delay_min).count());
  const auto extra = spread == 0 ? 0 : random_() % (spread + 1);
  return plan.delay_min + std::chrono::microseconds{extra};
}

// -- what happens ------------------------------------------------------------------------------

void network::happen(to_server& one, monotonic_time now) {
  const auto found = processes_.find(one.from);
  if (down_ || found == processes_.end() || !found->second.alive
      || found->second.epoch != one.epoch) {
    return;
  }
  if (const auto held_up = std::max(stalled_until_, found->second.cut_off_until); now < held_up) {
    at(held_up, std::move(one));
    return;
  }
  const auto connection = found->second.connection;
  if (const auto* message = std::get_if<jetstream::outgoing>(&one.what)) {
    server_.publish(connection, *message, civil(now));
  } else {
    const auto key = static_cast<std::uint64_t>(std::get<transport::subscription_key>(one.what));
    if (one.subject.empty()) {
      server_.unsubscribe(connection, key, civil(now));
    } else {
      server_.subscribe(connection, key, one.subject, one.group, civil(now));
    }
  }
  spread_output(now);
}

void network::spread_output(monotonic_time now) {
  for (auto& output : server_.take_output()) {
    const auto found = by_connection_.find(output.to);
    if (found == by_connection_.end()) {
      continue;
    }
    auto& receiver = processes_.at(found->second);
    to_process one{found->second, receiver.epoch, {}};
    if (auto* delivered = std::get_if<delivered_message>(&output.what)) {
      if (strikes(options_.plan.lose_answer, "lost answer")) {
        continue;
      }
      one.what = transport::message_received{transport::subscription_key{delivered->subscription},
                                             std::move(delivered->message)};
    } else {
      one.what =
        transport::subject_refused{{transport::refused_subject::operation::publish,
                                    std::move(std::get<refused_publish>(output.what).subject)}};
    }
    receiver.last_received = std::max(receiver.last_received, now + delay());
    at(receiver.last_received, std::move(one));
  }
}

void network::happen(to_process& one, monotonic_time now) {
  const auto found = processes_.find(one.to);
  if (found == processes_.end() || !found->second.alive || found->second.epoch != one.epoch) {
    return;
  }
  if (const auto held_up = found->second.cut_off_until; now < held_up) {
    at(held_up, std::move(one));
  } else {
    found->second.report(std::move(one.what));
  }
}

void network::happen(attempt& one, monotonic_time now) {
  const auto found = processes_.find(one.by);
  if (found == processes_.end() || !found->second.connecting) {
    return;
  }
  auto& by = found->second;
  if (now < by.cut_off_until) {
    at(by.cut_off_until, std::move(one));
    return;
  }
  by.connecting = false;
  if (down_) {
    // As with the real connection: the first is tried once for each demand, later ones until made.
    if (by.epochs > 0) {
      backoff pause{{limits::reconnect_delay_min, limits::reconnect_delay_max, 20}};
      auto wait = pause.next(random_());
      for (unsigned failure = 0; failure < by.failures; ++failure) {
        wait = pause.next(random_());
      }
      ++by.failures;
      by.connecting = true;
      at(now + wait, attempt{one.by, now});
    }
    by.report(transport::connection_failed{
      one.began, {ec::nats_unreachable, "No NATS server answers at nats://simulated:4222.", 0}});
    return;
  }
  by.failures = 0;
  by.epoch = ++by.epochs;
  by.alive = true;
  by.connection = server_.connect();
  by_connection_[by.connection] = one.by;
  for (const auto& [key, wanted] : by.wanted) {
    server_.subscribe(by.connection, key, wanted.first, wanted.second, civil(now));
  }
  spread_output(now);
  by.report(*current(one.by));
}

void network::happen(notice_loss& one, monotonic_time now) {
  const auto found = processes_.find(one.by);
  if (found == processes_.end() || found->second.epoch != one.epoch) {
    return;
  }
  auto& by = found->second;
  by.epoch = 0;
  by.connecting = true;
  at(now + limits::reconnect_delay_min, attempt{one.by, now});
  by.report(transport::connection_lost{one.epoch, lost()});
}

void network::happen(server_back&, monotonic_time now) {
  down_ = false;
  server_.advance(civil(now));
  spread_output(now);
}

void network::happen(planned& one, monotonic_time now) {
  const auto& plan = options_.plan;
  if (one == planned::restart && plan.restart_every.count() > 0) {
    stop_server(rolls(plan.kill), plan.restart_lasts, now);
    plan_next(one, now + plan.restart_lasts);
  } else if (one == planned::stall && plan.stall_every.count() > 0) {
    stalled_until_ = now + plan.stall_lasts;
    tell("slow server");
    plan_next(one, stalled_until_);
  }
}

void network::plan_next(planned what, monotonic_time now) {
  const auto mean =
    what == planned::restart ? options_.plan.restart_every : options_.plan.stall_every;
  if (mean.count() > 0) {
    const auto spread = static_cast<std::uint64_t>(2 * mean.count());
    at(now + std::chrono::milliseconds{1 + random_() % spread}, what);
  }
}

} // namespace nats_mcp::simulation
