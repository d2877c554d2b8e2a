// SPDX-License-Identifier: MIT
#include "tests/fault/actors/actor_stage.hpp"

#include "protocol/coordination/streams.hpp"
#include "protocol/json/member.hpp"

#include "tests/simulation/workloads/agent_world.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <utility>

namespace nats_mcp::fault {

namespace {

using namespace std::chrono_literals;
using namespace simulation;

/// The lease of work, and how soon an assigned worker has to take an item.
constexpr std::chrono::milliseconds stage_lease{4'000};
constexpr std::chrono::milliseconds stage_assign_timeout{8'000};
constexpr std::uint64_t coordinator_process = 100;

config::configuration stage_settings(std::size_t project) {
  config::configuration settings;
  settings.output = config::output_style::structured;
  settings.channel_namespace = channel_namespace;
  for (const auto* name : channel_names) {
    settings.channels.push_back({name, "On the stage"});
  }
  set_up_agents(settings);
  settings.call_rate = 0;
  settings.project_id = project_of(project);
  settings.work_queue.ack_timeout = stage_lease;
  settings.work_queue.max_hold = 30s;
  settings.work_queue.max_attempts = 4;
  return settings;
}

std::shared_ptr<const config::loaded_configuration> loaded(config::configuration settings) {
  auto out = std::make_shared<config::loaded_configuration>();
  out->value = std::move(settings);
  return out;
}

} // namespace

actor_stage::actor_stage(options choice)
  : options_{std::move(choice)}
  , crash_{options_.fault, options_.chooses}
  , trace_{options_.reads} {
  scheduler_ =
    std::make_unique<virtual_scheduler>(virtual_scheduler::options{chance_.fork(), 0}, trace_);
  set_up_network();
  start_coordinator();
  for (std::size_t number = 0; number < cast.size(); ++number) {
    settle(number);
  }
}

actor_stage::~actor_stage() {
  scheduler_->forget_agenda();
  page_.reset();
  for (auto& one : places_) {
    one.process.reset();
  }
  coordinator_.reset();
  caf::anon_send<caf::message_priority::high>(
    caf::actor_cast<caf::actor>(pump_), caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
  pump_ = nullptr;
  while (scheduler_->step(now())) {
    // nop
  }
}

// -- the beginning -----------------------------------------------------------------------------

void actor_stage::set_up_network() {
  network::options wires;
  wires.seed = chance_();
  wires.nats.seed = chance_();
  wires.clock = [this] { return now(); };
  wires.nats.on_stored = [this](const std::string& stream, const jetstream::outgoing& message,
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
  };
  network_ = std::make_shared<network>(std::move(wires));
  pump_ = spawn_network_pump(scheduler_->system(), network_);
}

void actor_stage::look(const std::string& process, std::string_view part) {
  try {
    crash_.look(process, part);
  } catch (...) {
    struck_at_ = now();
    trace_.note(now(), crash_.fault().actor, "crashes");
    throw;
  }
}

std::function<void(const supervision_event&)> actor_stage::listener(std::string process) {
  return [this, process = std::move(process)](const supervision_event& event) {
    const auto actor = process + "/" + event.child;
    trace_.note(now(), actor,
                std::string{to_string(event.what)}
                  + (event.failure.empty() ? "" : ": " + event.failure));
    events_.push_back({actor, event.what, event.failure, now()});
    if (event.what == supervision_event::kind::ended) {
      note_failure(process, event.child);
    }
  };
}

void actor_stage::note_failure(const std::string& process, const std::string& part) {
  for (auto& one : history_.processes) {
    if (process == cast.at(one.agent).handle) {
      one.part_failed = true;
      one.failures.push_back({++history_.last_order, part});
    }
  }
}

void actor_stage::settle(std::size_t number) {
  const auto& role = cast.at(number);
  auto& one = places_.at(number);
  agent::options choice;
  choice.number = number;
  choice.speaks = role.speaks;
  choice.chance = chance_.fork();
  choice.history = &history_;
  choice.seen = &trace_;
  choice.clock = [this] { return now(); };
  choice.wall_clock = [this] {
    return std::chrono::floor<wall_time::duration>(network_->civil_now());
  };
  choice.notified = [&one](const json::value& message) {
    if (json::text_member(message, "method") == "notifications/resources/updated") {
      if (const auto* parameters = json::find(message, "params")) {
        ++one.told[std::string{json::text_member(*parameters, "uri")}];
      }
    }
  };
  one.who = std::make_unique<agent>(std::move(choice));

  server_tree::options parts;
  parts.system = &scheduler_->system();
  parts.wires = network_;
  parts.configuration = loaded(stage_settings(role.project));
  parts.chance = chance_.fork();
  parts.process = {make_uuid([this] { return chance_(); }), "host", "user", {}};
  const auto session_id = parts.process.session_id;
  parts.probe = [this, process = std::string{role.handle}](std::string_view part) {
    look(process, part);
  };
  parts.on_line = [this, &one](const std::string& line) {
    const auto times = options_.garbles ? options_.garbles(line, crash_.struck()) : 1;
    for (int time = 0; time < times; ++time) {
      one.who->hear(line);
    }
  };
  parts.on_event = listener(role.handle);
  parts.through = options_.through;
  scheduler_->within(
    number + 1, [&one, &parts] { one.process = std::make_unique<server_tree>(std::move(parts)); });
  one.who->meet(one.process->client());
  history_.processes.back().session_id = session_id;
}

void actor_stage::start_coordinator() {
  door_ = std::make_shared<transport::http_door>("stage");
  coordinator_tree::options choice;
  choice.system = &scheduler_->system();
  choice.wires = network_;
  choice.configuration = loaded(stage_settings(0));
  choice.chance = chance_.fork();
  choice.assign_timeout = stage_assign_timeout;
  choice.probe = [this](std::string_view part) { look(coordinator_name, part); };
  choice.on_event = listener(coordinator_name);
  choice.on_act = [this](std::uint64_t term) {
    history_.acts.push_back({++history_.last_order, coordinator_process, term});
  };
  choice.door = door_;
  scheduler_->within(coordinator_process, [this, &choice] {
    coordinator_ = std::make_unique<coordinator_tree>(std::move(choice));
  });
}

// -- what the script does ----------------------------------------------------------------------

void actor_stage::after(std::chrono::milliseconds pause, std::function<void()> what) {
  scheduler_->at(now() + pause, std::move(what));
}

void actor_stage::stop_process(std::size_t number) {
  auto& one = places_.at(number);
  trace_.note(now(), cast.at(number).handle, "is told to stop");
  one.who->say_goodbye();
  scheduler_->within(number + 1, [this, &one] { one.process->stop([this] { ++stopped_; }); });
}

void actor_stage::stop_coordinator() {
  trace_.note(now(), coordinator_name, "is told to stop");
  scheduler_->within(coordinator_process, [this] {
    coordinator_->leave([this] {
      after(0ms, [this] {
        page_.reset();
        door_->close();
        scheduler_->within(coordinator_process,
                           [this] { coordinator_->stop([this] { ++stopped_; }); });
      });
    });
  });
}

void actor_stage::open_page() { page_ = door_->board.open_page(); }

void actor_stage::dismiss() {
  scheduler_->forget_agenda();
  for (auto& one : places_) {
    one.who->lose();
  }
}

bool actor_stage::page_shows(std::string_view text) {
  std::string shown;
  if (page_) {
    for (const auto& [number, event] : page_->news(0)) {
      shown += event.name + "=" + event.data + "\n";
    }
  }
  return shown.find(text) != std::string::npos;
}

bool actor_stage::until(std::chrono::milliseconds limit, const std::function<bool()>& holds) {
  const auto end = now() + limit;
  while (!holds()) {
    if (!scheduler_->step(end)) {
      return holds();
    }
  }
  return true;
}

// -- what happened -----------------------------------------------------------------------------

std::size_t actor_stage::told_of(std::size_t agent, const std::string& uri) const {
  const auto& told = places_.at(agent).told;
  const auto found = told.find(uri);
  return found == told.end() ? 0 : found->second;
}

std::size_t actor_stage::requests_left() {
  const auto* stream = nats().find_stream(std::string{coordination::requests_stream_name});
  return stream == nullptr ? 0 : stream->log().entries().size();
}

std::vector<std::string> actor_stage::owed() const {
  std::vector<std::string> out;
  for (std::size_t number = 0; number < cast.size(); ++number) {
    for (const auto& one : places_.at(number).process->client().owed()) {
      out.push_back(std::string{cast.at(number).handle} + " is owed an answer to " + one.id.text);
    }
  }
  return out;
}

std::size_t actor_stage::actors_alive() {
  // But for the one that moves the network.
  return scheduler_->system().registry().running() - 1;
}

} // namespace nats_mcp::fault
