// SPDX-License-Identifier: MIT
#include "actors/coordination/coordinator_actor.hpp"

#include "protocol/jetstream/bucket.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/overloaded.hpp"
#include "protocol/work/streams.hpp"

#include "actors/coordination/watch_caller.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace nats_mcp {

coordinator_state::coordinator_state(asking_actor<coordinator_actor>* self,
                                     coordinator_options options)
  : self_{self}
  , options_{std::move(options)}
  , api_{make_api_caller(self, options_.gateway)}
  , time_{{api_, options_.world.random, [this] { return scripts_.clock(); }}}
  , scripts_{{gated_commands(), &time_, [this] { return now(); }, options_.world}}
  , stores_{api_, options_.retention}
  , seat_{{options_.self.guid, options_.host, options_.world.random}, seat_part()}
  , work_watch_{work_part()}
  , age_{api_}
  , agents_{agents_part()}
  , workers_{{&agents_, &work_, [this] { return now(); }}}
  , desk_{desk_part()} {
  self_->send(options_.gateway, observe_connection{options_.listener});
  plan(purpose::leadership, {});
  plan(purpose::round, limits::coordinator_tick_interval);
}

coordinator_actor::behavior_type coordinator_state::make_behavior() {
  return {
    [this](const coordinator_status_query&) { return status(); },
    [this](const hand_over&) { return leave(); },
    [this](const coordinator_timer& timer) {
      if (timers_.at(static_cast<std::size_t>(timer.what)) == timer.generation) {
        due(timer.what);
      }
    },
    [](const jetstream::core_message&) {
      // Subscribes to nothing.
    },
    [this](const jetstream::kv_change& change) {
      if (!work_watch_.on_change(change) && !agents_.on_change(change)) {
        // Left behind by an incarnation of this actor that is gone.
        self_->send(options_.gateway, unsubscribe{change.id});
      }
    },
    [this](const jetstream::kv_watch_event& event) {
      work_watch_.on_event(event);
      agents_.on_event(event);
    },
    [this](const jetstream::connection_event& event) { connection_changed(event); },
  };
}

// -- what its parts need -----------------------------------------------------------------------

work_caller coordinator_state::gated_commands() {
  auto ask_gateway = make_command_caller<work::work_script>(self_, options_.gateway);
  return [this, ask_gateway = std::move(ask_gateway)](
           work::work_command command, std::function<void(result<work::work_answer>)> then) {
    const auto* settling = std::get_if<jetstream::settle>(&command);
    const bool hands_back = settling != nullptr && settling->kind == jetstream::ack_kind::nak;
    const bool acts = may_act();
    if (acts && options_.on_act) {
      options_.on_act(seat_.term());
    }
    if (acts || hands_back) {
      ask_gateway(std::move(command), std::move(then));
    } else {
      then(fail(ec::cancelled, "This coordinator does not lead any more."));
    }
  };
}

leader_seat::surroundings coordinator_state::seat_part() {
  leader_seat::surroundings out;
  out.commands = make_command_caller<leader_seat::questions>(self_, options_.gateway);
  out.clock = [this] { return scripts_.clock(); };
  out.now = [this] { return now(); };
  out.prepare = [this](monotonic_time deadline, stream_keeper::ready done) {
    stores_.ensure_seat(deadline, std::move(done));
  };
  out.forget = [this] { stores_.forget_seat(); };
  out.wake_after = [this](std::chrono::nanoseconds wait) { plan(purpose::leadership, wait); };
  out.told = [this] { told(); };
  out.unreadable = [this](const jetstream::kv_entry& entry) {
    tell_unreadable(options_.world, coordination::coordinator_bucket, entry);
  };
  return out;
}

bucket_watch::surroundings coordinator_state::watch_part() {
  return watching_through(self_, options_.gateway, options_.listener, options_.world.random);
}

bucket_watch::surroundings coordinator_state::work_part() {
  auto out = watch_part();
  out.bucket = work::items_bucket;
  out.filter = ">";
  out.changed = [this](const jetstream::kv_entry& entry, bucket_watch::origin from) {
    using seen = coordination::work_view::origin;
    const auto how = from == bucket_watch::origin::found ? seen::found : seen::change;
    if (work_.apply(entry, how) == coordination::work_view::reading::unreadable) {
      tell_unreadable(options_.world, work::items_bucket, entry);
    }
    workers_.item_changed(entry.key);
    if (from == bucket_watch::origin::change) {
      desk_.go_on(); // somebody may have room for another one
    }
  };
  out.cleared = [this] { work_.clear(); };
  out.completed = [this] { round(); };
  return out;
}

everybody::surroundings coordinator_state::agents_part() {
  everybody::surroundings out;
  out.presence = {api_, make_pull_caller(self_, options_.gateway), options_.world.random,
                  [this] { return now(); }};
  out.watch = watch_part();
  out.age_max = limits::workers_look_interval;
  out.changed = [this] {
    workers_.agents_changed();
    round();
  };
  out.unreadable = [this](std::string_view bucket, const jetstream::kv_entry& entry) {
    tell_unreadable(options_.world, bucket, entry);
  };
  return out;
}

request_desk::surroundings coordinator_state::desk_part() {
  request_desk::surroundings out;
  out.pull = make_pull_caller(self_, options_.gateway);
  out.scripts = &scripts_;
  out.workers = &workers_;
  out.agents = &agents_;
  out.may_act = [this] { return may_act() && sees_all(); };
  out.term = [this] { return seat_.term(); };
  out.outranked = [this](std::uint64_t by_term) { seat_.outranked(by_term); };
  out.lost = [this] {
    stores_.forget_all();
    prepared_ = false;
  };
  out.idle = [this] {
    if (leaving_) {
      resign();
    }
  };
  out.now = [this] { return now(); };
  out.self = options_.self;
  out.assign_timeout = options_.assign_timeout;
  return out;
}

