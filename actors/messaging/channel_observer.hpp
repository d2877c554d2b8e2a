// SPDX-License-Identifier: MIT
// Tells the session that a channel shows something else now, for resources and hints. A core
// subscription for each observed channel says so at once; after a new connection the streams are
// looked at, since nothing was heard meanwhile. Observing never connects and writes nothing: it
// begins with the connection somebody else asked for. Part of the channels actor's state.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/messaging/newest_window.hpp"

#include "actors/interfaces.hpp"
#include "actors/messaging/channel_reader.hpp"
#include "actors/messaging/channel_table.hpp"
#include "actors/messaging/own_messages.hpp"
#include "actors/request.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace nats_mcp {

class channel_observer {
public:
  struct surroundings {
    asking_actor<channels_actor>* owner;
    gateway_actor gateway;
    /// Who is told; null: nobody, nothing is observed.
    session_actor session;
    const channel_table* channels = nullptr;
    const channel_positions* positions = nullptr;
    channel_reader* reader = nullptr;
    /// Who gets the messages: the actor's stable handle, so that a restarted one goes on hearing
    /// them.
    gateway_listener_actor listener;
    random_source random;
  };

  explicit channel_observer(surroundings around);

  /// These channels and no others, from now on; unknown names are ignored.
  void observe(const std::set<std::string>& names);

  /// @returns whether the message came through one of the observer's subscriptions.
  bool heard(const jetstream::core_message& message);

  /// Asks again how the connection is while it is not known to be there: the gateway may have been
  /// down when it was asked first. Cheap; for every occasion on which NATS is used.
  void follow_connection();

  /// A message of this process is about to be published there.
  void own_send(const std::string& channel, std::string_view payload);

  /// It was stored.
  void own_message(const std::string& channel, std::uint64_t sequence);

  void connection_changed(const jetstream::connection_event& event);

  /// The gateway should have said by now how the connection is; if it did not, it is asked again.
  void connection_unheard();

private:
  struct observation {
    /// Set: subscribed, or about to be.
    std::optional<jetstream::subscription_id> subscription;
    /// Where the stream ended when it was last looked at; own messages right behind it included.
    std::optional<std::uint64_t> end;
  };

  void subscribe_all();
  void subscribe(const std::string& channel);
  void look(const std::string& channel);
  void looked(const std::string& channel, const messaging::stream_extent& extent);
  void tell(const std::string& channel, channel_author author);

  surroundings around_;
  std::map<std::string, observation> observed_;
  own_messages own_;
  bool connected_ = false;
  /// The gateway has said how the connection is, so it goes on telling, whatever befalls it.
  bool heard_of_connection_ = false;
  bool timer_armed_ = false;
  std::uint64_t epoch_ = 0;
};

} // namespace nats_mcp
