// SPDX-License-Identifier: MIT
// Waiting for news of channels. A core subscription is the hint that something came; what counts is
// the stream: whoever waits is answered from the stream's end and the read position, on a hint,
// after a reconnect and when the time is over. Part of the channels actor's state.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"

#include "actors/interfaces.hpp"
#include "actors/messaging/channel_reader.hpp"
#include "actors/messaging/channel_table.hpp"
#include "actors/messaging/channel_waits.hpp"
#include "actors/request.hpp"
#include "actors/streams/stream_keeper.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace nats_mcp {

class channel_watch {
public:
  struct surroundings {
    asking_actor<channels_actor>* owner;
    gateway_actor gateway;
    channel_table* channels = nullptr;
    channel_positions* positions = nullptr;
    stream_keeper* streams = nullptr;
    channel_reader* reader = nullptr;
    /// Who gets the hints: the actor's stable handle, so that a restarted one goes on hearing them.
    gateway_listener_actor listener;
    random_source random;
  };

  explicit channel_watch(surroundings around);

  /// Answers when one of the request's channels has news, or when its time is over.
  caf::result<tools::wait_for_messages_result> wait(const wait_for_channels& request);

  /// The caller withdrew.
  void cancel(call_id call);

  /// Something was published to a channel's subject.
  void hint(const jetstream::core_message& message);

  /// No own send of `channel` is under way any more: hints held back meanwhile count now.
  void sends_ended(const std::string& channel);

  /// Our own message was stored there: no news, unless somebody else's came before it.
  void own_message(const std::string& channel, std::uint64_t sequence);

  /// The connection came back; hints may have been missed.
  void connection_changed(const jetstream::connection_event& event);

  /// A wait's time is over: looks one last time. Or a hint was held back for long enough.
  void timer(const wait_timer& what);

private:
  /// Which look at the stream this is: failing ends a wait only at its edges.
  enum class moment : std::uint8_t { first, between, last };
  struct check;

  void subscribe(const std::string& channel, monotonic_time deadline);
  /// Nobody tells of this channel: to be tried again soon, as long as somebody waits for it.
  void subscription_failed(const std::string& channel, jetstream::subscription_id id);
  void subscribe_missing(const channel_waits::wait& waiting);
  void look(call_id call, moment when);
  void look_at(const std::shared_ptr<check>& looking, const std::string& channel);
  [[nodiscard]] std::uint64_t unread_of(const std::string& channel,
                                        const messaging::stream_extent& extent);
  void looked(const std::shared_ptr<check>& looking);
  /// The wait goes on: its time is to be noticed.
  void arm_timer(call_id call, channel_waits::wait& waiting);
  /// A hint of one of its channels is held back: not for ever.
  void arm_hint_timer(call_id call, channel_waits::wait& waiting);
  void finish(call_id call, result<std::vector<tools::channel_news>> outcome);
  void unsubscribe_abandoned();

  surroundings around_;
  channel_waits waits_;
  std::map<std::string, jetstream::subscription_id> subscriptions_;
  /// Where a channel ended when it was first waited for, while it has no read position.
  std::map<std::string, std::uint64_t> baselines_;
};

} // namespace nats_mcp
