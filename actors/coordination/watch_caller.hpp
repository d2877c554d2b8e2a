// SPDX-License-Identifier: MIT
// How an actor's bucket_watch reaches the gateway.
#pragma once

#include "actors/coordination/bucket_watch.hpp"
#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <functional>
#include <utility>

namespace nats_mcp {

/// The parts that are the same for each watch of one actor; what is watched, and what happens then,
/// its state says. @param listener the actor's own stable handle
template <class Handle>
[[nodiscard]] bucket_watch::surroundings
watching_through(asking_actor<Handle>* self, const gateway_actor& gateway,
                 gateway_listener_actor listener, random_source random) {
  bucket_watch::surroundings out;
  out.open = [self, gateway](kv_watch what, std::function<void(const result<void>&)> done) {
    ask<subscribed>(
      self, gateway, std::move(what), "gateway", [done](const subscribed&) { done({}); },
      [done](const error& why) { done(tl::make_unexpected(why)); });
  };
  out.close = [self, gateway](jetstream::subscription_id id) {
    self->send(gateway, unsubscribe{id});
  };
  out.listener = std::move(listener);
  out.random = std::move(random);
  return out;
}

} // namespace nats_mcp
