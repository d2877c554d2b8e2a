// SPDX-License-Identifier: MIT
#include "actors/gateway/gateway_subscriptions.hpp"

#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/spoken_names.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

/// The keys of core subscriptions and of watches, apart for every incarnation. Above both are the
/// lanes of requests, below them is the inbox.
constexpr unsigned subscription_incarnation_shift = 32;
constexpr std::uint64_t watch_mark = std::uint64_t{1} << 62U;

std::string spoken_subscription(const std::string& subject) {
  return "subscription to " + jetstream::spoken_subject(subject);
}

result<jetstream::api_reply> reply_in(const finished_purpose& over) {
  if (!over.outcome) {
    return tl::make_unexpected(over.outcome.error());
  }
  return std::get<jetstream::api_reply>(*over.outcome);
}

error withdrawn() {
  return {ec::cancelled, "The subscription was withdrawn before it was confirmed.", 0};
}

} // namespace

gateway_subscriptions::gateway_subscriptions(std::shared_ptr<transport::server_link> connection,
                                             random_source random, std::uint64_t incarnation,
                                             const gateway_checkpoint* last)
  : connection_{std::move(connection)}
  , random_{std::move(random)}
  , next_key_{incarnation << subscription_incarnation_shift}
  , next_watch_key_{watch_mark | (incarnation << subscription_incarnation_shift)} {
  // Watches follow new consumers; the old ones end for want of a listener.
  connection_->unsubscribe_range(transport::subscription_key{watch_mark},
                                 transport::subscription_key{next_watch_key_});
  if (last == nullptr) {
    return;
  }
  for (const auto& entry : last->core) {
    core_by_key_[entry.key] = entry.id;
    core_[entry.id] = {entry, {}};
    // Still wanted by the connection, unless that is another one now.
    (void)connection_->subscribe(entry.key, entry.subject, entry.queue_group);
  }
  for (const auto& entry : last->watches) {
    watch_record record{jetstream::key_watch{entry.settings}, entry.listener, {}, {}, {}, {}, true};
    watches_.emplace(entry.settings.id, std::move(record));
  }
  observers_ = last->observers;
  written_ = true;
}

// -- commands ----------------------------------------------------------------------------------

void gateway_subscriptions::subscribe(core_subscribe& command, guarded_promise<subscribed> promise,
                                      pending_requests& requests, monotonic_time now) {
  unsubscribe(command.id, requests);
  if (!has_room(promise, spoken_subscription(command.subject))) {
    return;
  }
  const transport::subscription_key key{next_key_++};
  if (auto done = connection_->subscribe(key, command.subject, command.queue_group); !done) {
    promise.fail(done.error());
    return;
  }
  written_ = true;
  changed_ = true;
  core_by_key_[key] = command.id;
  core_[command.id] = {{command.id, key, std::move(command.subject), std::move(command.queue_group),
                        std::move(command.listener)},
                       std::move(promise)};
  requests.submit(jetstream::exchange{jetstream::fence{command.deadline}},
                  internal_purpose{internal_purpose::kind::confirm_subscription, command.id, 0},
                  now);
}

void gateway_subscriptions::unsubscribe(jetstream::subscription_id id, pending_requests& requests) {
  close_core(id);
  if (const auto found = watches_.find(id); found != watches_.end()) {
    close_watch(found, requests);
  }
  find_next_due();
}

// -- events ------------------------------------------------------------------------------------

void gateway_subscriptions::connected(pending_requests& requests, monotonic_time now) {
  connected_ = true;
  for (auto& [id, record] : watches_) {
    if (record.opened) {
      begin(record, requests, now);
    }
  }
  find_next_due();
}

void gateway_subscriptions::disconnected() {
  connected_ = false;
  std::for_each(watches_.begin(), watches_.end(),
                [](auto& one) { one.second.watch.on_disconnected(); });
  find_next_due();
}

