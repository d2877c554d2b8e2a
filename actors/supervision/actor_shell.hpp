// SPDX-License-Identifier: MIT
// The one way an actor of ours is made: state in a plain class, CAF's five default handlers set so
// that nothing is printed, swallowed or half alive, and a probe that sees every message first.
//
// `State` is constructed as `State{self, arguments…}` when the actor starts and destroyed the
// moment it ends, so that a `guarded_promise` inside it answers whoever still waits. It offers
// `behavior_type make_behavior()`. It may throw from its constructor: the actor then ends with that
// failure, which its supervisor sees like any crash.
#pragma once

#include "protocol/error.hpp"

#include "actors/error_bridge.hpp"
#include "actors/request.hpp"

#include <caf/actor_config.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/response_promise.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace nats_mcp {

/// Called inside an actor, before each message and each response it handles, with the actor's name.
/// Throwing makes that actor crash there: fault tests do. Production passes none.
using message_probe = std::function<void(std::string_view actor)>;

/// The five handlers of every actor: exceptions become `ec::crashed` with their text; unexpected
/// messages are refused with an error; DOWN, EXIT and error messages end the actor only when the
/// sender meant it to end. Part of `actor_shell`, separate for actors CAF makes itself.
void set_default_handlers(caf::scheduled_actor* self);

/// A state that outlives a message whose handling threw: `survive` hears what was thrown and puts
/// everything in order, whatever was half done. The message is then handled a second time; it is
/// dropped, a request with an answer that says why, if it throws again.
template <class State>
concept surviving = requires(State& state, const std::string& failure) {
  state.survive(failure);
};

/// An actor of type `Handle` around a `State`.
template <class Handle, class State, class... Arguments>
class actor_shell : public asking_actor<Handle> {
public:
  using behavior_type = typename Handle::behavior_type;

  actor_shell(caf::actor_config& config, std::string name, message_probe probe,
              Arguments... arguments)
    : asking_actor<Handle>{config}
    , name_{std::move(name)}
    , probe_{std::move(probe)}
    , arguments_{std::move(arguments)...} {
    set_default_handlers(this);
  }

  [[nodiscard]] const char* name() const override { return name_.c_str(); }

  behavior_type make_behavior() override {
    state_ = std::apply(
      [this](auto&&... arguments) {
        return std::make_unique<State>(static_cast<asking_actor<Handle>*>(this),
                                       std::forward<decltype(arguments)>(arguments)...);
      },
      std::move(arguments_));
    return state_->make_behavior();
  }

  void on_exit() override {
    state_.reset();
    this->forget_requests();
    Handle::base::on_exit();
  }

protected:
  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    if constexpr (surviving<State>) {
      try {
        return look_and_consume(element);
      } catch (const std::exception& thrown) {
        return consume_again(element, thrown.what());
      }
    } else {
      return look_and_consume(element);
    }
  }

private:
  caf::invoke_message_result look_and_consume(caf::mailbox_element& element) {
    if (probe_) {
      // A throwing probe must find the actor as a throwing handler does: CAF answers the request in
      // `current_element_`, which it sets only in what follows.
      this->current_element_ = &element;
      probe_(name_);
    }
    return asking_actor<Handle>::consume(element);
  }

  caf::invoke_message_result consume_again(caf::mailbox_element& element,
                                           const std::string& failure) {
    try {
      state_->survive(failure);
      return asking_actor<Handle>::consume(element);
    } catch (const std::exception& thrown) {
      this->current_element_ = &element;
      if (element.mid.is_request() && !element.mid.is_answered()) {
        this->template make_response_promise<caf::response_promise>().deliver(
          crash_to_caf(thrown.what()));
      }
      return caf::invoke_message_result::consumed;
    }
  }

  std::string name_;
  message_probe probe_;
  std::tuple<Arguments...> arguments_;
  std::unique_ptr<State> state_;
};

/// Spawns `State` as an actor of type `Handle` under `name`.
template <class Handle, class State, class Spawner, class... Arguments>
[[nodiscard]] Handle spawn_shell(Spawner& spawner, std::string name, message_probe probe,
                                 Arguments... arguments) {
  return spawner.template spawn<actor_shell<Handle, State, Arguments...>>(
    std::move(name), std::move(probe), std::move(arguments)...);
}

} // namespace nats_mcp
