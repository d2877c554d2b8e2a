// SPDX-License-Identifier: MIT
// A handle that survives restarts. Callers hold one typed handle for the life of the program;
// behind it the supervisor exchanges one incarnation for the next. It is no actor with a mailbox: a
// message is passed on as it is, with its sender and its id, so answers go straight back and
// nothing is queued twice. Only while an incarnation is being started do messages wait here.
#pragma once

#include "protocol/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp {

/// Passes messages to the current incarnation of one part. While it is down a request is
/// answered at once with `ec::unavailable`, in a sentence that names the part; other messages are
/// dropped and counted. EXIT and DOWN are not passed on: when a part ends is its supervisor's
/// affair.
/// @threadsafe
class stable_ref : public caf::monitorable_actor {
public:
  stable_ref(caf::actor_config& config, std::string part);

  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* unit) override;

  [[nodiscard]] const char* name() const override;

  /// An incarnation is about to start, and may begin its work before anybody can point to it: until
  /// `point_to` or `take_down`, messages wait, up to limits::messages_held_while_starting_max.
  void hold();

  /// Messages go to `incarnation` from now on, those that waited first.
  void point_to(caf::strong_actor_ptr incarnation);

  /// Requests are answered with `ec::unavailable` and `sentence` from now on.
  void take_down(std::string sentence);

  /// What this handle stands for, such as "channels".
  [[nodiscard]] const std::string& part() const noexcept { return part_; }

  /// Messages that were no requests and came while there was no incarnation.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
  void refuse(const caf::mailbox_element& message, const caf::error& reason,
              caf::execution_unit* unit);

  const std::string part_;
  std::atomic<std::uint64_t> dropped_{0};
  std::mutex mutex_;
  caf::strong_actor_ptr target_;
  bool holding_ = false;
  std::vector<caf::mailbox_element_ptr> held_;
  caf::error reason_down_;
};

/// Keeps a `stable_ref` alive: actors are counted through a control block of their own.
class stable_ref_ptr {
public:
  stable_ref_ptr() = default;

  /// @pre `owner` is a `stable_ref`.
  explicit stable_ref_ptr(caf::strong_actor_ptr owner) noexcept
    : owner_{std::move(owner)} {
    // nop
  }

  stable_ref* operator->() const noexcept { return static_cast<stable_ref*>(owner_->get()); }

  explicit operator bool() const noexcept { return static_cast<bool>(owner_); }

private:
  caf::strong_actor_ptr owner_;
};

/// What the wiring keeps: `handle` goes to everybody who talks to the part, `ref` into the
/// child_spec of the part's supervisor.
template <class Handle>
struct stable_slot {
  Handle handle;
  stable_ref_ptr ref;
};

/// A slot without an incarnation. @param part names it in errors, such as "channels".
template <class Handle>
[[nodiscard]] stable_slot<Handle> make_stable_slot(caf::actor_system& system, std::string part) {
  caf::actor_config config;
  auto handle = caf::make_actor<stable_ref, Handle>(system.next_actor_id(), system.node(), &system,
                                                    config, std::move(part));
  auto owner = caf::actor_cast<caf::strong_actor_ptr>(handle);
  return {std::move(handle), stable_ref_ptr{std::move(owner)}};
}

} // namespace nats_mcp
