// SPDX-License-Identifier: MIT
// Pulling from a consumer as a function, like api_caller.hpp.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <functional>
#include <utility>

namespace nats_mcp {

using pull_answered = std::function<void(result<jetstream::pull_result>)>;
/// Pulls, and calls back later, inside the actor it was made for.
using pull_caller = std::function<void(jetstream::pull, pull_answered)>;

template <class Handle>
[[nodiscard]] pull_caller make_pull_caller(asking_actor<Handle>* owner, gateway_actor gateway) {
  return [owner, gateway = std::move(gateway)](jetstream::pull wanted, pull_answered then) {
    ask<jetstream::pull_result>(
      owner, gateway, std::move(wanted), "gateway",
      [then](jetstream::pull_result got) { then(std::move(got)); },
      [then](const error& why) { then(tl::make_unexpected(why)); });
  };
}

} // namespace nats_mcp
