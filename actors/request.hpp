// SPDX-License-Identifier: MIT
// Asking another actor. CAF ends the asking actor when an answer is an error nobody handles, so
// both outcomes are spelled out at every call; this is the one place that does it.
#pragma once

#include "protocol/error.hpp"

#include "actors/error_bridge.hpp"

#include <caf/duration.hpp>
#include <caf/error.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>
#include <utility>

namespace nats_mcp {

/// Sends `message` to `to` and calls exactly one of the two later, inside `self`. Both may use the
/// state of `self`: neither is called after it ended.
///
/// There is no timeout here on purpose. Whoever answers has a deadline of its own (commands carry
/// it), a crashed or absent receiver answers at once (guarded_promise, stable_ref), and CAF keeps a
/// timer for every finite timeout until it is due, answered or not: at 60 000 requests a second
/// that would be the largest thing in the process.
/// @param part names the receiver in the sentence a user reads when it is down.
template <class Reply, class Self, class Handle, class Message, class OnReply, class OnFailure>
void ask(Self* self, const Handle& to, Message message, std::string part, OnReply on_reply,
         OnFailure on_failure) {
  self->request(to, caf::infinite, std::move(message))
    .then([on_reply = std::move(on_reply)](Reply& reply) mutable { on_reply(std::move(reply)); },
          [on_failure = std::move(on_failure), part = std::move(part)](
            caf::error& failure) mutable { on_failure(from_caf(failure, part)); });
}

} // namespace nats_mcp
