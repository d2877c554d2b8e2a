// SPDX-License-Identifier: MIT
// A response promise that cannot be forgotten. CAF 0.17 drops an unanswered promise in silence and
// the requester waits for its own timeout; this one answers when it is destroyed, which happens at
// the latest when a crashed actor's state is.
#pragma once

#include "protocol/error.hpp"

#include "actors/error_bridge.hpp"

#include <caf/typed_response_promise.hpp>

#include <string>
#include <utility>

namespace nats_mcp {

/// Holds the duty to answer one request. Keep it in actor state, never in a lambda that outlives
/// the actor. Not thread-safe: deliver and destroy only inside the actor that made it.
template <class T>
class guarded_promise {
public:
  guarded_promise() = default;

  /// @param part names the actor in the error a caller reads when the promise is broken.
  guarded_promise(caf::typed_response_promise<T> promise, std::string part)
    : promise_{std::move(promise)}
    , part_{std::move(part)} {
    // nop
  }

  guarded_promise(guarded_promise&& other) noexcept
    : promise_{std::exchange(other.promise_, {})}
    , part_{std::move(other.part_)} {
    // nop
  }

  guarded_promise& operator=(guarded_promise&& other) noexcept {
    if (this != &other) {
      break_promise();
      promise_ = std::exchange(other.promise_, {});
      part_ = std::move(other.part_);
    }
    return *this;
  }

  guarded_promise(const guarded_promise&) = delete;
  guarded_promise& operator=(const guarded_promise&) = delete;

  ~guarded_promise() { break_promise(); }

  /// Answers the request; a second answer is ignored.
  void deliver(T value) {
    if (promise_.pending()) {
      promise_.deliver(std::move(value));
    }
  }

  /// Answers the request with a failure.
  void fail(const error& failure) {
    if (promise_.pending()) {
      promise_.deliver(to_caf(failure));
    }
  }

  [[nodiscard]] bool pending() const { return promise_.pending(); }

private:
  void break_promise() noexcept {
    if (promise_.pending()) {
      promise_.deliver(
        to_caf({ec::crashed,
                "The part \"" + part_
                  + "\" of this server failed while it held this request and is being"
                    " restarted. Whether it took effect is not known.",
                0}));
    }
  }

  caf::typed_response_promise<T> promise_;
  std::string part_;
};

} // namespace nats_mcp
