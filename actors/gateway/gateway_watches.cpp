// SPDX-License-Identifier: MIT
// Watches over buckets and waits for them: the part of gateway_subscriptions around key_watch.
#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/limits.hpp"

#include "actors/gateway/gateway_subscriptions.hpp"

#include <caf/send.hpp>

#include <utility>

namespace nats_mcp {

namespace {

/// Whether trying on may help: otherwise a watch that was never made is given up.
bool may_pass(ec code) {
  return code == ec::timeout || code == ec::unknown_outcome || code == ec::nats_unreachable
         || code == ec::busy;
}

} // namespace

void gateway_subscriptions::watch(kv_watch& command, guarded_promise<subscribed> promise,
                                  pending_requests& requests, monotonic_time now) {
  unsubscribe(command.id, requests);
  if (!has_room(promise, "watch over the bucket \"" + command.bucket + "\"")) {
    return;
  }
  watches_.emplace(
    command.id,
    watch_record{
      jetstream::key_watch{{command.id, std::move(command.bucket), std::move(command.filter), {}}},
      std::move(command.listener),
      {},
      {},
      std::move(promise),
      command.deadline,
      false});
  // Waits for the connection like every request, and ends like one when there is none.
  requests.submit(jetstream::exchange{jetstream::fence{command.deadline}},
                  internal_purpose{internal_purpose::kind::open_watch, command.id, 0}, now);
}

void gateway_subscriptions::await(const await_watch& command,
                                  guarded_promise<watch_is_current> promise,
                                  pending_requests& requests, monotonic_time now) {
  const auto found = watches_.find(command.id);
  if (found == watches_.end()) {
    promise.fail({ec::not_found, "There is no such watch.", 0});
    return;
  }
  if (waits_.size() >= limits::nats_queue_max) {
    promise.fail({ec::busy,
                  jetstream::busy_sentence("look at the bucket \""
                                           + found->second.watch.settings().bucket + "\""),
                  0});
    return;
  }
  const auto step = waits_.add(command, std::move(promise));
  if (!connected_) {
    // Waits for the connection like every request, and ends like one when there is none.
    requests.submit(jetstream::exchange{jetstream::fence{command.deadline}},
                    internal_purpose{internal_purpose::kind::watch_extent, command.id, step}, now);
  }
  ask_how_far(*found, requests, now);
  find_next_due();
}

void gateway_subscriptions::ask_how_far(const watches::value_type& one, pending_requests& requests,
                                        monotonic_time now) {
  const auto& record = one.second;
  for (const auto& question : waits_.to_ask(progress_of(one))) {
    requests.submit(
      jetstream::exchange{jetstream::consumer_info_request(
        jetstream::stream_of_bucket(record.watch.settings().bucket), record.consumer,
        question.deadline)},
      internal_purpose{internal_purpose::kind::watch_extent, one.first, question.step}, now);
  }
}

void gateway_subscriptions::begin(watch_record& record, pending_requests& requests,
                                  monotonic_time now) {
  leave_consumer(record, requests);
  const auto id = record.watch.settings().id;
  record.consumer = "w" + make_uuid(random_);
  record.key = transport::subscription_key{next_watch_key_++};
  watch_by_key_[record.key] = id;
  const auto deliver_subject = connection_->inbox() + "." + record.consumer;
  // Refused or not: the watch hears nothing then, and begins again.
  (void)connection_->subscribe(record.key, deliver_subject, {});
  written_ = true;
  record.watch.begin(deliver_subject, record.consumer, now);
  run_effects(watches_.find(id), requests, now);
}

bool gateway_subscriptions::run_effects(watches::iterator found, pending_requests& requests,
                                        monotonic_time now) {
  auto& record = found->second;
  const auto id = found->first;
  for (auto& effect : record.watch.take_effects()) {
    if (auto* asked = std::get_if<jetstream::watch_request>(&effect)) {
      requests.submit(jetstream::exchange{jetstream::api_request{
                        std::move(asked->verb), std::move(asked->body), jetstream::repeatable::no,
                        now + limits::watch_step_max}},
                      internal_purpose{internal_purpose::kind::watch_step, id, asked->step}, now);
    } else if (const auto* flow = std::get_if<jetstream::watch_flow_reply>(&effect)) {
      requests.send({flow->subject, {}, {}, {}});
    } else if (auto* change = std::get_if<jetstream::kv_change>(&effect)) {
      caf::anon_send(record.listener, std::move(*change));
    } else {
      changed_ = true;
      caf::anon_send(record.listener, std::get<jetstream::kv_watch_event>(std::move(effect)));
    }
  }
  if (!record.promise.pending()) {
    return true;
  }
  if (record.watch.established()) {
    record.promise.deliver({});
    record.deadline.reset();
    changed_ = true;
  } else if (const auto& failure = record.watch.failure();
             failure.code != ec::none && !may_pass(failure.code)) {
    record.promise.fail(failure);
    close_watch(found, requests);
    return false;
  }
  return true;
}

void gateway_subscriptions::close_watch(watches::iterator found, pending_requests& requests) {
  auto& record = found->second;
  record.promise.fail({ec::cancelled, "The watch was withdrawn before it was confirmed.", 0});
  waits_.watch_closed(found->first);
  leave_consumer(record, requests);
  watches_.erase(found);
  changed_ = true;
}

void gateway_subscriptions::leave_consumer(watch_record& record, pending_requests& requests) {
  if (record.consumer.empty()) {
    return;
  }
  watch_by_key_.erase(record.key);
  connection_->unsubscribe(record.key);
  // It would end by itself for want of a listener; this spares the server the waiting.
  requests.send({"$JS.API.CONSUMER.DELETE."
                   + jetstream::stream_of_bucket(record.watch.settings().bucket) + "."
                   + record.consumer,
                 {},
                 {},
                 {}});
  record.consumer.clear();
}

watch_waits::progress gateway_subscriptions::progress_of(const watches::value_type& one) {
  const auto& watch = one.second.watch;
  return {one.first, watch.following() ? one.second.consumer : std::string{},
          watch.consumer_sequence()};
}

} // namespace nats_mcp
