// SPDX-License-Identifier: MIT
// The JetStream API as a function, for parts of an actor's state that several actors have: they
// need not know whose state they are.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <functional>
#include <utility>

namespace nats_mcp {

using api_answered = std::function<void(const result<jetstream::api_reply>&)>;
/// Asks, and calls back later, inside the actor it was made for.
using api_caller = std::function<void(jetstream::api_request, api_answered)>;

template <class Handle>
[[nodiscard]] api_caller make_api_caller(asking_actor<Handle>* owner, gateway_actor gateway) {
  return [owner, gateway = std::move(gateway)](jetstream::api_request request, api_answered then) {
    ask<jetstream::api_reply>(
      owner, gateway, std::move(request), "gateway",
      [then](const jetstream::api_reply& reply) { then(reply); },
      [then](const error& why) { then(tl::make_unexpected(why)); });
  };
}

} // namespace nats_mcp
