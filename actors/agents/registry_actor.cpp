// SPDX-License-Identifier: MIT
#include "actors/agents/registry_actor.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace nats_mcp {

namespace {

/// How long what nobody waits for may take.
constexpr auto background_patience = std::chrono::seconds{5};
/// How often a bucket that does not exist yet is looked for, while somebody wants its changes.
constexpr auto missing_view_retry = std::chrono::seconds{5};

own_entry::memory memory_of(const checkpoint& last) {
  const auto* known = last.as<own_entry::memory>();
  return known == nullptr ? own_entry::memory{} : *known;
}

} // namespace

registry_state::registry_state(asking_actor<registry_actor>* self, registry_options options,
                               checkpoint last)
  : self_{self}
  , options_{std::move(options)}
  , keys_{make_key_caller(self, options_.gateway)}
  , streams_{make_api_caller(self, options_.gateway)}
  , entry_{entry_surroundings(), memory_of(last)}
  , view_{{self, options_.gateway,
           options_.listener ? options_.listener : gateway_listener_actor{registry_actor{self}},
           &server_time_, options_.world}}
  , finder_{{keys_, &view_, &server_time_, [this] { return entry_.principal(); },
             [this] { view_used(); }, options_.world}} {
  self_->send(options_.gateway,
              observe_connection{options_.listener ? options_.listener
                                                   : gateway_listener_actor{registry_actor{self}}});
  if (options_.session) {
    // This one may be the successor of one that was told, or have missed it while it was down.
    self_->send(options_.session, observation_wanted{});
  }
  if (entry_.remembered().held) {
    announce();
    self_->delayed_send(self_, limits::agent_rewritten_every,
                        registry_timer{registry_moment::rewrite, 0});
  }
}

own_entry::surroundings registry_state::entry_surroundings() {
  own_entry::surroundings out;
  out.process = options_.process;
  out.heartbeat_interval = options_.heartbeat_interval;
  out.replicas = options_.replicas;
  out.keys = keys_;
  out.api = make_api_caller(self_, options_.gateway);
  out.streams = &streams_;
  out.server_time = &server_time_;
  out.now = [this] { return self_->clock().now(); };
  out.world = options_.world;
  out.changed = [this] { entry_changed(); };
  return out;
}

template <class T>
finished<T> registry_state::keep(caf::typed_response_promise<T> promise) const {
  auto guarded =
    std::make_shared<guarded_promise<T>>(std::move(promise), std::string{options_.child_id});
  return [guarded](const result<T>& outcome) {
    if (outcome) {
      guarded->deliver(*outcome);
    } else {
      guarded->fail(outcome.error());
    }
  };
}

template <class T, class Start>
caf::result<T> registry_state::answer_later(Start start) {
  auto promise = self_->make_response_promise<T>();
  start(keep<T>(promise));
  return promise;
}

registry_actor::behavior_type registry_state::make_behavior() {
  return {
    [this](register_as& request) {
      return answer_later<tools::register_agent_result>(
        [&](auto done) { entry_.register_as(std::move(request), std::move(done)); });
    },
    [this](const discover& request) {
      return answer_later<tools::discover_agents_result>(
        [&](auto done) { discover_agents(request, std::move(done)); });
    },
    [this](const look_up_agent& request) {
      return answer_later<tools::get_agent_info_result>([&](auto done) {
        finder_.find(
          request.arguments.guid.value_or(std::string{}),
          request.arguments.handle.value_or(std::string{}), request.deadline,
          [done](const result<tools::agent_summary>& found) {
            done(found.map([](const auto& agent) { return tools::get_agent_info_result{agent}; }));
          });
      });
    },
    [this](const change_presence& request) {
      return answer_later<tools::update_presence_result>(
        [&](auto done) { entry_.change_presence(request, std::move(done)); });
    },
    [this](const change_handle& request) {
      return answer_later<tools::set_handle_result>(
        [&](auto done) { entry_.change_handle(request, std::move(done)); });
    },
    [this](const deregister& request) {
      return answer_later<tools::deregister_agent_result>(
        [&](auto done) { entry_.deregister(request.deadline, std::move(done)); });
    },
    [this](const find_recipient& request) {
      return answer_later<recipient_found>(
        [&](auto done) { find_recipient_of(request, std::move(done)); });
    },
    [this](const send_over& send) { entry_.send_is_over(send.send); },
    [this](const confirm_identity& request) {
      return answer_later<agent_identity>(
        [&](auto done) { entry_.confirm(request.deadline, std::move(done)); });
    },
    [this](const identity_wanted&) { announce(); },
    [this](const beat_report& report) { entry_.beat(report, soon()); },
    [this](const observe_agents& wish) { observe(wish.wanted); },
    [this](const say_goodbye& request) {
      entry_.say_goodbye(request.deadline);
      return goodbye_said{};
    },
    [this](const registry_timer& due) { timer(due); },
    [](const jetstream::core_message&) {
      // The registry subscribes to no subject.
    },
    [this](const jetstream::kv_change& change) {
      if (view_.changed(change) && observed_) {
        tell_agents_changed();
        look_for_silence_in(limits::presence_age_max);
      }
    },
    [this](const jetstream::kv_watch_event& event) { view_.event(event); },
    [this](const jetstream::connection_event& event) {
      view_.connection_changed(event);
      connected_ = event.state == jetstream::connection_state::connected;
      open_observed_view();
      look_for_silence_in(limits::presence_age_max);
    },
  };
}

// -- this process ------------------------------------------------------------------------------

