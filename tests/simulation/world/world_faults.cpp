// SPDX-License-Identifier: MIT
// What goes wrong with the processes and the clients of a world, and how it stops.
#include "tests/simulation/world/world.hpp"

namespace nats_mcp::simulation {

void world::plan_faults() {
  const auto each = [this](const auto& planned, auto strike) {
    for (const auto& one : planned) {
      scheduler_->at(now() + one.after, [one, strike] { strike(one); });
    }
  };
  each(plan_.ends, [this](const process_end& one) { end_process(one); });
  each(plan_.stalls, [this](const client_stall& one) { stall_client(one); });
  each(plan_.freezes, [this](const process_freeze& one) { freeze_process(one); });
  each(plan_.partitions, [this](const partition& one) { cut_off(one); });
  each(plan_.clock_steps, [this](const clock_step& one) { set_clock(one); });
}

void world::end_process(const process_end& end) {
  auto& one = places_.at(end.agent);
  if (healed_ || !one.who->has_process()) {
    return;
  }
  if (end.how == process_end::manner::killed) {
    count("process killed");
    history_.processes.at(one.who->process()).killed = true;
    process_gone(one, end.gone_for);
    return;
  }
  count("process stopped");
  trace_.note(now(), agent_label(end.agent), "stops its process");
  one.who->say_goodbye();
  one.process->client().read_on(); // who wants the last answers has to read them
  scheduler_->within(one.process_number, [this, &one, &end] {
    one.process->stop([this, &one, end] { process_gone(one, end.gone_for); });
  });
}

void world::process_gone(place& one, std::chrono::milliseconds gone_for) {
  trace_.note(now(), agent_label(one.who->number()), "has no process any more");
  scheduler_->thaw(one.process_number); // so that it can end
  one.process->kill();
  one.who->lose();
  history_.processes.at(one.who->process()).ended = ++history_.last_order;
  scheduler_->at(now() + gone_for, [this, &one] { start_process(one); });
}

void world::stall_client(const client_stall& stall) {
  auto& one = places_.at(stall.agent);
  if (healed_ || !one.who->has_process()) {
    return;
  }
  count("client does not read");
  trace_.note(now(), agent_label(stall.agent), "does not read");
  one.process->client().stall();
  scheduler_->at(now() + stall.lasts, [&one] { one.process->client().read_on(); });
}

void world::freeze_process(const process_freeze& freeze) {
  auto& one = places_.at(freeze.agent);
  if (healed_ || !one.who->has_process()) {
    return;
  }
  count("process frozen");
  trace_.note(now(), agent_label(freeze.agent), "stands still");
  scheduler_->freeze(one.process_number);
  scheduler_->at(now() + freeze.lasts, [this, &one, number = one.process_number] {
    scheduler_->thaw(number);
    trace_.note(now(), agent_label(one.who->number()), "goes on");
  });
}

void world::cut_off(const partition& cut) {
  const auto& one = places_.at(cut.agent);
  if (!healed_ && one.who->has_process()) {
    network_->cut_off(one.process->network_process(), cut.lasts);
  }
}

void world::set_clock(const clock_step& step) {
  if (!healed_) {
    count("clock set");
    trace_.note(now(), agent_label(step.agent), "has its clock set");
    *places_.at(step.agent).skew = step.skew;
  }
}

void world::on_event(place& one, const supervision_event& event) {
  trace_.note(now(), agent_label(one.who->number()) + " " + event.child, to_string(event.what));
  if (event.what == supervision_event::kind::ended && !event.failure.empty()) {
    count(event.child + " crashed");
    auto& process = history_.processes.at(one.who->process());
    process.part_failed = true;
    process.failures.push_back({++history_.last_order, event.child});
  } else if (event.what == supervision_event::kind::given_up) {
    count(event.child + " given up");
  }
}

void world::heal() {
  healed_ = true;
  trace_.note(now(), "world", "heals");
  network_->heal();
  scheduler_->calm();
  scheduler_->thaw_all();
  if (coordinators_) {
    coordinators_->heal();
  }
  for (auto& one : places_) {
    if (one.crashes) {
      one.crashes->heal();
    }
    if (one.process) {
      one.process->client().read_on();
    }
  }
}

} // namespace nats_mcp::simulation
