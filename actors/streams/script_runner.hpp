// SPDX-License-Identifier: MIT
// Carries out the conversations of protocol/jetstream/script.hpp with the gateway. Part of an
// actor's state; all callbacks happen inside that actor.
#pragma once

#include "protocol/agents/key_script.hpp"
#include "protocol/jetstream/script.hpp"
#include "protocol/time.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp {

/// Carries out one command and calls back later.
template <class Command, class Answer>
using command_caller = std::function<void(Command, std::function<void(result<Answer>)>)>;
/// For the registry's buckets.
using key_caller = command_caller<agents::key_command, agents::key_answer>;

/// What the gateway answers to a command.
template <class Command>
using reply_to = caf::detail::tl_head_t<caf::response_type_t<gateway_actor::signatures, Command>>;

/// Has the commands of `Script` carried out by the gateway.
template <class Script, class Handle>
[[nodiscard]] command_caller<typename Script::command_type, typename Script::answer_type>
make_command_caller(asking_actor<Handle>* owner, gateway_actor gateway) {
  using answer = typename Script::answer_type;
  return [owner, gateway = std::move(gateway)](typename Script::command_type command,
                                               std::function<void(result<answer>)> then) {
    std::visit(
      [&](auto& what) {
        using reply = reply_to<std::decay_t<decltype(what)>>;
        ask<reply>(
          owner, gateway, std::move(what), "gateway",
          [then](reply got) { then(answer{std::move(got)}); },
          [then](const error& why) { then(tl::make_unexpected(why)); });
      },
      command);
  };
}

template <class Handle>
[[nodiscard]] key_caller make_key_caller(asking_actor<Handle>* owner, gateway_actor gateway) {
  return make_command_caller<agents::key_script>(owner, std::move(gateway));
}

/// How a script is run.
struct script_run {
  /// All of it has to happen by then; a command with an earlier deadline of its own keeps it.
  monotonic_time deadline;
  /// What `script_round::answered_at` is read from: the actor's clock, or one that counts sleep as
  /// well.
  std::function<monotonic_time()> clock;
  /// After each round of answers; a script may have decided long before it is over. May be empty.
  std::function<void()> progressed{};
  /// The script is over.
  std::function<void()> ended;
};

/// One round of commands under way.
template <class Answer>
struct open_round {
  std::vector<std::optional<result<Answer>>> answers;
  std::size_t missing = 0;
};

/// Runs `script` to its end.
template <class Command, class Answer>
void run_script(const command_caller<Command, Answer>& caller,
                std::shared_ptr<std::type_identity_t<jetstream::script<Command, Answer>>> script,
                script_run how) {
  auto commands = script->take_commands();
  if (commands.empty()) {
    how.ended();
    return;
  }
  const auto round = std::make_shared<open_round<Answer>>();
  round->answers.resize(commands.size());
  round->missing = commands.size();
  for (std::size_t i = 0; i < commands.size(); ++i) {
    std::visit(
      [&how](auto& what) {
        if (what.deadline == monotonic_time{} || what.deadline > how.deadline) {
          what.deadline = how.deadline;
        }
      },
      commands[i]);
    caller(std::move(commands[i]), [=](result<Answer> answer) {
      round->answers[i] = std::move(answer);
      if (--round->missing > 0) {
        return;
      }
      jetstream::script_round<Answer> complete;
      complete.answered_at = how.clock();
      for (auto& one : round->answers) {
        complete.answers.push_back(std::move(*one));
      }
      script->on_answers(complete);
      if (how.progressed) {
        how.progressed();
      }
      run_script(caller, script, how);
    });
  }
}

} // namespace nats_mcp
