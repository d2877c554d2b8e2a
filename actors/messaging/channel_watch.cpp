// SPDX-License-Identifier: MIT
#include "actors/messaging/channel_watch.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace nats_mcp {

namespace {

constexpr auto part_name = "channels";

} // namespace

/// One look at every channel of a wait.
struct channel_watch::check {
  call_id call{};
  moment when = moment::first;
  monotonic_time deadline;
  std::size_t open = 0;
  std::vector<tools::channel_news> news;
  error failure;
  /// There is something unread that may be our own messages alone, not acknowledged yet.
  bool perhaps_own = false;
  /// Channels whose stream was found deleted and made again.
  std::set<std::string> recreated;
};

channel_watch::channel_watch(surroundings around)
  : around_{std::move(around)} {
  // nop
}

caf::result<tools::wait_for_messages_result> channel_watch::wait(const wait_for_channels& request) {
  const auto now = around_.owner->clock().now();
  auto promise = around_.owner->make_response_promise<tools::wait_for_messages_result>();
  channel_waits::wait entry;
  entry.channels = {request.arguments.channels.begin(), request.arguments.channels.end()};
  entry.since = now;
  entry.timeout = request.arguments.timeout;
  entry.request_timeout = request.deadline - now;
  entry.promise = {promise, part_name};
  const auto fresh = waits_.add(request.call, std::move(entry));
  // Said again with every first wait of a channel: a gateway that was down heard nothing.
  if (!fresh.empty()) {
    around_.owner->send(around_.gateway, observe_connection{around_.listener});
  }
  for (const auto& channel : fresh) {
    subscribe(channel, request.deadline);
  }
  look(request.call, moment::first);
  return promise;
}

void channel_watch::cancel(call_id call) {
  if (auto gone = waits_.take(call)) {
    gone->promise.fail({ec::cancelled, "The wait was cancelled.", 0});
  }
  unsubscribe_abandoned();
}

void channel_watch::hint(const jetstream::core_message& message) {
  const auto known = std::find_if(subscriptions_.begin(), subscriptions_.end(),
                                  [&](const auto& entry) { return entry.second == message.id; });
  if (known == subscriptions_.end()) {
    // Left behind by an incarnation of this actor that is gone.
    around_.owner->send(around_.gateway, unsubscribe{message.id});
    return;
  }
  const auto channel = known->first;
  auto& entry = (*around_.channels)[channel];
  entry.hint_held_back = true;
  if (entry.sends_under_way == 0) {
    sends_ended(channel);
    return;
  }
  // The news may be our own message; its acknowledgement will tell, unless others follow for ever.
  for (const auto call : waits_.waiting_for(channel)) {
    arm_hint_timer(call, *waits_.find(call));
  }
}

void channel_watch::sends_ended(const std::string& channel) {
  if (std::exchange((*around_.channels)[channel].hint_held_back, false)) {
    for (const auto call : waits_.waiting_for(channel)) {
      look(call, moment::between);
    }
  }
}

void channel_watch::connection_changed(const jetstream::connection_event& event) {
  if (event.state != jetstream::connection_state::connected) {
    return;
  }
  for (const auto call : waits_.everybody()) {
    look(call, moment::between);
  }
}

void channel_watch::timer(const wait_timer& what) {
  if (what.due == wait_moment::over) {
    look(what.call, moment::last);
  } else if (auto* waiting = waits_.find(what.call)) {
    waiting->hint_timer_armed = false;
    subscribe_missing(*waiting);
    look(what.call, moment::between);
  }
}

void channel_watch::subscribe(const std::string& channel, monotonic_time deadline) {
  const auto id = jetstream::subscription_id{around_.random()};
  subscriptions_[channel] = id;
  // Without the subscription a wait still ends right, and late: the stream is looked at when its
  // time is over.
  ask<subscribed>(
    around_.owner, around_.gateway,
    core_subscribe{id, (*around_.channels)[channel].subject, {}, around_.listener, deadline},
    "gateway", [](const subscribed&) {},
    [this, channel, id](const error& why) {
      // What is not allowed is not asked for again and again.
      if (why.code != ec::permission_denied) {
        subscription_failed(channel, id);
      }
    });
}

void channel_watch::subscription_failed(const std::string& channel, jetstream::subscription_id id) {
  const auto known = subscriptions_.find(channel);
  if (known == subscriptions_.end() || known->second != id) {
    return;
  }
  subscriptions_.erase(known);
  for (const auto call : waits_.waiting_for(channel)) {
    arm_hint_timer(call, *waits_.find(call));
  }
}

void channel_watch::subscribe_missing(const channel_waits::wait& waiting) {
  bool missing = false;
  for (const auto& channel : waiting.channels) {
    if (subscriptions_.count(channel) != 0) {
      continue;
    }
    if (!std::exchange(missing, true)) {
      around_.owner->send(around_.gateway, observe_connection{around_.listener});
    }
    subscribe(channel, around_.owner->clock().now() + waiting.request_timeout);
  }
}

void channel_watch::look(call_id call, moment when) {
  auto* waiting = waits_.find(call);
  if (waiting == nullptr) {
    return;
  }
  if (waiting->looking && when != moment::last) {
    waiting->look_again = true;
    return;
  }
  waiting->looking = true;
  auto looking = std::make_shared<check>();
  looking->call = call;
  looking->when = when;
  looking->deadline = around_.owner->clock().now() + waiting->request_timeout;
  looking->open = waiting->channels.size();
  const auto channels = waiting->channels; // the wait may be over before the last one was looked at
  for (const auto& channel : channels) {
    look_at(looking, channel);
  }
}

