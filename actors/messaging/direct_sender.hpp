// SPDX-License-Identifier: MIT
// Sends direct messages: who is meant and who speaks is the registry's to say, stored is what
// JetStream acknowledged. Part of the inbox actor's state.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/stream_config.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/stream_keeper.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace nats_mcp {

class direct_sender {
public:
  struct surroundings {
    asking_actor<inbox_actor>* owner = nullptr;
    gateway_actor gateway;
    registry_actor registry;
    stream_keeper* streams = nullptr;
    /// The stream of all inboxes, as it is to be.
    jetstream::stream_config stream;
    std::string part;
    runtime world;
  };

  explicit direct_sender(surroundings around);

  caf::result<tools::send_direct_message_result> send(send_direct request);

private:
  enum class send_id : std::uint64_t {};
  struct sending {
    guarded_promise<tools::send_direct_message_result> promise;
    tools::send_direct_message_arguments arguments;
    tools::send_direct_message_result outcome;
    jetstream::publish message;
    /// As the registry knows it; 0: not yet.
    std::uint64_t send = 0;
    /// The stream was found missing once and made again.
    bool repeated = false;
  };

  void addressed(send_id id, recipient_found found);
  void publish(send_id id);
  void not_stored(send_id id, const error& why);
  void fail_with(send_id id, const error& why);
  [[nodiscard]] sending finish(send_id id);

  surroundings around_;
  std::unordered_map<send_id, sending> sends_;
  std::uint64_t operations_ = 0;
};

} // namespace nats_mcp
