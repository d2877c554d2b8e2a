// SPDX-License-Identifier: MIT
#include "actors/coordination/overview_actor.hpp"

#include "protocol/coordination/metric_families.hpp"
#include "protocol/coordination/metrics.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/work/streams.hpp"

#include "actors/coordination/watch_caller.hpp"
#include "actors/streams/pull_caller.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

overview_state::overview_state(asking_actor<listening_overview_actor>* self,
                               overview_options options)
  : self_{self}
  , options_{std::move(options)}
  , api_{make_api_caller(self, options_.gateway)}
  , pages_{api_, make_pull_caller(self, options_.gateway), options_.world.random}
  , work_watch_{work_part()}
  , age_{api_}
  , agents_{agents_part()}
  , channels_{{api_, &pages_, options_.channel_namespace, options_.channels}} {
  // nop
}

listening_overview_actor::behavior_type overview_state::make_behavior() {
  return {
    [this](const page_query&) { return answer_later<page_parts>([this] { return page(); }); },
    [this](const metrics_query&) {
      return answer_later<metrics_text>([this] { return metrics(); });
    },
    [this](const readiness_query&) { return answer_readiness(); },
    [this](const overview_timer& timer) {
      if (timer.what == overview_timer::purpose::idle && timer.generation == idle_timer_) {
        idle();
      } else if (timer.what == overview_timer::purpose::answer
                 && questions_.contains(timer.generation)) {
        answer_stale(timer.generation);
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
    [](const jetstream::connection_event&) {
      // Asks for the state when it needs it.
    },
  };
}

// -- what its parts need -----------------------------------------------------------------------

bucket_watch::surroundings overview_state::watch_part() {
  return watching_through(self_, options_.gateway, options_.listener, options_.world.random);
}

bucket_watch::surroundings overview_state::work_part() {
  auto out = watch_part();
  out.bucket = work::items_bucket;
  out.filter = ">";
  out.changed = [this](const jetstream::kv_entry& entry, bucket_watch::origin from) {
    using seen = coordination::work_view::origin;
    const auto how = from == bucket_watch::origin::found ? seen::found : seen::change;
    if (work_.apply(entry, how) == coordination::work_view::reading::unreadable) {
      tell_unreadable(options_.world, work::items_bucket, entry);
    }
  };
  out.cleared = [this] { work_.clear(); };
  out.completed = [this] { answer_if_fresh(); };
  return out;
}

everybody::surroundings overview_state::agents_part() {
  everybody::surroundings out;
  out.presence = {api_, make_pull_caller(self_, options_.gateway), options_.world.random,
                  [this] { return now(); }};
  out.watch = watch_part();
  out.age_max = limits::overview_age_max;
  out.changed = [this] { answer_if_fresh(); };
  out.unreadable = [this](std::string_view bucket, const jetstream::kv_entry& entry) {
    tell_unreadable(options_.world, bucket, entry);
  };
  return out;
}

// -- questions ---------------------------------------------------------------------------------

template <class T>
caf::result<T> overview_state::answer_later(std::function<T()> say) {
  if (questions_.size() >= limits::overview_questions_max) {
    return to_caf({ec::busy, "Too many look at this coordinator at once. Try again.", 0});
  }
  auto promise = self_->make_response_promise<T>();
  const auto guarded = std::make_shared<guarded_promise<T>>(promise, options_.child_id);
  asked_at_ = now();
  questions_[++last_question_] = {asked_at_,
                                  [guarded, say = std::move(say)] { guarded->deliver(say()); }};
  self_->delayed_send(self_, limits::overview_patience,
                      overview_timer{overview_timer::purpose::answer, last_question_});
  if (!std::exchange(watching_, true)) {
    self_->delayed_send(self_, limits::overview_idle_max,
                        overview_timer{overview_timer::purpose::idle, ++idle_timer_});
  }
  if (missing_ == 0 && !failure_.empty()) {
    refreshed_at_ = {}; // whoever asks has it tried again
  }
  refresh();
  answer_if_fresh();
  return promise;
}

caf::result<readiness> overview_state::answer_readiness() {
  auto promise = self_->make_response_promise<readiness>();
  const auto guarded = std::make_shared<guarded_promise<readiness>>(promise, options_.child_id);
  const auto failed = [guarded](const error& why) { guarded->deliver({false, why.message}); };
  ask<jetstream::gateway_status>(
    self_, options_.gateway, gateway_status_query{}, "gateway",
    [this, guarded, failed](const jetstream::gateway_status& status) {
      if (status.state != jetstream::connection_state::connected) {
        const auto& why = status.reason.message;
        guarded->deliver({false, why.empty() ? "There is no connection to NATS yet." : why});
        return;
      }
      ask<coordinator_status>(
        self_, options_.coordinator, coordinator_status_query{}, "coordinator",
        [guarded](const coordinator_status& how) {
          if (how.problem.empty() && (how.is_leader || !how.leader.empty())) {
            guarded->deliver({true, {}});
          } else {
            guarded->deliver(
              {false, how.problem.empty() ? "No coordinator leads yet." : how.problem});
          }
        },
        failed);
    },
    failed);
  return promise;
}

void overview_state::refresh() {
  const auto deadline = now() + limits::overview_patience;
  work_watch_.begin(deadline);
  agents_.look(deadline);
  if (agents_.is_known()) {
    age_.look(now(), work_, agents_.judged_at());
  }
  if (missing_ > 0 || now() - refreshed_at_ < limits::overview_age_max) {
    return;
  }
  refreshed_at_ = now();
  missing_ = 4;
  failure_.clear();
  const auto failed = [this](const error& why) { part_failed(why.message); };
  ask<coordinator_status>(
    self_, options_.coordinator, coordinator_status_query{}, "coordinator",
    [this](const coordinator_status& how) {
      coordinator_ = how;
      part_done();
    },
    failed);
  ask<tree_status>(
    self_, options_.supervisor, tree_status_query{}, "supervisor",
    [this](tree_status tree) {
      tree_ = std::move(tree);
      part_done();
    },
    failed);
  ask<jetstream::gateway_status>(
    self_, options_.gateway, ping_server{deadline}, "gateway",
    [this](jetstream::gateway_status status) {
      gateway_ = std::move(status);
      part_done();
    },
    failed);
  // Whatever is the matter with a channel, the numbers are right without it.
  channels_.look(deadline, [this] { part_done(); });
}

void overview_state::part_done() {
  --missing_;
  answer_if_fresh();
}

void overview_state::part_failed(const std::string& why) {
  if (failure_.empty()) {
    failure_ = why;
  }
  part_done();
}

bool overview_state::is_fresh_for(monotonic_time asked_at) const {
  const auto age = limits::overview_age_max;
  return missing_ == 0 && failure_.empty() && asked_at - refreshed_at_ < age
         && work_watch_.is_complete()
         && agents_.is_known_since(
           age + std::chrono::ceil<std::chrono::milliseconds>(now() - asked_at));
}

void overview_state::answer_if_fresh() {
  std::erase_if(questions_, [this](const auto& one) {
    const auto& [asked_at, answer] = one.second;
    const bool is_fresh = is_fresh_for(asked_at);
    if (is_fresh) {
      stale_.clear();
      answer();
    }
    return is_fresh;
  });
  if (!questions_.empty()) {
    refresh(); // what they need may have been asked for too long before them
  }
}

void overview_state::answer_stale(std::uint64_t number) {
  const auto say = [this, number](std::string why) {
    if (const auto late = questions_.extract(number)) { // else it has its answer
      stale_ = std::move(why);
      late.mapped().answer();
    }
  };
  ask<jetstream::gateway_status>(
    self_, options_.gateway, gateway_status_query{}, "gateway",
    [this, say](const jetstream::gateway_status& how) {
      gateway_.reconnects = how.reconnects;
      say(why_stale(how));
    },
    [say](const error& why) { say(why.message); });
}

std::string overview_state::why_stale(const jetstream::gateway_status& how) const {
  if (how.state != jetstream::connection_state::connected) {
    return how.reason.message.empty() ? "There is no connection to NATS yet." : how.reason.message;
  }
  for (const auto* problem : {&work_watch_.problem(), &agents_.problem(), &failure_}) {
    if (!problem->empty()) {
      return *problem;
    }
  }
  return "NATS has not told everything yet.";
}

void overview_state::idle() {
  const auto idle_at = asked_at_ + limits::overview_idle_max;
  if (now() < idle_at) {
    self_->delayed_send(self_, idle_at - now(),
                        overview_timer{overview_timer::purpose::idle, ++idle_timer_});
    return;
  }
  watching_ = false;
  work_watch_.end();
  agents_.end();
}

// -- answers -----------------------------------------------------------------------------------

wall_time overview_state::server_now() const {
  return agents_.is_known() ? agents_.judged_at() : options_.world.wall_clock();
}

std::vector<tools::agent_summary> overview_state::agents() const {
  return agents_.is_known() ? agents_.all(limits::agents_in_view_max)
                            : std::vector<tools::agent_summary>{};
}

coordination::overview_facts overview_state::facts() const {
  coordination::overview_facts out;
  out.server_now = server_now();
  out.is_leader = coordinator_.is_leader;
  out.term = coordinator_.term;
  out.leader = coordinator_.leader;
  out.agents = agents();
  out.channels = channels_.channels();
  out.knows_agents = agents_.is_known();
  out.knows_work = work_watch_.is_complete();
  return out;
}

page_parts overview_state::page() {
  (void)shown_.update(facts(), work_);
  return {shown_.all(), stale_.empty() ? channels_.problem() : stale_};
}

metrics_text overview_state::metrics() const {
  coordination::coordinator_numbers out;
  out.seen = stale_.empty() ? coordination::sight::fresh : coordination::sight::stale;
  out.server_now = server_now();
  out.is_leader = coordinator_.is_leader;
  out.term = coordinator_.term;
  out.agents = agents();
  out.assignments = coordinator_.assignments;
  out.reassignments = coordinator_.reassignments;
  out.unplaced = coordinator_.unplaced;
  for (const auto& child : tree_.children) {
    out.restarts.emplace_back(child.id, child.restarts);
  }
  out.reconnects = gateway_.reconnects;
  out.round_trip = gateway_.round_trip;
  return {coordination::write_metrics(coordination::metric_families(out, work_))};
}

listening_overview_actor spawn_overview(caf::local_actor* parent, overview_options options) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<listening_overview_actor, overview_state>(*parent, name, probe,
                                                               std::move(options));
}

} // namespace nats_mcp
