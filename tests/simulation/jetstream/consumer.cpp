// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/consumer.hpp"

#include "protocol/json/member.hpp"

#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace nats_mcp::simulation {

namespace {

json::value position(std::uint64_t consumer_sequence, std::uint64_t stream_sequence) {
  return {{"consumer_seq", consumer_sequence}, {"stream_seq", stream_sequence}};
}

bool read_number(std::string_view digits, std::uint64_t& into) {
  const auto* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, into);
  return read.ec == std::errc{} && read.ptr == end;
}

/// The delay in `-NAK {"delay": nanoseconds}`; zero without one.
std::chrono::nanoseconds nak_delay(std::string_view payload) {
  const auto brace = payload.find('{');
  if (brace == payload.npos) {
    return {};
  }
  const auto body = json::parse(payload.substr(brace));
  return std::chrono::nanoseconds{body ? json::signed_member(*body, "delay").value_or(0) : 0};
}

} // namespace

std::optional<delivery_name> parse_delivery_name(std::string_view ack_subject) {
  const auto tokens = tokens_of(ack_subject);
  if (tokens.size() != 9 || tokens[0] != "$JS" || tokens[1] != "ACK") {
    return std::nullopt;
  }
  delivery_name name{std::string{tokens[2]}, std::string{tokens[3]}};
  if (!read_number(tokens[4], name.delivery_count)
      || !read_number(tokens[5], name.stream_sequence)) {
    return std::nullopt;
  }
  return name;
}

consumer::consumer(std::string stream, std::string name, consumer_config config, behaviour how,
                   const message_log& log, const outlet& out, instant now)
  : stream_{std::move(stream)}
  , name_{std::move(name)}
  , config_{std::move(config)}
  , how_{how}
  , log_{log}
  , out_{out}
  , ledger_{config_.ack_wait}
  , waiting_{out}
  , created_{now}
  , last_used_{now}
  , last_sent_{now} {
  start();
  interest_changed(now);
}

void consumer::start() {
  const auto last = log_.last_sequence();
  switch (config_.deliver) {
    case deliver_kind::all:
      next_ = std::max<std::uint64_t>(1, log_.first_sequence());
      break;
    case deliver_kind::latest: {
      const auto* newest = log_.last_of(config_.pattern());
      next_ = newest == nullptr ? last + 1 : newest->sequence;
      break;
    }
    case deliver_kind::fresh:
      next_ = last + 1;
      break;
    case deliver_kind::by_start_sequence:
      next_ = std::min(*config_.start_sequence, last + 1);
      break;
    case deliver_kind::last_per_subject: {
      const auto newest = log_.newest_of_each(config_.pattern());
      newest_first_.assign(newest.begin(), newest.end());
      if (how_.is(mutation::watch_order_wrong)) {
        std::reverse(newest_first_.begin(), newest_first_.end());
      }
      next_ = last + 1;
      break;
    }
  }
  delivered_stream_sequence_ = newest_first_.empty() ? next_ - 1 : newest_first_.front() - 1;
}

void consumer::pull(const pull_request& request, instant now) {
  last_used_ = now;
  if (config_.pushes()) {
    out_.send(request.reply, status_message(409, "Consumer is push based"));
    return;
  }
  waiting_.sweep(now, false);
  if (waiting_.size() >= config_.max_waiting) {
    out_.send(request.reply, status_message(409, "Exceeded MaxWaiting"));
    return;
  }
  if (request.no_wait) {
    const auto there = pending() + ledger_.waiting_again();
    if (there == 0 && request.expires.count() == 0) {
      out_.send(request.reply, status_message(404, "No Messages"));
      return;
    }
    if (there > 0 && waiting_.wanted() > there) {
      out_.send(request.reply, status_message(408, "Requests Pending"));
      return;
    }
  }
  waiting_.add(request, now);
  dispatch(now);
}

