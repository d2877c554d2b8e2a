// SPDX-License-Identifier: MIT
#include "tests/simulation/world/world_plan.hpp"

#include <utility>

namespace nats_mcp::simulation {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

class plan_maker {
public:
  plan_maker(dice chance, const plan_request& request)
    : chance_{chance}
    , request_{request} {
    const bool sparse = chance_.below(4) == 0;
    for (const auto kind : request_.faults) {
      if (kind == fault_kind::step_clock) {
        present_.insert(kind); // came later: seeds go on meaning what they meant
      } else if (!sparse || chance_.below(2) == 0) {
        present_.insert(kind);
      }
    }
  }

  world_plan make() {
    world_plan plan;
    const auto& rhythm = request_.rhythm;
    plan.pause = span(static_cast<std::uint64_t>(rhythm.pause_min.count()),
                      static_cast<std::uint64_t>(rhythm.pause_max.count()));
    plan.rest = rhythm.rest;
    plan.rest_max = rhythm.rest_max;
    plan.hurry = chance_.between(0, 4'000);
    plan.call_timeout = span(1'000, 5'000);
    const auto wait = plan.pause + plan.rest_max * static_cast<std::int64_t>(plan.rest) / 20'000;
    length_ =
      wait * static_cast<std::int64_t>(request_.calls) / static_cast<std::int64_t>(request_.agents);
    plan.network = network();
    crashes(plan);
    ends(plan);
    stalls(plan);
    plan.slow_actors = share(fault_kind::slow_actors, 20, 2'000);
    standstills(plan);
    clock_steps(plan);
    return plan;
  }

private:
  [[nodiscard]] bool has(fault_kind kind) const { return present_.contains(kind); }

  std::uint64_t share(fault_kind kind, std::uint64_t least, std::uint64_t most) {
    const auto drawn = chance_.between(least, most);
    return has(kind) ? drawn : 0;
  }

  milliseconds span(std::uint64_t least, std::uint64_t most) {
    return milliseconds{chance_.between(least, most)};
  }

  /// A mean time that lets it happen `least` to `most` times while the agents are busy.
  milliseconds mean(fault_kind kind, std::uint64_t least, std::uint64_t most) {
    const auto times = static_cast<std::int64_t>(chance_.between(least, most));
    return has(kind) ? length_ / times + milliseconds{1} : milliseconds{0};
  }

  fault_plan network() {
    fault_plan plan;
    const microseconds slow{chance_.between(200, 20'000)};
    const microseconds spread{chance_.between(500, 60'000)};
    plan.delay_min = has(fault_kind::delay) ? slow : microseconds{50};
    plan.delay_max = plan.delay_min + (has(fault_kind::reorder) ? spread : microseconds{0});
    plan.lose_request = share(fault_kind::lose_request, 50, 600);
    plan.lose_answer = share(fault_kind::lose_answer, 50, 600);
    plan.duplicate_request = share(fault_kind::duplicate, 200, 2'000);
    plan.disconnect = share(fault_kind::disconnect, 50, 400);
    plan.notice_max = span(1, 500);
    plan.restart_every = mean(fault_kind::restart, 2, 6);
    plan.restart_lasts = span(20, 1'500);
    plan.kill = chance_.between(0, 10'000);
    plan.unsynced = span(0, 300);
    plan.stall_every = mean(fault_kind::slow_server, 2, 6);
    plan.stall_lasts = span(10, 1'500);
    return plan;
  }

  void crashes(world_plan& plan) {
    // About how many messages each part handles while the agents are busy, shared among crashes.
    const auto calls = request_.calls / request_.agents;
    const std::pair<fault_kind, std::pair<const char*, std::uint64_t>> parts[] = {
      {fault_kind::crash_gateway, {"gateway", 10 * calls}},
      {fault_kind::crash_channels, {"channels", 6 * calls}},
      {fault_kind::crash_session, {"session", 3 * calls}},
      {fault_kind::crash_registry, {"registry", 6 * calls}},
      {fault_kind::crash_heartbeat, {"heartbeat", 2 * calls}},
      {fault_kind::crash_inbox, {"inbox", 6 * calls}},
      {fault_kind::crash_work, {"work-queue", 8 * calls}},
      {fault_kind::crash_letters, {"dead-letters", 2 * calls}},
    };
    for (const auto& [kind, part] : parts) {
      const auto every = part.second / chance_.between(1, 6) + 1;
      if (has(kind)) {
        plan.crash_every[part.first] = every;
      }
    }
  }

  void ends(world_plan& plan) {
    const auto gone_max = static_cast<std::uint64_t>(request_.rhythm.gone_max.count());
    for (const auto& [kind, manner] :
         {std::pair{fault_kind::kill_process, process_end::manner::killed},
          std::pair{fault_kind::stop_process, process_end::manner::stopped}}) {
      const auto times = chance_.between(1, 3);
      for (std::uint64_t i = 0; i < times; ++i) {
        const process_end one{chance_.below(request_.agents), somewhen(), manner,
                              span(0, gone_max)};
        if (has(kind)) {
          plan.ends.push_back(one);
          kill_again(plan, one);
        }
      }
    }
  }

  void kill_again(world_plan& plan, process_end one) {
    const auto& rhythm = request_.rhythm;
    const auto within = static_cast<std::uint64_t>(rhythm.killed_again_within.count());
    while (one.how == process_end::manner::killed && rhythm.killed_again > 0
           && chance_.below(10'000) < rhythm.killed_again) {
      one.after += one.gone_for + span(0, within);
      one.gone_for = span(0, within);
      plan.ends.push_back(one);
    }
  }

  void stalls(world_plan& plan) {
    const auto times = chance_.between(1, 4);
    for (std::uint64_t i = 0; i < times; ++i) {
      const client_stall one{chance_.below(request_.agents), somewhen(), span(10, 2'000)};
      if (has(fault_kind::slow_client)) {
        plan.stalls.push_back(one);
      }
    }
  }

  void standstills(world_plan& plan) {
    const auto longest = static_cast<std::uint64_t>(request_.rhythm.freeze_max.count());
    const auto freezes = chance_.between(1, 3);
    for (std::uint64_t i = 0; i < freezes; ++i) {
      const process_freeze one{chance_.below(request_.agents), somewhen(), span(10, longest)};
      if (has(fault_kind::freeze_process)) {
        plan.freezes.push_back(one);
      }
    }
    const auto partitions = chance_.between(1, 4);
    for (std::uint64_t i = 0; i < partitions; ++i) {
      const partition one{chance_.below(request_.agents), somewhen(), span(10, 1'500)};
      if (has(fault_kind::partition)) {
        plan.partitions.push_back(one);
      }
    }
  }

  void clock_steps(world_plan& plan) {
    const auto times = chance_.between(0, 4);
    for (std::uint64_t i = 0; i < times; ++i) {
      const clock_step one{chance_.below(request_.agents), somewhen(), any_skew()};
      if (has(fault_kind::step_clock)) {
        plan.clock_steps.push_back(one);
      }
    }
  }

  /// An hour at most, either way.
  milliseconds any_skew() {
    constexpr std::uint64_t most = 3'600'000;
    return span(0, 2 * most) - milliseconds{most};
  }

  milliseconds somewhen() { return span(0, static_cast<std::uint64_t>(length_.count())); }

  dice chance_;
  const plan_request& request_;
  fault_choice present_;
  /// About how long the agents are busy.
  milliseconds length_{0};
};

std::string number(std::uint64_t value) { return std::to_string(value); }
std::string number(milliseconds value) { return std::to_string(value.count()); }

} // namespace

world_plan draw_world_plan(dice chance, const plan_request& request) {
  return plan_maker{chance, request}.make();
}

std::string to_text(const world_plan& plan) {
  auto text = "agents: a call every " + number(plan.pause) + " ms, " + number(plan.hurry)
              + "/10000 at once, call timeout " + number(plan.call_timeout) + " ms\n";
  text += "network: " + to_text(plan.network) + "\n";
  text += "crashes:";
  for (const auto& [part, every] : plan.crash_every) {
    text += " " + part + " about every " + number(every) + " messages;";
  }
  text += plan.crash_every.empty() ? " none\nprocesses:" : "\nprocesses:";
  for (const auto& end : plan.ends) {
    text += " agent " + number(end.agent)
            + (end.how == process_end::manner::killed ? " killed" : " stopped") + " at "
            + number(end.after) + " ms for " + number(end.gone_for) + " ms;";
  }
  text += plan.ends.empty() ? " none end" : "";
  for (const auto& freeze : plan.freezes) {
    text += " agent " + number(freeze.agent) + " frozen at " + number(freeze.after) + " ms for "
            + number(freeze.lasts) + " ms;";
  }
  for (const auto& cut : plan.partitions) {
    text += " agent " + number(cut.agent) + " cut off at " + number(cut.after) + " ms for "
            + number(cut.lasts) + " ms;";
  }
  for (const auto& step : plan.clock_steps) {
    text += " clock of agent " + number(step.agent) + " at " + number(step.after) + " ms "
            + number(step.skew) + " ms from the server's;";
  }
  text += "\nclients:";
  for (const auto& stall : plan.stalls) {
    text += " agent " + number(stall.agent) + " does not read from " + number(stall.after)
            + " ms for " + number(stall.lasts) + " ms;";
  }
  text += plan.stalls.empty() ? " all read\n" : "\n";
  return text + "actors: held up in " + number(plan.slow_actors) + "/10000 of turns\n";
}

} // namespace nats_mcp::simulation
