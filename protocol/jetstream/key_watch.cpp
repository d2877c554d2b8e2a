// SPDX-License-Identifier: MIT
#include "protocol/jetstream/key_watch.hpp"

#include "protocol/backoff.hpp"
#include "protocol/jetstream/delivery_codec.hpp"
#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <charconv>

namespace nats_mcp::jetstream {

namespace {

constexpr std::chrono::milliseconds retry_first{250};
constexpr std::chrono::milliseconds retry_longest{5000};
constexpr int status_control = 100;

std::uint64_t unsigned_number(const json::value* found) {
  return found != nullptr && found->is_number_unsigned()
           ? *found->get_ptr<const json::value::number_unsigned_t*>()
           : 0;
}

const json::value* find_in(const json::value* object, std::string_view key) {
  return object == nullptr ? nullptr : json::find(*object, key);
}

} // namespace

void key_watch::begin(std::string deliver_subject, std::string consumer, monotonic_time now) {
  deliver_subject_ = std::move(deliver_subject);
  consumer_ = std::move(consumer);
  consumer_sequence_ = 0;
  state_ = state::asking_stream;
  due_ = now + limits::watch_silence_max;
  ask("STREAM.INFO." + stream_of_bucket(options_.bucket), {});
}

void key_watch::on_answer(std::uint64_t step, const result<api_reply>& reply, monotonic_time now) {
  if (step != step_ || (state_ != state::asking_stream && state_ != state::asking_consumer)) {
    return;
  }
  if (!reply) {
    fail_for_now(reply.error(), now);
  } else if (state_ == state::asking_stream) {
    on_stream_info(*reply, now);
  } else {
    on_consumer_made(*reply, now);
  }
}

void key_watch::on_stream_info(const api_reply& reply, monotonic_time now) {
  const auto document = json::parse(reply.body);
  const auto* created = document ? json::find(*document, "created") : nullptr;
  const auto* text = created == nullptr ? nullptr : created->get_ptr<const std::string*>();
  if (text == nullptr) {
    fail_for_now({ec::malformed,
                  "The NATS server described the bucket \"" + options_.bucket
                    + "\" in a way that could not be read.",
                  0},
                 now);
    return;
  }
  auto& position = options_.position;
  const auto last = unsigned_number(find_in(json::find(*document, "state"), "last_seq"));
  const bool nothing_seen = position.stream_created.empty();
  const bool same = position.stream_created == *text && last >= position.last_sequence;
  if (!nothing_seen && (!same || !position.initial_values_done)) {
    position = {};
    effects_.emplace_back(kv_watch_event{options_.id, kv_watch_state::restarted, {}});
  }
  position.stream_created = *text;
  state_ = state::asking_consumer;
  ask("CONSUMER.CREATE." + stream_of_bucket(options_.bucket) + "." + consumer_ + "."
        + subject_of_key(options_.bucket, options_.filter),
      consumer_request());
}

void key_watch::on_consumer_made(const api_reply& reply, monotonic_time now) {
  state_ = state::following;
  established_ = true;
  failures_ = 0;
  failure_ = {};
  due_ = now + limits::watch_silence_max;
  const auto document = json::parse(reply.body);
  const auto* pending = document ? json::find(*document, "num_pending") : nullptr;
  // An empty bucket delivers nothing that could say that it was the last.
  if (unsigned_number(pending) == 0) {
    initial_values_are_done();
  }
}

void key_watch::on_message(incoming&& message, monotonic_time now) {
  if (message.subject != deliver_subject_ && message.status != 0) {
    return;
  }
  if (state_ != state::asking_consumer && state_ != state::following) {
    return; // a consumer that was given up: what it says must not put off the next one
  }
  if (message.status != 0) {
    on_status(message, now);
    return;
  }
  const auto position = parse_ack_subject(message.reply);
  const auto key = key_of_subject(options_.bucket, message.subject);
  if (!position || !key || position->consumer != consumer_) {
    return;
  }
  if (position->consumer_sequence != consumer_sequence_ + 1) {
    begin_again(now);
    return;
  }
  due_ = now + limits::watch_silence_max;
  consumer_sequence_ = position->consumer_sequence;
  options_.position.last_sequence = position->stream_sequence;
  const bool last_pending = position->pending == 0;
  effects_.emplace_back(kv_change{options_.id,
                                  {*key, std::move(message.payload), position->stream_sequence,
                                   operation_of(message.headers), position->stored_at}});
  if (last_pending) {
    initial_values_are_done();
  }
}

void key_watch::on_status(const incoming& message, monotonic_time now) {
  if (message.status != status_control) {
    begin_again(now); // 409: the server gave the consumer up.
    return;
  }
  due_ = now + limits::watch_silence_max;
  if (!message.reply.empty()) {
    effects_.emplace_back(watch_flow_reply{message.reply});
    return;
  }
  if (const auto stalled = header(message.headers, header_name::consumer_stalled);
      !stalled.empty()) {
    effects_.emplace_back(watch_flow_reply{std::string{stalled}});
  }
  const auto delivered = header(message.headers, header_name::last_consumer);
  std::uint64_t sequence = 0;
  std::from_chars(delivered.data(), delivered.data() + delivered.size(), sequence);
  if (sequence > consumer_sequence_) {
    begin_again(now);
  } else if (state_ == state::following) {
    // The server is idle, so whatever was pending has come or has gone meanwhile.
    initial_values_are_done();
  }
}

void key_watch::on_disconnected() {
  state_ = state::resting;
  ++step_;
  due_.reset();
}

std::optional<monotonic_time> key_watch::next_due() const { return due_; }

bool key_watch::wants_begin(monotonic_time now) const { return due_ && *due_ <= now; }

// -- inside ------------------------------------------------------------------------------------

void key_watch::ask(std::string verb, std::string body) {
  effects_.emplace_back(watch_request{++step_, std::move(verb), std::move(body)});
}

void key_watch::fail_for_now(error reason, monotonic_time now) {
  backoff delays{{retry_first, retry_longest, 0}};
  auto delay = delays.next(0);
  for (unsigned i = 0; i < std::min(failures_, 8U); ++i) {
    delay = delays.next(0);
  }
  ++failures_;
  state_ = state::resting;
  ++step_;
  due_ = now + delay;
  failure_ = reason;
  if (established_) {
    effects_.emplace_back(kv_watch_event{options_.id, kv_watch_state::failed, std::move(reason)});
  }
}

void key_watch::begin_again(monotonic_time now) {
  state_ = state::resting;
  ++step_;
  due_ = now;
}

void key_watch::initial_values_are_done() {
  if (!options_.position.initial_values_done) {
    options_.position.initial_values_done = true;
    effects_.emplace_back(kv_watch_event{options_.id, kv_watch_state::initial_values_done, {}});
  }
}

std::string key_watch::consumer_request() const {
  const auto nanoseconds = [](std::chrono::nanoseconds duration) {
    return static_cast<std::int64_t>(duration.count());
  };
  json::value config{
    {"name", consumer_},
    {"deliver_subject", deliver_subject_},
    {"filter_subject", subject_of_key(options_.bucket, options_.filter)},
    {"ack_policy", "none"},
    {"replay_policy", "instant"},
    {"max_deliver", 1},
    {"flow_control", true},
    {"idle_heartbeat", nanoseconds(limits::watch_heartbeat)},
    {"inactive_threshold", nanoseconds(limits::watch_silence_max)},
    {"mem_storage", true},
    {"num_replicas", 1},
  };
  if (options_.position.initial_values_done) {
    config["deliver_policy"] = "by_start_sequence";
    config["opt_start_seq"] = options_.position.last_sequence + 1;
  } else {
    config["deliver_policy"] = "last_per_subject";
  }
  return json::write(
    json::value{{"stream_name", stream_of_bucket(options_.bucket)}, {"config", config}});
}

} // namespace nats_mcp::jetstream