void registry_state::entry_changed() {
  if (options_.supervisor) {
    self_->send(options_.supervisor, save_checkpoint{options_.child_id, {entry_.remembered()}});
  }
  const auto identity = entry_.identity();
  if (identity == announced_) {
    return;
  }
  if (announced_.now.guid.empty() && !identity.now.guid.empty()) {
    self_->delayed_send(self_, limits::agent_rewritten_every,
                        registry_timer{registry_moment::rewrite, ++rewrite_timer_});
  }
  announce();
}

void registry_state::announce() {
  announced_ = entry_.identity();
  if (options_.session) {
    self_->send(options_.session, announced_);
  }
  if (options_.heartbeat) {
    self_->send(options_.heartbeat, announced_);
  }
  if (options_.inbox) {
    self_->send(options_.inbox, announced_);
  }
  if (options_.work_queue) {
    self_->send(options_.work_queue, announced_);
  }
  if (options_.dead_letters) {
    self_->send(options_.dead_letters, announced_);
  }
}

// -- the others --------------------------------------------------------------------------------

void registry_state::discover_agents(const discover& request,
                                     finished<tools::discover_agents_result> done) {
  view_used();
  view_.refresh(entry_.principal(), request.deadline,
                [this, what = request.arguments, done](const result<void>& ready) {
                  if (ready) {
                    done(view_.discover(what));
                  } else {
                    done(tl::make_unexpected(ready.error()));
                  }
                });
}

void registry_state::find_recipient_of(const find_recipient& request,
                                       finished<recipient_found> done) {
  const auto sends = [this, request, done](const tools::agent_summary& recipient) {
    // Once more: it may have left while the recipient was looked for.
    entry_.confirm(request.deadline,
                   [this, request, done, recipient](const result<agent_identity>& sender) {
                     done(sender.map([&](const agent_identity& who) {
                       const auto until = entry_.send_until();
                       const auto send = entry_.send_begins(std::min(request.deadline, until));
                       return recipient_found{who, recipient, until, send};
                     }));
                   });
  };
  entry_.confirm(request.deadline, [this, request, done, sends](const auto& sender) {
    if (!sender) {
      done(tl::make_unexpected(sender.error()));
      return;
    }
    finder_.find(request.guid, request.handle, request.deadline,
                 [done, sends](const result<tools::agent_summary>& found) {
                   if (found) {
                     sends(*found);
                   } else {
                     done(tl::make_unexpected(found.error()));
                   }
                 });
  });
}

// -- the view's life ---------------------------------------------------------------------------

void registry_state::view_used() {
  view_used_at_ = self_->clock().now();
  if (idle_timer_ == 0) {
    idle_timer_ = ++timers_;
    self_->delayed_send(self_, limits::view_idle_max,
                        registry_timer{registry_moment::view_idle, idle_timer_});
  }
}

void registry_state::observe(bool wanted) {
  observed_ = wanted;
  open_observed_view();
  look_for_silence_in(limits::presence_age_max);
  if (!observed_ && view_.is_open()) {
    view_used(); // it is closed when nobody else needs it
  }
}

void registry_state::open_observed_view() {
  // Never connects, and makes no bucket: what is not there is looked for now and then.
  if (!observed_ || !connected_) {
    return;
  }
  view_.open(entry_.principal(), soon());
  if (!std::exchange(missing_timer_armed_, true)) {
    self_->delayed_send(self_, missing_view_retry,
                        registry_timer{registry_moment::view_missing, 0});
  }
}

void registry_state::tell_agents_changed() {
  if (options_.session) {
    self_->send(options_.session, agents_changed{});
  }
}

void registry_state::look_for_silence_in(std::chrono::milliseconds wait) {
  const auto due = self_->clock().now() + wait;
  if (observed_ && (!silence_looked_for_at_ || due < *silence_looked_for_at_)) {
    silence_looked_for_at_ = due;
    self_->delayed_send(self_, wait, registry_timer{registry_moment::silence, ++silence_timer_});
  }
}

void registry_state::look_for_silence() {
  silence_looked_for_at_.reset();
  if (!observed_ || !connected_) {
    return; // begins again when both are
  }
  const auto next = view_.next_look_in();
  if (!next) {
    return; // begins again with the next entry
  }
  if (next->count() > 0) {
    look_for_silence_in(std::max<std::chrono::milliseconds>(*next, limits::presence_age_max));
    return;
  }
  view_.refresh(entry_.principal(), soon(), [this](const result<void>& ready) {
    if (ready && view_.look_who_is_there() && observed_) {
      tell_agents_changed();
    }
    look_for_silence_in(limits::presence_age_max);
  });
}

void registry_state::timer(const registry_timer& due) {
  const auto now = self_->clock().now();
  switch (due.due) {
    case registry_moment::view_idle:
      if (due.generation != idle_timer_) {
        return;
      }
      idle_timer_ = 0;
      if (const auto left = view_used_at_ + limits::view_idle_max - now; left.count() > 0) {
        idle_timer_ = ++timers_;
        self_->delayed_send(self_, left, registry_timer{registry_moment::view_idle, idle_timer_});
      } else if (!observed_) {
        view_.close();
      }
      return;
    case registry_moment::view_missing:
      missing_timer_armed_ = false;
      open_observed_view();
      return;
    case registry_moment::silence:
      if (due.generation == silence_timer_) {
        look_for_silence();
      }
      return;
    case registry_moment::rewrite:
      if (due.generation == rewrite_timer_ && entry_.remembered().held) {
        entry_.rewrite(soon());
        self_->delayed_send(self_, limits::agent_rewritten_every,
                            registry_timer{registry_moment::rewrite, rewrite_timer_});
      }
      return;
  }
}

monotonic_time registry_state::soon() const { return self_->clock().now() + background_patience; }

registry_actor spawn_registry(caf::local_actor* parent, registry_options options, checkpoint last) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<registry_actor, registry_state>(*parent, name, probe, std::move(options),
                                                     std::move(last));
}

} // namespace nats_mcp
