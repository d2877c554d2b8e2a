// SPDX-License-Identifier: MIT
// Changes of this agent's own entry, one after another: each builds on the revision the one before
// it left. Part of the registry actor's state; all callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/limits.hpp"

#include <cstddef>
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
    if (changes_waiting_ >= limits::registry_changes_waiting_max) {
      done(tl::make_unexpected(too_many()));
    } else {
      add(turn_of(std::move(done), std::move(change), true));
    }
  }

  /// The same for a question that changes nothing and is asked by calls, of which there are never
  /// too many: it waits for its turn behind the changes before it, however many do.
  template <class T>
  void ask(finished<T> done, std::function<void(finished<T>)> question) {
    add(turn_of(std::move(done), std::move(question), false));
  }

  /// Refuses what waits and whatever is still to come with `why`. Calls `idle` when the change
  /// under way is over, if there is one.
  void close(const error& why, std::function<void()> idle);

  [[nodiscard]] bool under_way() const noexcept { return under_way_; }

private:
  struct waiting {
    std::function<void()> run;
    std::function<void(const error&)> refuse;
    bool is_change;
  };

  template <class T>
  waiting turn_of(finished<T> done, std::function<void(finished<T>)> what, bool is_change) {
    return {[this, done, what = std::move(what)] {
              what([this, done](const result<T>& outcome) {
                done(outcome);
                over();
              });
            },
            [done](const error& why) { done(tl::make_unexpected(why)); }, is_change};
  }
  [[nodiscard]] static error too_many();
  void add(waiting one);
  void over();

  std::deque<waiting> waiting_;
  std::size_t changes_waiting_ = 0;
  bool under_way_ = false;
  /// One of them is being begun just now; if it is over at once, the next one is begun after it and
  /// not inside of it, as many as there may be.
  bool beginning_ = false;
  std::optional<error> closed_;
  std::function<void()> idle_;
};

} // namespace nats_mcp