void channel_watch::look_at(const std::shared_ptr<check>& looking, const std::string& channel) {
  const auto failed = [this, looking](const error& why) {
    looking->failure = why;
    looked(looking);
  };
  around_.streams->ensure(
    (*around_.channels)[channel].stream, looking->deadline,
    [this, looking, channel, failed](const result<void>& there) {
      if (!there) {
        failed(there.error());
        return;
      }
      around_.reader->extent(
        (*around_.channels)[channel].stream.name, looking->deadline,
        [this, looking, channel, failed](const result<messaging::stream_extent>& extent) {
          if (!extent) {
            if (extent.error().code == ec::not_found && looking->recreated.insert(channel).second) {
              // Deleted by somebody while we ran: begin again, once.
              around_.streams->forget((*around_.channels)[channel].stream.name);
              look_at(looking, channel);
            } else {
              failed(extent.error());
            }
            return;
          }
          // As many of these may be our own messages whose acknowledgement is still on its way.
          const auto own = (*around_.channels)[channel].sends_under_way;
          const auto unread = unread_of(channel, *extent);
          looking->perhaps_own = looking->perhaps_own || (unread > 0 && unread <= own);
          looking->news.push_back({channel, unread > own ? unread : 0});
          looked(looking);
        });
    });
}

std::uint64_t channel_watch::unread_of(const std::string& channel,
                                       const messaging::stream_extent& extent) {
  const auto read = around_.positions->find(channel);
  if (read == around_.positions->end()) {
    baselines_.try_emplace(channel, extent.last_sequence); // news is what comes from now on
  }
  const auto known = read == around_.positions->end() ? baselines_[channel] : read->second;
  return unread_after(extent, known);
}

void channel_watch::own_message(const std::string& channel, std::uint64_t sequence) {
  const auto baseline = baselines_.find(channel);
  if (baseline != baselines_.end() && baseline->second + 1 == sequence) {
    baseline->second = sequence;
  }
}

void channel_watch::looked(const std::shared_ptr<check>& looking) {
  if (--looking->open > 0) {
    return;
  }
  auto* waiting = waits_.find(looking->call);
  if (waiting == nullptr) {
    return;
  }
  waiting->looking = false;
  const bool failed = looking->failure.code != ec::none;
  std::erase_if(looking->news, [](const auto& item) { return item.unread == 0; });
  if (looking->when == moment::last && !failed && looking->news.empty() && looking->perhaps_own
      && around_.owner->clock().now()
           < waiting->since + waiting->timeout + waiting->request_timeout) {
    // Their acknowledgements tell, at the latest when their own time is over.
    around_.owner->delayed_send(around_.owner, limits::hint_held_back_max,
                                wait_timer{looking->call, wait_moment::over});
    return;
  }
  if (!looking->news.empty() || (looking->when == moment::last && !failed)) {
    std::sort(looking->news.begin(), looking->news.end(),
              [](const auto& left, const auto& right) { return left.channel < right.channel; });
    finish(looking->call, std::move(looking->news));
  } else if (failed && looking->when != moment::between) {
    finish(looking->call, tl::make_unexpected(looking->failure));
  } else {
    arm_timer(looking->call, *waiting);
    const bool hint_waits =
      std::any_of(waiting->channels.begin(), waiting->channels.end(), [this](const auto& channel) {
        return (*around_.channels)[channel].hint_held_back;
      });
    if (hint_waits) {
      arm_hint_timer(looking->call, *waiting);
    }
    if (std::exchange(waiting->look_again, false)) {
      look(looking->call, moment::between);
    }
  }
}

void channel_watch::arm_timer(call_id call, channel_waits::wait& waiting) {
  if (std::exchange(waiting.timer_armed, true)) {
    return;
  }
  const auto left = waiting.since + waiting.timeout - around_.owner->clock().now();
  around_.owner->delayed_send(around_.owner, std::max(left, monotonic_time::duration{0}),
                              wait_timer{call, wait_moment::over});
}

void channel_watch::arm_hint_timer(call_id call, channel_waits::wait& waiting) {
  if (!std::exchange(waiting.hint_timer_armed, true)) {
    around_.owner->delayed_send(around_.owner, limits::hint_held_back_max,
                                wait_timer{call, wait_moment::hint_held_back});
  }
}

void channel_watch::finish(call_id call, result<std::vector<tools::channel_news>> outcome) {
  auto done = waits_.take(call);
  if (!done) {
    return;
  }
  if (outcome) {
    // In vain: exactly as long as was asked for; what the last look took is nobody's concern.
    const auto waited = outcome->empty() ? done->timeout
                                         : std::chrono::duration_cast<std::chrono::milliseconds>(
                                           around_.owner->clock().now() - done->since);
    done->promise.deliver({std::move(*outcome), waited});
  } else {
    done->promise.fail(outcome.error());
  }
  unsubscribe_abandoned();
}

void channel_watch::unsubscribe_abandoned() {
  for (const auto& channel : waits_.abandoned()) {
    const auto known = subscriptions_.find(channel);
    if (known != subscriptions_.end()) {
      around_.owner->send(around_.gateway, unsubscribe{known->second});
      subscriptions_.erase(known);
    }
  }
}

} // namespace nats_mcp
