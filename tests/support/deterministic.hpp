// SPDX-License-Identifier: MIT
// Actor tests without waiting: the whole actor system runs in the test's thread, on a clock that
// only moves when the test says so. A test reads as a story: tell somebody something, let time
// pass, ask.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "actors/error_bridge.hpp"

#include "tests/support/answer_to.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

using strings = std::vector<std::string>;

/// What a clock on the wall shows in every story: 2026-01-15T10:00Z.
inline constexpr wall_time story_time{std::chrono::milliseconds{1'768'471'200'000}};

/// An answer that has come or may still come.
template <class T>
class pending_answer {
public:
  [[nodiscard]] bool answered() const { return box_->has_value(); }

  /// The answer; `ec::timeout` while there is none.
  [[nodiscard]] result<T> value() const {
    return box_->value_or(fail(ec::timeout, "Nothing is left to do and no answer has come."));
  }

private:
  friend class deterministic;
  std::shared_ptr<std::optional<result<T>>> box_ = std::make_shared<std::optional<result<T>>>();
};

/// The fixture of every actor test. Time starts at an arbitrary point and stands still between
/// calls.
class deterministic : public ::testing::Test {
protected:
  deterministic();

  /// Kills every actor the test made known; one that is left is a failure of the test.
  void TearDown() override;

  [[nodiscard]] caf::actor_system& system() noexcept { return *system_; }
  [[nodiscard]] monotonic_time now() const noexcept { return scheduler_->clock().now(); }
  /// Time that has passed since the test began.
  [[nodiscard]] std::chrono::milliseconds elapsed() const noexcept;

  /// Handles messages until none is left. No time passes.
  void run();

  /// Lets `duration` pass: every timer fires at its own due time, in order.
  void advance(std::chrono::nanoseconds duration);

  /// Makes an actor known, so that it is ended with the test. Actors ended by others need not be.
  template <class Handle>
  Handle adopt(Handle actor) {
    adopted_.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
    return actor;
  }

  /// Sends a message that has no answer, and lets it have its effect.
  template <class Handle, class Message>
  void tell(const Handle& receiver, Message message) {
    caf::anon_send(receiver, std::move(message));
    run();
  }

  /// Puts a request into the receiver's mailbox, where it stays until something runs: several can
  /// be under way at once.
  template <class Handle, class Message>
  [[nodiscard]] pending_answer<answer_to<Handle, Message>> post(const Handle& receiver,
                                                                Message message) {
    using answer = answer_to<Handle, Message>;
    pending_answer<answer> pending;
    auto box = pending.box_;
    const auto part = name_of(caf::actor_cast<caf::strong_actor_ptr>(receiver));
    send_now(system_->spawn(
      [receiver, box, part, content = std::move(message)](caf::event_based_actor* self) {
        self->request(receiver, caf::infinite, content)
          .then([box](answer& value) { *box = std::move(value); },
                [box, part](caf::error& e) { *box = tl::make_unexpected(from_caf(e, part)); });
      }));
    return pending;
  }

  /// Sends a request, runs, and returns the answer; `ec::timeout` when it needs time to pass.
  template <class Handle, class Message>
  [[nodiscard]] result<answer_to<Handle, Message>> ask(const Handle& receiver, Message message) {
    auto pending = post(receiver, std::move(message));
    run();
    return pending.value();
  }

private:
  static std::string name_of(const caf::strong_actor_ptr& actor);
  /// Runs `asker`, and nobody else, once.
  void send_now(const caf::actor& asker);

  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;
  monotonic_time began_;
  std::vector<caf::strong_actor_ptr> adopted_;
};

} // namespace nats_mcp::testing
