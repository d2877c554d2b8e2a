// SPDX-License-Identifier: MIT
#include "tests/simulation/world/world.hpp"

#include "protocol/limits.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using namespace std::chrono_literals;

/// After the last fault everything works again within this: a part that failed too often is tried
/// again at the latest after `retry_delay_max`, and its callers wait for their own deadlines.
constexpr auto healing_max = limits::retry_delay_max + 60s;
/// The busy part ends by itself; this is only there to end a world that stands still.
constexpr auto busy_max = 1h;
/// No run needs a tenth of this: more means that actors keep each other busy for ever.
constexpr std::uint64_t turns_max = 3'000'000;
constexpr auto proving_pause = 100ms;
/// Processes start within this, so that they meet the server in every state.
constexpr std::uint64_t start_within_ms = 500;

} // namespace

world::world(world_options choice)
  : options_{std::move(choice)}
  , chance_{options_.seed}
  , trace_{options_.reads}
  , workload_{make_workload(options_.workload)}
  , plan_{draw_world_plan(
      chance_.fork(), {options_.faults, options_.agents, options_.calls, workload_->rhythm()})} {
  set_up();
}

world::~world() {
  scheduler_->forget_agenda();
  scheduler_->thaw_all();
  for (auto& one : places_) {
    one.process.reset();
  }
  coordinators_.reset();
  caf::anon_send<caf::message_priority::high>(
    caf::actor_cast<caf::actor>(pump_), caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  pump_ = nullptr;
  while (scheduler_->step(now())) {
    // nop
  }
}

// -- the beginning -----------------------------------------------------------------------------

void world::set_up() {
  scheduler_ = std::make_unique<virtual_scheduler>(
    virtual_scheduler::options{chance_.fork(), plan_.slow_actors}, trace_);
  network::options wires;
  wires.seed = chance_();
  wires.plan = plan_.network;
  wires.nats.seed = chance_();
  wires.clock = [this] { return now(); };
  wires.on_fault = [this](std::string_view fault) {
    count(fault);
    if (fault == "server killed" || fault == "server restarted") {
      history_.server_ends.push_back(++history_.last_order);
    }
    trace_.note(now(), "network", fault);
  };
  wires.nats.on_stored = [this](const std::string& stream, const jetstream::outgoing& message,
                                std::uint64_t sequence, instant stored_at) {
    note_stored(stream, message, sequence, stored_at);
  };
  network_ = std::make_shared<network>(std::move(wires));
  pump_ = spawn_network_pump(scheduler_->system(), network_);

  config::loaded_configuration shared;
  shared.value.output = config::output_style::structured;
  shared.value.call_timeout = plan_.call_timeout;
  workload_->set_up(shared.value, chance_);
  places_.resize(options_.agents);
  for (std::size_t number = 0; number < places_.size(); ++number) {
    settle(places_[number], number, shared);
  }
  plan_faults();
  if (const auto count = workload_->coordinators(); count > 0) {
    coordinators_ = std::make_unique<coordinator_crew>(coordinator_crew::options{
      count, scheduler_.get(), network_, std::make_shared<config::loaded_configuration>(shared),
      chance_.fork(), options_.faults, &history_, &trace_, options_.broken,
      [this](std::string_view event) { this->count(event); }});
  }
}

void world::settle(place& one, std::size_t number, const config::loaded_configuration& shared) {
  agent::options choice;
  choice.number = number;
  choice.speaks = static_cast<agent::manner>(chance_.below(3));
  choice.chance = chance_.fork();
  choice.history = &history_;
  choice.seen = &trace_;
  choice.clock = [this] { return now(); };
  choice.wall_clock = [this] {
    return std::chrono::floor<wall_time::duration>(network_->civil_now());
  };
  one.who = std::make_unique<agent>(std::move(choice));
  one.calls_left = (options_.calls + options_.agents - 1) / options_.agents;
  auto configuration = std::make_shared<config::loaded_configuration>(shared);
  workload_->settle(configuration->value, number);
  one.configuration = std::move(configuration);
  const auto soon = std::chrono::milliseconds{chance_.below(start_within_ms)};
  scheduler_->at(now() + soon, [this, &one] {
    start_process(one);
    make_busy(one);
  });
}

void world::start_process(place& one) {
  one.crashes = std::make_shared<crash_points>(
    chance_.fork(), healed_ ? std::map<std::string, std::uint64_t>{} : plan_.crash_every);
  server_tree::options choice;
  choice.system = &scheduler_->system();
  choice.wires = network_;
  choice.configuration = one.configuration;
  choice.chance = chance_.fork();
  choice.process = workload_->process_of(one.who->number());
  choice.process.session_id = make_uuid([this] { return chance_(); });
  const auto session_id = choice.process.session_id;
  choice.probe = [crashes = one.crashes](std::string_view part) { crashes->look(part); };
  choice.on_line = [&one](const std::string& line) { one.who->hear(line); };
  choice.on_event = [this, &one](const supervision_event& event) { on_event(one, event); };
  choice.through = options_.broken;
  choice.skew = one.skew;
  // The number its history gets.
  one.process_number = history_.processes.size() + 1;
  scheduler_->within(one.process_number, [&one, &choice] {
    one.process = std::make_unique<server_tree>(std::move(choice));
  });
  trace_.note(now(), agent_label(one.who->number()), "has a process");
  one.who->meet(one.process->client());
  history_.processes.back().session_id = session_id;
}

void world::make_busy(place& one) {
  if (one.calls_left == 0) {
    return;
  }
  if (one.who->has_process()) {
    --one.calls_left;
    workload_->step(*one.who);
  }
  const auto pause = static_cast<std::uint64_t>(std::chrono::microseconds{plan_.pause}.count());
  const bool at_once = one.who->has_process() && chance_.chance(plan_.hurry);
  std::chrono::microseconds wait{at_once ? 0 : chance_.below(2 * pause)};
  if (plan_.rest > 0 && chance_.chance(plan_.rest)) {
    wait +=
      std::chrono::milliseconds{chance_.below(static_cast<std::uint64_t>(plan_.rest_max.count()))};
  }
  scheduler_->at(now() + wait, [this, &one] { make_busy(one); });
}

// -- the run -----------------------------------------------------------------------------------

template <class Condition>
bool world::until(std::chrono::milliseconds limit, Condition holds) {
  const auto end = now() + limit;
  while (!holds()) {
    if (trace_.turns() > turns_max || !scheduler_->step(end)) {
      return holds();
    }
  }
  return true;
}

run_report world::run() {
  run_report report;
  report.plan = to_text(plan_);
  const auto began = now();
  const auto busy = [](const place& one) { return one.calls_left > 0; };
  const bool through =
    until(busy_max, [&] { return std::none_of(places_.begin(), places_.end(), busy); });
  const auto healed = now();
  report.busy = std::chrono::duration_cast<std::chrono::milliseconds>(healed - began);
  heal();
  if (!through || !until(healing_max, [this] { return all_answered(); })) {
    report.outcome = verdict::not_converged;
    report.problems = still_open();
  } else {
    keep_proving();
    if (!until(healing_max, [this] { return all_proved(); })) {
      report.outcome = verdict::not_converged;
      report.problems = {"an agent could not send and read any more"};
    }
  }
  report.healing = std::chrono::duration_cast<std::chrono::milliseconds>(now() - healed);
  judge(report);
  return report;
}

bool world::all_answered() const {
  return std::all_of(places_.begin(), places_.end(),
                     [](const place& one) { return one.who->has_process() && !one.who->waits(); });
}

bool world::all_proved() const {
  return std::all_of(places_.begin(), places_.end(),
                     [this](const place& one) { return workload_->proved(*one.who); });
}

void world::keep_proving() {
  for (auto& one : places_) {
    if (!workload_->proved(*one.who)) {
      workload_->prove(*one.who);
    }
  }
  if (!all_proved()) {
    scheduler_->at(now() + proving_pause, [this] { keep_proving(); });
  }
}

std::vector<std::string> world::still_open() const {
  std::vector<std::string> problems;
  for (const auto& one : places_) {
    for (const auto request : one.who->open()) {
      problems.push_back("request " + std::to_string(request) + " ("
                         + history_.requests.at(request).what + ") of "
                         + agent_label(one.who->number()) + " is not answered");
    }
    if (!one.who->has_process()) {
      problems.push_back(agent_label(one.who->number()) + " has no process");
    }
  }
  return problems;
}

void world::note_stored(const std::string& stream, const jetstream::outgoing& message,
                        std::uint64_t sequence, instant stored_at) {
  stored_record one;
  one.order = ++history_.last_order;
  one.time = now() - (network_->civil_now() - stored_at);
  one.stamp = std::chrono::floor<wall_time::duration>(stored_at);
  one.stream = stream;
  one.sequence = sequence;
  one.subject = message.subject;
  one.payload = message.payload;
  one.deletion = !jetstream::header(message.headers, "KV-Operation").empty();
  trace_.note(one.time, "server stores",
              stream + " #" + std::to_string(sequence) + " " + one.subject
                + (one.deletion ? " deleted" : ""));
  history_.stored.push_back(std::move(one));
}

void world::count(std::string_view event) { ++events_[std::string{event}]; }

void world::judge(run_report& report) {
  for (const auto& one : workload_->check(history_, network_->nats())) {
    for (const auto& violation : one->violations()) {
      report.problems.push_back(std::string{one->invariant()} + ": " + violation);
      // A request without an answer is what "not converged" means.
      if (report.outcome == verdict::passed) {
        report.outcome = verdict::violated;
      }
    }
  }
  report.hash = trace_.hash();
  report.turns = trace_.turns();
  report.events = events_;
  report.requests = history_.requests.size();
  for (const auto& request : history_.requests) {
    report.answers += request.answers.size();
  }
}

} // namespace nats_mcp::simulation
