// SPDX-License-Identifier: MIT
// Asking another actor. Our own requests are kept in a table of ours and not in CAF's: CAF 0.17 has
// a flat map that it scans for every answer, which costs more than everything else in an actor once
// hundreds of requests are open (docs/decisions/0008-open-requests.md).
#pragma once

#include "protocol/error.hpp"

#include "actors/error_bridge.hpp"

#include <caf/actor_cast.hpp>
#include <caf/error.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>
#include <caf/response_type.hpp>
#include <caf/sec.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace nats_mcp {

/// What happens when the answer to one request comes.
class open_request {
public:
  open_request() = default;
  open_request(const open_request&) = delete;
  open_request& operator=(const open_request&) = delete;
  virtual ~open_request() = default;
  virtual void answered(caf::type_erased_tuple& answer) = 0;
};

template <class Reply, class OnReply, class OnFailure>
class open_request_for final : public open_request {
public:
  open_request_for(std::string part, OnReply on_reply, OnFailure on_failure)
    : part_{std::move(part)}
    , on_reply_{std::move(on_reply)}
    , on_failure_{std::move(on_failure)} {
    // nop
  }

  void answered(caf::type_erased_tuple& answer) override {
    if (answer.match_elements<Reply>()) {
      on_reply_(std::move(answer.get_mutable_as<Reply>(0)));
    } else if (answer.match_elements<caf::error>()) {
      on_failure_(from_caf(answer.get_as<caf::error>(0), part_));
    } else {
      on_failure_(from_caf(caf::make_error(caf::sec::unexpected_response), part_));
    }
  }

private:
  std::string part_;
  OnReply on_reply_;
  OnFailure on_failure_;
};

/// An actor that can `ask`: the base of every actor of ours (actor_shell.hpp).
template <class Handle>
class asking_actor : public Handle::base {
public:
  using Handle::base::base;

  /// INTERNAL: see the free `ask`.
  template <class Receiver, class Message>
  void send_request(const Receiver& to, Message message, std::unique_ptr<open_request> open) {
    const auto number = this->new_request_id(caf::message_priority::normal);
    open_requests_.emplace(number.response_id().integer_value(), std::move(open));
    if (to) {
      caf::actor_cast<caf::abstract_actor*>(to)->enqueue(
        caf::make_mailbox_element(this->ctrl(), number, {}, std::move(message)), this->context());
    } else {
      this->enqueue(caf::make_mailbox_element(
                      this->ctrl(), number.response_id(), {},
                      caf::make_message(caf::make_error(caf::sec::request_receiver_down))),
                    this->context());
    }
  }

protected:
  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    if (element.mid.is_response()) {
      if (const auto node = open_requests_.extract(element.mid.integer_value())) {
        this->current_element_ = &element; // where CAF looks when a handler throws
        node.mapped()->answered(element.content());
        return caf::invoke_message_result::consumed;
      }
    }
    return Handle::base::consume(element);
  }

  /// The answers to what is open will be dropped.
  void forget_requests() noexcept { open_requests_.clear(); }

private:
  std::unordered_map<std::uint64_t, std::unique_ptr<open_request>> open_requests_;
};

/// Sends `message` to `to` and calls exactly one of the two later, inside `self`. Both may use the
/// state of `self`: neither is called after it ended.
///
/// There is no timeout here on purpose. Whoever answers has a deadline of its own (commands carry
/// it), a crashed or absent receiver answers at once (guarded_promise, stable_ref), and CAF keeps a
/// timer for every finite timeout until it is due, answered or not: at 60 000 requests a second
/// that would be the largest thing in the process.
/// @param part names the receiver in the sentence a user reads when it is down.
template <class Reply, class Self, class Receiver, class Message, class OnReply, class OnFailure>
void ask(Self* self, const Receiver& to, Message message, std::string part, OnReply on_reply,
         OnFailure on_failure) {
  static_assert(std::is_same_v<caf::response_type_t<typename Receiver::signatures, Message>,
                               caf::detail::type_list<Reply>>,
                "the receiver does not answer this message with such a reply");
  self->send_request(to, std::move(message),
                     std::make_unique<open_request_for<Reply, OnReply, OnFailure>>(
                       std::move(part), std::move(on_reply), std::move(on_failure)));
}

} // namespace nats_mcp
