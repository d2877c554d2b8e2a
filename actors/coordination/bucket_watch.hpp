// SPDX-License-Identifier: MIT
// One watch over the keys of a bucket, opened again by whoever calls `begin` now and then for as
// long as it cannot be opened. Part of an actor's state; all calls and callbacks happen inside that
// actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"

#include "actors/messages.hpp"

#include <functional>
#include <optional>
#include <string>

namespace nats_mcp {

class bucket_watch {
public:
  struct surroundings {
    /// Has the gateway open it, and says when it did.
    std::function<void(kv_watch, std::function<void(const result<void>&)>)> open;
    std::function<void(jetstream::subscription_id)> close;
    /// The actor's stable handle, so that a restarted one goes on hearing.
    gateway_listener_actor listener;
    random_source random;
    std::string bucket;
    /// A subject pattern over keys.
    std::string filter;
    /// Whether an entry was there before anybody watched.
    enum class origin : bool { found, change };
    std::function<void(const jetstream::kv_entry&, origin)> changed;
    /// What was seen so far counts no more: all of it comes again.
    std::function<void()> cleared;
    /// Everything that was there has come.
    std::function<void()> completed;
  };
  using origin = surroundings::origin;

  explicit bucket_watch(surroundings around);

  /// Opens it, unless it is open or being opened.
  void begin(monotonic_time deadline);
  /// Ends it; what was seen counts no more.
  void end();

  /// Everything that was there when it was opened has come, and whatever comes is followed.
  [[nodiscard]] bool is_complete() const noexcept { return complete_; }
  [[nodiscard]] bool is_begun() const noexcept { return id_.has_value(); }
  /// Why it could not be opened when that was tried last, in words; empty when it could.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  /// @returns whether it was this watch's.
  bool on_change(const jetstream::kv_change& change);
  void on_event(const jetstream::kv_watch_event& event);

private:
  void opened(jetstream::subscription_id id, const result<void>& outcome);
  void clear();

  surroundings around_;
  std::optional<jetstream::subscription_id> id_;
  bool complete_ = false;
  std::string problem_;
};

} // namespace nats_mcp
