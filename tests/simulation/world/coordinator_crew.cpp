// SPDX-License-Identifier: MIT
#include "tests/simulation/world/coordinator_crew.hpp"

#include <utility>

namespace nats_mcp::simulation {

namespace {

using std::chrono::milliseconds;

/// Far from the numbers of the agents' processes.
constexpr std::uint64_t first_process_number = 1'000'000;
/// Between two things that happen to one coordinator, at most; long enough that one leads now and
/// then.
constexpr std::uint64_t between_faults_max_ms = 40'000;
/// How long one is away, stands still or is cut off at most: longer than the silence after which
/// another one leads.
constexpr std::uint64_t away_max_ms = 9'000;
constexpr std::uint64_t skew_max_ms = 3'600'000;
/// An incarnation of a part fails at a message that is this one on average.
constexpr std::uint64_t crash_every = 1'500;
constexpr milliseconds assign_timeout{8'000};

} // namespace

coordinator_crew::coordinator_crew(options choice)
  : options_{std::move(choice)}
  , chance_{options_.chance} {
  for (std::size_t number = 0; number < options_.count; ++number) {
    auto& one = *places_.emplace_back(std::make_unique<place>());
    one.number = number;
    one.skew = std::make_shared<milliseconds>(any_skew());
    options_.scheduler->at(now() + soon(2'000), [this, &one] { start(one); });
    plan_next(one);
  }
}

milliseconds coordinator_crew::any_skew() {
  return milliseconds{chance_.below(2 * skew_max_ms)} - milliseconds{skew_max_ms};
}

milliseconds coordinator_crew::soon(std::uint64_t at_most_ms) {
  return milliseconds{chance_.below(at_most_ms + 1)};
}

void coordinator_crew::note(const place& one, std::string_view what) {
  options_.seen->note(now(), "coordinator " + std::to_string(one.number), what);
}

void coordinator_crew::start(place& one) {
  const bool crashes = options_.faults.contains(fault_kind::crash_gateway) && !healed_;
  one.crashes = std::make_shared<crash_points>(
    chance_.fork(), crashes ? std::map<std::string, std::uint64_t>{{"coordinator", crash_every},
                                                                   {"gateway", crash_every},
                                                                   {"sweeper", crash_every}}
                            : std::map<std::string, std::uint64_t>{});
  one.process_number = first_process_number + ++processes_;
  one.leaving = false;
  coordinator_tree::options choice;
  choice.system = &options_.scheduler->system();
  choice.wires = options_.wires;
  choice.through = options_.through;
  choice.configuration = options_.configuration;
  choice.chance = chance_.fork();
  choice.skew = one.skew;
  choice.assign_timeout = assign_timeout;
  choice.probe = [points = one.crashes](std::string_view part) { points->look(part); };
  choice.on_event = [this, &one](const supervision_event& event) {
    note(one, event.child + " " + std::string{to_string(event.what)});
    if (event.what == supervision_event::kind::ended && !event.failure.empty()) {
      options_.count_event("coordinator's " + event.child + " crashed");
    }
  };
  choice.on_act = [this, process = one.process_number](std::uint64_t term) {
    auto& history = *options_.history;
    history.acts.push_back({++history.last_order, process, term});
  };
  note(one, "starts");
  options_.scheduler->within(one.process_number, [&one, &choice] {
    one.process = std::make_unique<coordinator_tree>(std::move(choice));
  });
}

// -- what goes wrong ---------------------------------------------------------------------------

void coordinator_crew::plan_next(place& one) {
  options_.scheduler->at(now() + soon(between_faults_max_ms), [this, &one] {
    if (!healed_) {
      strike(one);
      plan_next(one);
    }
  });
}

void coordinator_crew::strike(place& one) {
  if (!one.process || one.leaving) {
    return;
  }
  const auto may = [this](fault_kind kind) { return options_.faults.contains(kind); };
  const auto what = chance_.below(5);
  if (what == 0 && may(fault_kind::kill_process)) {
    end(one);
  } else if (what == 1 && may(fault_kind::stop_process)) {
    leave(one);
  } else if (what == 2 && may(fault_kind::freeze_process)) {
    freeze(one);
  } else if (what == 3 && may(fault_kind::partition)) {
    options_.count_event("coordinator cut off");
    note(one, "is cut off");
    options_.wires->cut_off(one.process->network_process(), soon(away_max_ms));
  } else if (what == 4 && may(fault_kind::step_clock)) {
    options_.count_event("coordinator's clock set");
    note(one, "has its clock set");
    *one.skew = any_skew();
  }
}

void coordinator_crew::end(place& one) {
  options_.count_event("coordinator ended");
  note(one, "ends");
  options_.scheduler->thaw(one.process_number); // so that it can end
  one.process->kill();
  one.process.reset();
  const auto away = healed_ ? milliseconds{0} : soon(away_max_ms);
  options_.scheduler->at(now() + away, [this, &one] {
    if (!one.process) {
      start(one);
    }
  });
}

void coordinator_crew::leave(place& one) {
  note(one, "is told to leave");
  one.leaving = true;
  options_.scheduler->within(one.process_number, [this, &one] {
    one.process->leave([this, &one, number = one.process_number] {
      // Outside of the actor that says so.
      options_.scheduler->at(now(), [this, &one, number] {
        if (one.process && one.process_number == number) {
          end(one);
        }
      });
    });
  });
}

void coordinator_crew::freeze(place& one) {
  options_.count_event("coordinator frozen");
  note(one, "stands still");
  options_.scheduler->freeze(one.process_number);
  options_.scheduler->at(now() + soon(away_max_ms), [this, &one, number = one.process_number] {
    options_.scheduler->thaw(number);
    note(one, "goes on");
  });
}

void coordinator_crew::heal() {
  healed_ = true;
  for (const auto& one : places_) {
    if (one->crashes) {
      one->crashes->heal();
    }
  }
}

} // namespace nats_mcp::simulation
