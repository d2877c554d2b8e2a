// SPDX-License-Identifier: MIT
// A request whose answer may come later: works on real threads and on a simulated scheduler alike,
// where nothing may block.
#pragma once

#include "protocol/error.hpp"

#include "actors/error_bridge.hpp"
#include "actors/interfaces.hpp"

#include "tests/support/answer_to.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace nats_mcp::testing {

/// What a gateway answers to `Command`.
template <class Command>
using answer_of = answer_to<gateway_actor, Command>;

/// @threadsafe
template <class T>
class posted {
public:
  [[nodiscard]] bool answered() const {
    const std::lock_guard guard{box_->mutex};
    return box_->outcome.has_value();
  }
  /// The answer; `ec::timeout` while there is none.
  [[nodiscard]] result<T> value() const {
    const std::lock_guard guard{box_->mutex};
    return box_->outcome.value_or(fail(ec::timeout, "No answer has come."));
  }
  void answer(result<T> outcome) {
    const std::lock_guard guard{box_->mutex};
    box_->outcome = std::move(outcome);
  }

private:
  struct box {
    std::mutex mutex;
    std::optional<result<T>> outcome;
  };
  std::shared_ptr<box> box_ = std::make_shared<box>();
};

/// Sends `command` to the gateway. Requests posted one after the other may be read in any order.
template <class Command>
posted<answer_of<Command>> post(caf::actor_system& system, const gateway_actor& gateway,
                                Command command) {
  using answer = answer_of<Command>;
  posted<answer> pending;
  system.spawn([gateway, pending, content = std::move(command)](caf::event_based_actor* self) {
    self->request(gateway, caf::infinite, content)
      .then([pending](answer& value) mutable { pending.answer(std::move(value)); },
            [pending](caf::error& failure) mutable {
              pending.answer(tl::make_unexpected(from_caf(failure, "gateway")));
            });
  });
  return pending;
}

} // namespace nats_mcp::testing
