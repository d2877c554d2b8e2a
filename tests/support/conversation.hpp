// SPDX-License-Identifier: MIT
// A script under way, one command at a time, against NATS in memory: so that tests can put anything
// between any two commands, or let it end there for good.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/script.hpp"
#include "protocol/time.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

/// @tparam Script one of the kinds of scripts, such as `agents::key_script`. A store carries out
/// its commands, and may have a `clock()`.
template <class Script>
class conversation {
public:
  using command = typename Script::command_type;
  using reply = typename Script::answer_type;

  explicit conversation(std::shared_ptr<Script> script)
    : script_{std::move(script)} {
    next_round();
  }

  [[nodiscard]] bool over() const noexcept { return commands_.empty(); }
  [[nodiscard]] const command& next() const { return commands_[round_.answers.size()]; }

  /// Hands in the answer to `next`.
  void answer(result<reply> one, monotonic_time at = {}) {
    round_.answers.push_back(std::move(one));
    round_.answered_at = at;
    if (round_.answers.size() == commands_.size()) {
      script_->on_answers(round_);
      next_round();
    }
  }
  /// Carries out `next`.
  template <class Store>
  void step(Store& store) {
    auto one = store.carry_out(next());
    if constexpr (requires { store.clock(); }) {
      answer(std::move(one), store.clock());
    } else {
      answer(std::move(one));
    }
  }
  /// Carries out what was asked for at once. @param heard is told of each command.
  template <class Store, class Heard>
  void step_round(Store& store, Heard heard) {
    for (auto left = commands_.size() - round_.answers.size(); left > 0; --left) {
      heard(next());
      step(store);
    }
  }
  template <class Store>
  void step_round(Store& store) {
    step_round(store, [](const command&) {});
  }
  template <class Store>
  void finish(Store& store) {
    while (!over()) {
      step(store);
    }
  }

private:
  void next_round() {
    round_ = {};
    commands_ = script_->take_commands();
  }

  std::shared_ptr<Script> script_;
  std::vector<command> commands_;
  jetstream::script_round<reply> round_;
};

} // namespace nats_mcp::testing
