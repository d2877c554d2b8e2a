// SPDX-License-Identifier: MIT
#include "actors/supervision/supervisor.hpp"

#include "actors/supervision/actor_shell.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/supervision/supervised_child.hpp"
#include "actors/supervision/unavailability.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace nats_mcp {

namespace {

using supervision::ending;
using supervision::restart_policy;
using event_kind = supervision_event::kind;

class supervisor_state {
public:
  supervisor_state(supervisor_actor::pointer self, supervisor_options choice,
                   std::vector<child_spec> specs)
    : self_{self}
    , options_{std::move(choice)} {
    for (auto& spec : specs) {
      children_.emplace_back(std::move(spec));
    }
  }

  supervisor_state(const supervisor_state&) = delete;
  supervisor_state& operator=(const supervisor_state&) = delete;

  ~supervisor_state() {
    for (auto i = children_.rbegin(); i != children_.rend(); ++i) {
      if (i->actor) {
        kill(*i);
      }
      take_down(*i, stopped_sentence(i->spec.id));
    }
  }

  supervisor_actor::behavior_type make_behavior() {
    self_->set_down_handler([this](caf::down_msg& message) { on_down(message); });
    self_->set_exit_handler([this](caf::exit_msg& message) {
      if (message.reason) {
        begin_stop();
      }
    });
    proceed();
    return {
      [this](save_checkpoint& message) { keep(message); },
      [this](const tree_status_query&) { return status(); },
      [this](const stop_tree&) -> caf::result<tree_stopped> {
        auto promise = self_->make_response_promise<tree_stopped>();
        stop_promises_.emplace_back(promise, "supervisor");
        begin_stop();
        return promise;
      },
      [this](const supervision_timer& timer) { on_timer(timer); },
    };
  }

  /// See `surviving`: nobody supervises this actor, and all others end with it.
  void survive(const std::string& failure) {
    for (auto& each : children_) {
      if (each.actor) {
        self_->demonitor(caf::actor_cast<caf::actor_addr>(each.actor));
        self_->monitor(each.actor); // one that ended is reported again, at once
      } else if (each.state == child_state::running) {
        each.state = child_state::restarting;
        each.due = true;
      }
    }
    if (options_.on_event) {
      options_.on_event({event_kind::survived, "supervisor", bounded_failure(failure), {}, 0});
    }
    proceed();
  }

private:
  void keep(save_checkpoint& message) {
    for (auto& each : children_) {
      if (each.spec.id == message.child) {
        each.last = std::move(message.state);
      }
    }
  }

  [[nodiscard]] tree_status status() const {
    tree_status answer;
    for (const auto& each : children_) {
      answer.children.push_back({each.spec.id, each.state, each.restarts, each.last_failure});
    }
    return answer;
  }

  void on_timer(const supervision_timer& timer) {
    auto& each = children_.at(timer.child_index);
    if (each.timer_generation != timer.generation) {
      return;
    }
    if (each.stopping == stop_phase::asked) {
      kill(each);
      ++killed_;
      emit(event_kind::killed, each, {}, {});
      wait_for_kill(timer.child_index);
    } else if (each.stopping == stop_phase::killed) {
      self_->demonitor(caf::actor_cast<caf::actor_addr>(each.actor));
      emit(event_kind::abandoned, each, {}, {});
      on_stopped(each);
    } else {
      each.due = true;
    }
    proceed();
  }

  void on_down(const caf::down_msg& message) {
    const auto found =
      std::find_if(children_.begin(), children_.end(), [&](const supervised_child& each) {
        return each.actor && caf::actor_cast<caf::actor_addr>(each.actor) == message.source;
      });
    if (found == children_.end()) {
      return;
    }
    if (found->stopping != stop_phase::none) {
      emit(event_kind::stopped, *found, {}, {});
      on_stopped(*found);
    } else {
      const auto how = supervision_ending(message.reason);
      auto failure =
        how == ending::normal ? std::string{} : describe_failure(message.reason, found->spec.id);
      emit(event_kind::ended, *found, failure, {});
      on_ended(index_of(*found), how, std::move(failure));
    }
    proceed();
  }

  /// Goes on stopping, one child at a time in reverse order; when there is nothing to stop, ends or
  /// starts what is due.
  void proceed() {
    for (auto i = children_.size(); i-- > 0;) {
      if (children_[i].stopping == stop_phase::wanted) {
        ask_to_end(i);
      }
      if (children_[i].stopping != stop_phase::none) {
        return;
      }
    }
    if (tree_stopping_) {
      finish_stop();
    } else {
      start_due();
    }
  }

  void start_due() {
    for (std::size_t i = 0; i < children_.size(); ++i) {
      if (children_[i].wants_to_run() && children_[i].due) {
        start(i);
      }
      const bool others_wait = options_.strategy == supervision::strategy::rest_for_one;
      if (others_wait && children_[i].wants_to_run()) {
        return;
      }
    }
  }

  void start(std::size_t index) {
    auto& each = children_[index];
    if (each.spec.ref) {
      each.spec.ref->hold();
    }
    auto incarnation = spawn(each);
    if (!incarnation) {
      emit(event_kind::start_failed, each, incarnation.error().message, {});
      on_ended(index, ending::abnormal, std::move(incarnation.error().message));
      return;
    }
    each.restarts += each.ever_started ? 1 : 0;
    each.ever_started = true;
    each.actor = std::move(*incarnation);
    each.state = child_state::running;
    ++each.timer_generation;
    each.policy.started(now());
    if (each.spec.ref) {
      each.spec.ref->point_to(each.actor);
    }
    emit(event_kind::started, each, {}, {});
    self_->monitor(each.actor);
  }