// -- time --------------------------------------------------------------------------------------

monotonic_time coordinator_state::soon() const { return now() + limits::work_request_max; }

void coordinator_state::plan(purpose what, std::chrono::nanoseconds wait) {
  self_->delayed_send(self_, wait,
                      coordinator_timer{what, ++timers_.at(static_cast<std::size_t>(what))});
}

void coordinator_state::due(purpose what) {
  switch (what) {
    case purpose::leadership:
      return seat_.step();
    case purpose::round:
      plan(purpose::round, limits::coordinator_tick_interval);
      return round();
    case purpose::leaving:
      return resign();
  }
}

coordinator_status coordinator_state::status() const {
  coordinator_status out;
  out.is_leader = may_act();
  out.term = out.is_leader ? seat_.term() : 0;
  out.leader = seat_.leader();
  const bool follows = !out.leader.empty() && out.leader != options_.self.guid;
  out.problem =
    out.is_leader || (seat_.problem().empty() && !follows) ? ability_.problem() : seat_.problem();
  if (out.is_leader && out.problem.empty()) {
    // It does nothing while it does not see who is there, what there is, and what is asked of it.
    for (const auto* problem : {&work_watch_.problem(), &agents_.problem(), &desk_.problem()}) {
      out.problem = out.problem.empty() ? *problem : out.problem;
    }
  }
  out.assignments = desk_.done().assignments;
  out.reassignments = desk_.done().reassignments;
  out.unplaced = out.is_leader ? desk_.unplaced() : 0;
  out.in_hand = desk_.in_hand();
  return out;
}

// -- leading -----------------------------------------------------------------------------------

void coordinator_state::told() {
  const auto term = seat_.term();
  if (term == told_term_) {
    return;
  }
  const bool led = std::exchange(told_term_, term) != 0;
  if (term != 0) {
    report(logging::level::info, "coordinator.leads", "This coordinator leads.");
    round();
  } else if (led) {
    report(logging::level::info, "coordinator.follows",
           leaving_ ? "This coordinator has handed over."
                    : "This coordinator does not lead any more.");
    stop_leading();
  }
}

void coordinator_state::report(logging::level level, const char* id, const std::string& message) {
  if (options_.on_event) {
    options_.on_event({level,
                       options_.child_id,
                       id,
                       message,
                       {{"guid", options_.self.guid},
                        {"term", static_cast<std::int64_t>(seat_.term())},
                        {"leader", seat_.leader()}}});
  }
}

void coordinator_state::round() {
  if (seat_.term() == 0 || leaving_) {
    return;
  }
  if (!prepared_) {
    prepare();
    return;
  }
  work_watch_.begin(soon());
  agents_.look(soon());
  time_.know(soon(), [this](const result<agents::server_clock>& known) {
    if (known) {
      desk_.go_on();
    } // else the next round
  });
  look_at_items();
  desk_.go_on();
}

void coordinator_state::prepare() {
  if (std::exchange(preparing_, true)) {
    return;
  }
  stores_.ensure_all(soon(), [this, epoch = epoch_](const result<void>& there) {
    preparing_ = false;
    if (there && epoch != 0 && epoch != epoch_) {
      return prepare(); // what was seen was seen by the connection before
    }
    prepared_ = there.has_value();
    if (prepared_) {
      ability_.worked();
      round();
    } else {
      unable(there.error());
    }
  });
}

void coordinator_state::unable(const error& why) {
  if (!may_act()) {
    ability_.rests(); // NATS does not even hear that it leads
  } else if (ability_.failed(why.message, now())) {
    report(logging::level::warning, "coordinator.unable",
           "This coordinator cannot act: " + why.message);
  }
  if (ability_.is_hopeless(now()) && desk_.in_hand() == 0) {
    seat_.stand_down();
  }
}

void coordinator_state::stop_leading() {
  ability_.rests();
  work_watch_.end();
  agents_.end();
  workers_.clear();
  desk_.forget();
  led_since_.reset();
}

// -- leaving, and a connection that is lost ----------------------------------------------------

caf::result<handed_over> coordinator_state::leave() {
  auto promise = self_->make_response_promise<handed_over>();
  if (resigned_) {
    promise.deliver(handed_over{});
    return promise;
  }
  leavers_.emplace_back(promise, options_.child_id);
  leaving_ = true;
  if (desk_.in_hand() == 0) {
    resign();
  } else {
    plan(purpose::leaving, limits::hand_over_patience);
  }
  return promise;
}

void coordinator_state::resign() {
  if (std::exchange(resigning_, true)) {
    return;
  }
  seat_.resign([this] {
    resigned_ = true;
    told();
    for (auto& one : std::exchange(leavers_, {})) {
      one.deliver(handed_over{});
    }
  });
}

void coordinator_state::connection_changed(const jetstream::connection_event& event) {
  if (event.state == jetstream::connection_state::connected) {
    const auto before = std::exchange(epoch_, event.epoch);
    if (before != 0 && before != event.epoch) {
      // The server may have forgotten requests that the consumer of theirs remembers.
      stores_.forget_consumer();
      prepared_ = false;
    }
    time_.distrust();
    seat_.step();
    round();
  }
}

coordinator_actor spawn_coordinator(caf::local_actor* parent, coordinator_options options) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<coordinator_actor, coordinator_state>(*parent, name, probe,
                                                           std::move(options));
}

} // namespace nats_mcp
