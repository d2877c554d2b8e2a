// SPDX-License-Identifier: MIT
// The channels part: sends to channels, reads them in one batch, waits for news. Owns the read
// positions behind `unread`; they are its checkpoint, everything else is rebuilt from the
// configuration and from NATS. Runs as one actor under the supervisor; see docs/wire.md,
// "Channels".
#pragma once

#include "protocol/config/configuration.hpp"

#include "actors/interfaces.hpp"
#include "actors/messaging/channel_observer.hpp"
#include "actors/messaging/channel_reader.hpp"
#include "actors/messaging/channel_watch.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/stream_keeper.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace nats_mcp {

/// What the channels actor is given once and keeps.
struct channels_options {
  /// The id under which the supervisor keeps its checkpoint; also its name.
  std::string child_id;
  std::string channel_namespace;
  std::vector<config::channel> channels;
  /// Copies of each stream (`NATS_MCP_REPLICAS`).
  std::uint32_t replicas = 1;
  gateway_actor gateway;
  /// The stable handle of this actor, to which subscriptions deliver; null: this incarnation
  /// itself.
  gateway_listener_actor listener;
  /// Who is told of changes of observed channels; null: nobody.
  session_actor session;
  /// Null in tests without a supervisor.
  supervisor_actor supervisor;
  runtime world;
};

class channels_state {
public:
  /// @param last holds `channel_positions`, or nothing on the first start.
  channels_state(asking_actor<channels_actor>* self, channels_options options, checkpoint last);

  [[nodiscard]] channels_actor::behavior_type make_behavior();

private:
  enum class send_id : std::uint64_t {};
  enum class read_id : std::uint64_t {};

  struct sending {
    guarded_promise<tools::send_message_result> promise;
    channel_entry* channel = nullptr;
    std::string handle;
    jetstream::publish message;
    /// The stream was found missing once and created again.
    bool repeated = false;
  };

  struct reading {
    guarded_promise<tools::read_messages_result> promise;
    channel_entry* channel = nullptr;
    tools::read_messages_arguments arguments;
    monotonic_time deadline;
    /// The stream was found missing once and created again.
    bool repeated = false;
  };

  [[nodiscard]] result<channel_entry*> find(const std::string& channel);

  caf::result<tools::send_message_result> send(send_to_channel request);
  void publish(send_id id);
  void published(send_id id, const jetstream::publish_receipt& receipt);
  void publish_failed(send_id id, const error& why);
  void finish_send(send_id id, const result<tools::send_message_result>& outcome);

  caf::result<tools::read_messages_result> read(read_channel request);
  void ensure_and_fetch(read_id id);
  void fetch(read_id id);
  void finish_read(read_id id, const result<tools::read_messages_result>& outcome);

  caf::result<unread_channels> count_unread(const unread_query& request);

  void move_position(const std::string& channel, std::uint64_t position);

  asking_actor<channels_actor>* self_;
  channels_options options_;
  channel_table channels_;
  channel_positions positions_;
  stream_keeper streams_;
  channel_reader reader_;
  channel_watch watch_;
  channel_observer observer_;
  std::unordered_map<send_id, sending> sends_;
  std::unordered_map<read_id, reading> reads_;
  std::uint64_t operations_ = 0;
};

/// Starts the channels actor; a child start function of the supervisor calls it.
[[nodiscard]] channels_actor spawn_channels(caf::local_actor* parent, channels_options options,
                                            checkpoint last);

} // namespace nats_mcp