  result<caf::strong_actor_ptr> spawn(const supervised_child& each) {
    try {
      auto actor = each.spec.start(self_, each.last, caf::actor_cast<supervisor_actor>(self_));
      if (!actor) {
        return fail(ec::crashed, "its start function returned no actor");
      }
      return actor;
    } catch (const std::exception& e) {
      return fail(ec::crashed, bounded_failure(e.what()));
    }
  }

  /// The child ended by itself, or could not be started.
  void on_ended(std::size_t index, ending how, std::string failure) {
    auto& each = children_[index];
    each.actor = nullptr;
    if (!failure.empty()) {
      each.last_failure = std::move(failure);
    }
    const auto decided = each.policy.ended(how, now(), options_.random());
    if (decided.what == restart_policy::action::leave) {
      each.state = child_state::stopped;
      ++each.timer_generation;
      take_down(each, ended_sentence(each.spec.id, each.last_failure));
      return;
    }
    const bool hopeless = decided.what == restart_policy::action::give_up;
    each.state = hopeless ? child_state::given_up : child_state::restarting;
    each.due = false;
    set_timer(index, decided.delay);
    take_down(each, hopeless ? given_up_sentence(each.spec.id, each.last_failure, decided.delay)
                             : restarting_sentence(each.spec.id, each.last_failure));
    emit(hopeless ? event_kind::given_up : event_kind::restart_scheduled, each, each.last_failure,
         decided.delay);
    const auto affected = restart_set(options_.strategy, index, children_.size());
    for (auto i = affected.first + 1; i < affected.last; ++i) {
      if (children_[i].actor && children_[i].stopping == stop_phase::none) {
        children_[i].stopping = stop_phase::wanted;
      } else if (children_[i].wants_to_run()) {
        take_down(children_[i], waiting_sentence(children_[i].spec.id, each.spec.id));
      }
    }
  }

  /// The child ended because it was told to.
  void on_stopped(supervised_child& each) {
    each.actor = nullptr;
    each.stopping = stop_phase::none;
    ++each.timer_generation;
    if (tree_stopping_) {
      each.state = child_state::stopped;
      take_down(each, stopped_sentence(each.spec.id));
      return;
    }
    each.state = child_state::restarting;
    each.due = true;
    take_down(each, waiting_sentence(each.spec.id, first_waiting().spec.id));
  }

  void ask_to_end(std::size_t index) {
    auto& each = children_[index];
    if (each.spec.shutdown <= std::chrono::milliseconds::zero()) {
      kill(each);
      wait_for_kill(index);
      return;
    }
    caf::anon_send(caf::actor_cast<caf::actor>(each.actor),
                   caf::exit_msg{self_->address(), caf::exit_reason::user_shutdown});
    each.stopping = stop_phase::asked;
    set_timer(index, each.spec.shutdown);
  }

  void wait_for_kill(std::size_t index) {
    children_[index].stopping = stop_phase::killed;
    set_timer(index, limits::kill_wait);
  }

  /// Goes ahead of everything in the child's mailbox, which CAF's own exit functions do not.
  void kill(const supervised_child& each) {
    caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(each.actor),
      caf::exit_msg{self_->address(), caf::exit_reason::kill});
  }

  void begin_stop() {
    if (tree_stopping_) {
      return;
    }
    tree_stopping_ = true;
    for (auto& each : children_) {
      if (!each.actor) {
        on_stopped(each);
      } else if (each.stopping == stop_phase::none) {
        each.stopping = stop_phase::wanted;
      }
    }
    proceed();
  }

  void finish_stop() {
    for (auto& promise : stop_promises_) {
      promise.deliver(tree_stopped{killed_});
    }
    stop_promises_.clear();
    self_->quit();
  }

  [[nodiscard]] monotonic_time now() const { return self_->clock().now(); }

  [[nodiscard]] std::size_t index_of(const supervised_child& each) const noexcept {
    return static_cast<std::size_t>(&each - children_.data());
  }

  /// The child the later ones wait for. @pre one is not running.
  [[nodiscard]] const supervised_child& first_waiting() const {
    return *std::find_if(children_.begin(), children_.end(),
                         [](const supervised_child& each) { return each.wants_to_run(); });
  }

  void set_timer(std::size_t index, std::chrono::milliseconds delay) {
    const auto generation = ++children_[index].timer_generation;
    self_->delayed_send(self_, delay, supervision_timer{index, generation});
  }

  static void take_down(supervised_child& each, std::string sentence) {
    if (each.spec.ref) {
      each.spec.ref->take_down(std::move(sentence));
    }
  }

  void emit(event_kind what, const supervised_child& each, const std::string& failure,
            std::chrono::milliseconds delay) {
    if (options_.on_event) {
      options_.on_event({what, each.spec.id, failure, delay, each.restarts});
    }
  }

  supervisor_actor::pointer self_;
  supervisor_options options_;
  std::vector<supervised_child> children_;
  bool tree_stopping_ = false;
  std::size_t killed_ = 0;
  std::vector<guarded_promise<tree_stopped>> stop_promises_;
};

} // namespace

supervisor_actor spawn_supervisor(caf::actor_system& system, supervisor_options choice,
                                  std::vector<child_spec> children) {
  auto probe = choice.probe;
  return spawn_shell<supervisor_actor, supervisor_state>(system, "supervisor", std::move(probe),
                                                         std::move(choice), std::move(children));
}

} // namespace nats_mcp
