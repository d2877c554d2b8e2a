// SPDX-License-Identifier: MIT
// Changes of this agent's own entry, one after another: each builds on the revision the one before
// it left. Part of the registry actor's state; all callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <utility>

namespace nats_mcp {

/// Told once how something ended.
template <class T>
using finished = std::function<void(const result<T>&)>;

class change_queue {
public:
  /// Runs `change` when everything before it is over. It calls what it is given once, with its
  /// outcome, which goes to `done` before the next one begins. Too many waiting: `done` is told
  /// `ec::busy` at once.
  template <class T>
  void run(finished<T> done, std::function<void(finished<T>)> change) {
    add({[this, done, change = std::move(change)] {
           change([this, done](const result<T>& outcome) {
             done(outcome);
             over();
           });
         },
         [done](const error& why) { done(tl::make_unexpected(why)); }});
  }

  /// Refuses what waits and whatever is still to come with `why`. Calls `idle` when the change
  /// under way is over, if there is one.
  void close(const error& why, std::function<void()> idle);

  [[nodiscard]] bool under_way() const noexcept { return under_way_; }

private:
  struct waiting {
    std::function<void()> run;
    std::function<void(const error&)> refuse;
  };

  void add(waiting one);
  void over();

  std::deque<waiting> waiting_;
  bool under_way_ = false;
  std::optional<error> closed_;
  std::function<void()> idle_;
};

} // namespace nats_mcp
