// SPDX-License-Identifier: MIT
#include "actors/messaging/channel_observer.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

channel_observer::channel_observer(surroundings around)
  : around_{std::move(around)} {
  if (around_.session) {
    // This actor may be the successor of one that was told, or have missed it while it was down.
    around_.owner->send(around_.session, observation_wanted{});
  }
}

void channel_observer::observe(const std::set<std::string>& names) {
  if (!around_.session) {
    return;
  }
  for (auto known = observed_.begin(); known != observed_.end();) {
    if (names.count(known->first) != 0) {
      ++known;
      continue;
    }
    if (known->second.subscription) {
      around_.owner->send(around_.gateway, unsubscribe{*known->second.subscription});
    }
    known = observed_.erase(known);
  }
  bool more = false;
  for (const auto& name : names) {
    if (around_.channels->count(name) != 0) {
      more = observed_.try_emplace(name).second || more;
    }
  }
  if (more && connected_) {
    subscribe_all();
  } else if (more) {
    follow_connection();
  }
}

void channel_observer::follow_connection() {
  if (observed_.empty() || connected_) {
    return;
  }
  // Answered with how the connection is now; never opens one.
  around_.owner->send(around_.gateway, observe_connection{around_.listener});
  if (!heard_of_connection_ && !std::exchange(timer_armed_, true)) {
    // A gateway that is down, or falls with this, hears nothing, and nobody says so.
    around_.owner->delayed_send(around_.owner, limits::observation_patience,
                                wait_timer{call_id{}, wait_moment::connection_unheard});
  }
}

void channel_observer::connection_unheard() {
  timer_armed_ = false;
  if (!heard_of_connection_) {
    follow_connection();
  }
}

void channel_observer::connection_changed(const jetstream::connection_event& event) {
  heard_of_connection_ = true;
  connected_ = event.state == jetstream::connection_state::connected;
  if (!connected_) {
    return;
  }
  if (std::exchange(epoch_, event.epoch) != event.epoch) {
    // A new connection: what is subscribed goes on, and was not heard meanwhile.
    for (const auto& [channel, entry] : observed_) {
      if (entry.subscription) {
        look(channel);
      }
    }
  }
  subscribe_all();
}

void channel_observer::subscribe_all() {
  for (auto& [channel, entry] : observed_) {
    if (!entry.subscription) {
      subscribe(channel);
    }
  }
}

void channel_observer::subscribe(const std::string& channel) {
  const auto id = jetstream::subscription_id{around_.random()};
  observed_[channel].subscription = id;
  const auto& subject = around_.channels->at(channel).subject;
  const auto deadline = around_.owner->clock().now() + limits::observation_patience;
  ask<subscribed>(
    around_.owner, around_.gateway, core_subscribe{id, subject, {}, around_.listener, deadline},
    "gateway", [this, channel](const subscribed&) { look(channel); },
    [this, channel, id](const error&) {
      // There is none now. The next connection tries again.
      const auto known = observed_.find(channel);
      if (known != observed_.end() && known->second.subscription == id) {
        known->second.subscription.reset();
      }
    });
}

void channel_observer::look(const std::string& channel) {
  const auto deadline = around_.owner->clock().now() + limits::observation_patience;
  around_.reader->extent(around_.channels->at(channel).stream.name, deadline,
                         [this, channel](const result<messaging::stream_extent>& extent) {
                           if (extent) {
                             looked(channel, *extent);
                           } else if (extent.error().code == ec::not_found) {
                             looked(channel, {}); // nobody has written there yet
                           } else {
                             tell(channel, channel_author::unknown);
                           }
                         });
}

void channel_observer::looked(const std::string& channel, const messaging::stream_extent& extent) {
  const auto known = observed_.find(channel);
  if (known == observed_.end()) {
    return;
  }
  const auto end = std::exchange(known->second.end, extent.last_sequence);
  if (end == extent.last_sequence) {
    return; // nothing was missed
  }
  // What this agent has read is no news to it, whoever wrote it. Without any knowledge of what was
  // there before, nobody is said to have written.
  auto from = end.value_or(extent.last_sequence);
  if (const auto read = around_.positions->find(channel); read != around_.positions->end()) {
    from = end ? std::max(from, read->second) : read->second;
  }
  const auto own = around_.channels->at(channel).sends_under_way;
  tell(channel,
       unread_after(extent, from) > own ? channel_author::somebody_else : channel_author::unknown);
}

bool channel_observer::heard(const jetstream::core_message& message) {
  for (const auto& [channel, entry] : observed_) {
    if (entry.subscription == message.id) {
      tell(channel, own_.contain(message.subject, message.payload) ? channel_author::this_agent
                                                                   : channel_author::somebody_else);
      return true;
    }
  }
  return false;
}

void channel_observer::own_send(const std::string& channel, std::string_view payload) {
  if (observed_.count(channel) != 0) {
    own_.sent(around_.channels->at(channel).subject, payload);
  }
}

void channel_observer::own_message(const std::string& channel, std::uint64_t sequence) {
  const auto known = observed_.find(channel);
  if (known != observed_.end() && known->second.end && *known->second.end + 1 == sequence) {
    known->second.end = sequence;
  }
}

void channel_observer::tell(const std::string& channel, channel_author author) {
  around_.owner->send(around_.session, channel_changed{channel, author});
}

} // namespace nats_mcp