bool consumer::settle(std::uint64_t sequence, std::string_view payload, instant now) {
  const auto is = [&](std::string_view verb) { return payload.substr(0, verb.size()) == verb; };
  if (payload.empty() || is("+ACK") || is("+OK") || is("+TERM")) {
    ledger_.settle(sequence);
    dispatch(now);
    return true;
  }
  if (is("-NAK")) {
    const auto delay = nak_delay(payload);
    if (delay.count() > 0) {
      ledger_.again_after(sequence, delay, now);
    } else {
      ledger_.again_now(sequence);
    }
    dispatch(now);
  } else if (is("+WPI")) {
    ledger_.extend(sequence, now);
  }
  return false;
}

void consumer::rewrite(consumer_config config, instant now) {
  ledger_.set_ack_wait(config.ack_wait);
  config_ = std::move(config);
  last_used_ = now;
  dispatch(now);
}

void consumer::message_stored(const log_entry& entry, instant now) {
  if (matches(config_.pattern(), entry.subject)) {
    dispatch(now);
  }
}

void consumer::message_removed(std::uint64_t sequence) {
  ledger_.settle(sequence);
  newest_first_.erase(std::remove(newest_first_.begin(), newest_first_.end(), sequence),
                      newest_first_.end());
}

void consumer::message_restored(std::uint64_t sequence, instant now) {
  ledger_.delivered(sequence, consumer_sequence_, now);
}

void consumer::interest_changed(instant now) {
  if (!config_.pushes()) {
    waiting_.sweep(now, false);
    return;
  }
  const auto bound = out_.has_interest(config_.deliver_subject);
  if (bound != bound_) {
    bound_ = bound;
    last_used_ = now;
    last_sent_ = now;
  }
  if (bound_) {
    dispatch(now);
  }
}

void consumer::advance(instant now) {
  ledger_.expire(now);
  dispatch(now);
  heartbeat(now);
}

void consumer::restarted(instant now) {
  if (how_.is(mutation::restart_forgets_deliveries)) {
    ledger_ = delivery_ledger{config_.ack_wait};
  }
  waiting_.drop_all();
  bound_ = false;
  last_used_ = now;
}

std::optional<instant> consumer::next_due() const {
  auto next = waiting_.next_due();
  const auto consider = [&](std::optional<instant> due) {
    if (due && (!next || *due < *next)) {
      next = due;
    }
  };
  consider(ledger_.next_due());
  if (config_.pushes() && bound_ && config_.idle_heartbeat.count() > 0) {
    consider(last_sent_ + config_.idle_heartbeat);
  }
  if (config_.inactive_threshold.count() > 0 && !bound_ && waiting_.empty()) {
    consider(last_used_ + config_.inactive_threshold);
  }
  return next;
}

bool consumer::abandoned(instant now) const {
  return config_.inactive_threshold.count() > 0 && !bound_ && waiting_.empty()
         && now - last_used_ >= config_.inactive_threshold;
}

std::uint64_t consumer::pending() const {
  return newest_first_.size() + log_.count(config_.pattern(), next_);
}

json::value consumer::information() const {
  const auto oldest = ledger_.oldest();
  json::value out{{"stream_name", stream_},
                  {"name", name_},
                  {"created", to_text(created_)},
                  {"config", to_json(config_)}};
  out["delivered"] = position(consumer_sequence_, delivered_stream_sequence_);
  out["ack_floor"] = oldest ? position(oldest->second - 1, oldest->first - 1)
                     : consumer_sequence_ == 0
                       ? position(0, 0)
                       : position(consumer_sequence_, delivered_stream_sequence_);
  out["num_ack_pending"] = ledger_.pending();
  out["num_redelivered"] = ledger_.redelivered();
  out["num_waiting"] = waiting_.size();
  out["num_pending"] = pending();
  if (bound_) {
    out["push_bound"] = true;
  }
  return out;
}

} // namespace nats_mcp::simulation
