// SPDX-License-Identifier: MIT
// The fixture of the supervision tests: up to three counters under one supervisor, delays without
// jitter, and a diary of what the supervisor reported.
#pragma once

#include "tests/support/deterministic.hpp"
#include "tests/unit/actors/supervision/counter.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::counting {

using namespace std::chrono_literals;
using slot = stable_slot<counter_actor>;

/// 100, 200, 400, 800 ms between restarts; 5, 10, 20, 40 s between tries after giving up.
inline supervision::restart_policy::options exact_delays() {
  supervision::restart_policy::options policy;
  policy.intensity = {.restarts_max = 3, .period = 10s};
  policy.restart_delay = {100ms, 800ms, 0};
  policy.retry_delay = {5s, 40s, 0};
  return policy;
}

class supervised : public testing::deterministic {
protected:
  slot first = make_stable_slot<counter_actor>(system(), "first");
  slot second = make_stable_slot<counter_actor>(system(), "second");
  slot third = make_stable_slot<counter_actor>(system(), "third");
  /// "<milliseconds> <child> <event>" in order.
  std::vector<std::string> diary;
  /// Of the supervisor.
  message_probe probe;

  child_spec child(const slot& where) {
    return child(where, supervision::restart::permanent, when_told_to_end::ends);
  }

  child_spec child(const slot& where, supervision::restart rule, when_told_to_end manners) {
    auto spec = counter_child(where.ref->part(), where.ref, manners);
    spec.policy = exact_delays();
    spec.policy.restart = rule;
    return spec;
  }

  supervisor_actor supervise(supervision::strategy strategy, std::vector<child_spec> children) {
    supervisor_options choice;
    choice.strategy = strategy;
    choice.random = [] { return std::uint64_t{0}; };
    choice.probe = probe;
    choice.on_event = [this](const supervision_event& event) {
      diary.push_back(std::to_string(elapsed().count()) + " " + event.child + " "
                      + std::string{to_string(event.what)});
    };
    auto supervisor = adopt(spawn_supervisor(system(), std::move(choice), std::move(children)));
    run();
    return supervisor;
  }

  supervisor_actor supervise(std::vector<child_spec> children) {
    return supervise(supervision::strategy::one_for_one, std::move(children));
  }

  /// What the part answers when `amount` is added, or the failure's code.
  std::string answer_of(const slot& where, int amount) {
    const auto answer = ask(where.handle, add{amount});
    return answer ? std::to_string(answer->value) : std::string{to_string(answer.error().code)};
  }
};

} // namespace nats_mcp::counting