void gateway_subscriptions::finished(const finished_purpose& over, pending_requests& requests,
                                     monotonic_time now) {
  const auto id = over.purpose.subscription;
  if (over.purpose.what == internal_purpose::kind::confirm_subscription) {
    const auto found = core_.find(id);
    if (found == core_.end() || !found->second.promise.pending()) {
      return;
    }
    if (over.outcome) {
      found->second.promise.deliver({});
    } else {
      found->second.promise.fail(over.outcome.error());
      close_core(id);
    }
    return;
  }
  const auto found = watches_.find(id);
  if (found == watches_.end()) {
    return;
  }
  auto& record = found->second;
  if (over.purpose.what == internal_purpose::kind::open_watch) {
    if (over.outcome) {
      record.opened = true;
      begin(record, requests, now);
    } else if (record.promise.pending()) {
      record.promise.fail(over.outcome.error());
      close_watch(found, requests);
    }
    find_next_due();
    return;
  }
  if (over.purpose.what == internal_purpose::kind::watch_extent) {
    if (!over.outcome || std::holds_alternative<jetstream::api_reply>(*over.outcome)) {
      waits_.on_answer(over.purpose.step, reply_in(over), progress_of(*found));
    }
  } else {
    record.watch.on_answer(over.purpose.step, reply_in(over), now);
    if (run_effects(found, requests, now)) {
      ask_how_far(*found, requests, now);
    }
  }
  find_next_due();
}

void gateway_subscriptions::on_message(transport::subscription_key source,
                                       jetstream::incoming&& message, pending_requests& requests,
                                       monotonic_time now) {
  if (const auto core = core_by_key_.find(source); core != core_by_key_.end()) {
    caf::anon_send(core_.at(core->second).entry.listener,
                   jetstream::core_message{core->second, std::move(message.subject),
                                           std::move(message.payload)});
    return;
  }
  if (const auto known = watch_by_key_.find(source); known != watch_by_key_.end()) {
    const auto found = watches_.find(known->second);
    found->second.watch.on_message(std::move(message), now);
    if (run_effects(found, requests, now) && !waits_.empty()) {
      waits_.on_progress(progress_of(*found));
    }
    find_next_due();
  }
}

void gateway_subscriptions::refused(const transport::refused_subject& refusal) {
  if (refusal.refused != transport::refused_subject::operation::subscribe) {
    return;
  }
  for (auto& [id, record] : core_) {
    if (record.entry.subject == refusal.subject && record.promise.pending()) {
      record.promise.fail({ec::permission_denied,
                           jetstream::permission_sentence(spoken_subscription(refusal.subject),
                                                          "subscribe to", refusal.subject),
                           0});
      close_core(id);
      return;
    }
  }
}

void gateway_subscriptions::tick(pending_requests& requests, monotonic_time now) {
  if (!next_due_ || *next_due_ > now) {
    return;
  }
  waits_.tick(now);
  for (auto at = watches_.begin(); at != watches_.end();) {
    const auto found = at++;
    auto& record = found->second;
    if (record.deadline && *record.deadline <= now) {
      const auto& failure = record.watch.failure();
      record.promise.fail(
        failure.code != ec::none
          ? failure
          : error{ec::timeout,
                  jetstream::timeout_sentence(
                    "watch over the bucket \"" + record.watch.settings().bucket + "\"", {}),
                  0});
      close_watch(found, requests);
    } else if (connected_ && record.opened && record.watch.wants_begin(now)) {
      begin(record, requests, now);
    }
  }
  find_next_due();
}

// -- inside ------------------------------------------------------------------------------------

bool gateway_subscriptions::has_room(guarded_promise<subscribed>& promise,
                                     const std::string& what) const {
  if (core_.size() + watches_.size() < limits::nats_subscriptions_max) {
    return true;
  }
  promise.fail({ec::busy, jetstream::busy_sentence(what), 0});
  return false;
}

void gateway_subscriptions::close_core(jetstream::subscription_id id) {
  const auto found = core_.find(id);
  if (found == core_.end()) {
    return;
  }
  found->second.promise.fail(withdrawn());
  connection_->unsubscribe(found->second.entry.key);
  core_by_key_.erase(found->second.entry.key);
  core_.erase(found);
  written_ = true;
  changed_ = true;
}

void gateway_subscriptions::find_next_due() {
  next_due_ = waits_.next_due();
  for (const auto& [id, record] : watches_) {
    for (const auto& due : {record.deadline, record.opened ? record.watch.next_due()
                                                           : std::optional<monotonic_time>{}}) {
      if (due && (!next_due_ || *due < *next_due_)) {
        next_due_ = due;
      }
    }
  }
}

} // namespace nats_mcp
