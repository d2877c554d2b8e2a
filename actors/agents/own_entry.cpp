// SPDX-License-Identifier: MIT
#include "actors/agents/own_entry.hpp"

#include "protocol/hash.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

using agents::entry_update;

own_entry::own_entry(surroundings around, memory last)
  : around_{std::move(around)}
  , memory_{std::move(last)}
  , asleep_before_{time_asleep(around_.world)}
  , former_guids_{{around_.keys, around_.api, around_.now, around_.world}} {
  if (!memory_.began_at) {
    memory_.began_at = around_.now();
  }
  if (memory_.held) {
    sends_[sends_begun_] = send_until(); // what the incarnation before allowed
  }
}

// -- changes -----------------------------------------------------------------------------------

void own_entry::write(agents::agent_record record, entry_update::extent what,
                      monotonic_time deadline, finished<agents::holding> done) {
  auto held = *memory_.held;
  held.record = std::move(record);
  const auto script = std::make_shared<entry_update>(std::move(held), what, around_.world.random);
  const auto began = around_.now();
  run_script(around_.keys, script,
             {deadline, around_.now, {}, [this, script, began, what, done = std::move(done)] {
                const auto& end = *script->end();
                if (end && what != entry_update::extent::record && !slept()) {
                  memory_.confirmed_at = std::max(memory_.confirmed_at, began);
                }
                if (!end && end.error().code == ec::conflict) {
                  lose();
                  done(tl::make_unexpected(not_held()));
                } else {
                  done(end);
                }
              }});
}

void own_entry::update(agents::agent_record record, entry_update::extent what,
                       monotonic_time deadline, finished<void> done) {
  write(std::move(record), what, deadline,
        [this, done = std::move(done)](const result<agents::holding>& written) {
          if (!written) {
            done(tl::make_unexpected(written.error()));
            return;
          }
          memory_.held = *written;
          around_.changed();
          done({});
        });
}

void own_entry::change_presence(const nats_mcp::change_presence& request,
                                finished<tools::update_presence_result> done) {
  using outcome_type = tools::update_presence_result;
  changes_.run<outcome_type>(std::move(done), [this, request](finished<outcome_type> over) {
    if (!memory_.held) {
      over(tl::make_unexpected(not_held()));
      return;
    }
    auto record = memory_.held->record;
    outcome_type outcome;
    const auto take = [](const auto& wanted, auto& into, auto& told) {
      if (wanted) {
        told = {into, *wanted};
        into = *wanted;
      }
    };
    take(request.arguments.status, record.status, outcome.status);
    take(request.arguments.current_task_count, record.current_task_count,
         outcome.current_task_count);
    take(request.arguments.capabilities, record.capabilities, outcome.capabilities);
    update(
      std::move(record), entry_update::extent::record, request.deadline,
      [over, outcome](const result<void>& written) { over(written.map([&] { return outcome; })); });
  });
}

void own_entry::change_handle(const nats_mcp::change_handle& request,
                              finished<tools::set_handle_result> done) {
  using outcome_type = tools::set_handle_result;
  changes_.run<outcome_type>(std::move(done), [this, request](finished<outcome_type> over) {
    if (!memory_.held) { // nothing to rewrite any more
      over(outcome_type{request.handle});
      return;
    }
    auto record = memory_.held->record;
    const auto before = std::exchange(record.handle, request.handle);
    update(std::move(record), entry_update::extent::record, request.deadline,
           [this, over, request, before](const result<void>& written) {
             if (written) {
               move_way_back(before, request.handle, request.deadline);
             }
             over(written.map([&] { return outcome_type{request.handle}; }));
           });
  });
}

void own_entry::move_way_back(const std::string& from, const std::string& to,
                              monotonic_time deadline) {
  // Those whose mail it reads come along, or nobody of the new name would open it.
  auto guids = former_guids_.adopted();
  guids.insert(guids.begin(), memory_.held->record.guid);
  find_back_as(to, guids, deadline, [this, from, to, guids, deadline] {
    if (from != to) {
      lose_way_back_as(from, guids, deadline);
    }
  });
}

void own_entry::find_back_as(const std::string& handle, const std::vector<std::string>& guids,
                             monotonic_time deadline, std::function<void()> then) {
  const auto key = agents::returning_key(returning(handle));
  if (!key) {
    return;
  }
  around_.keys(jetstream::kv_get{std::string{agents::sessions_bucket}, *key, deadline},
               [this, key = *key, guids, deadline, then](const result<agents::key_answer>& found) {
                 if (agents::lookup_failure(found) != nullptr) {
                   return;
                 }
                 const auto* entry = agents::entry_in(found);
                 auto way =
                   entry == nullptr ? agents::way_back{} : agents::read_way_back(entry->value);
                 if (way.guid.empty()) {
                   agents::lead_back_to(way, guids.front());
                 }
                 for (const auto& guid : guids) {
                   if (!agents::add_other(way, guid)) {
                     return; // more do not fit: they are found by the old name
                   }
                 }
                 const auto write_id = make_uuid(around_.world.random);
                 around_.keys(jetstream::kv_put{std::string{agents::sessions_bucket}, key,
                                                agents::write_way_back(way, write_id),
                                                agents::revision_in(found), write_id, deadline},
                              [then](const result<agents::key_answer>& written) {
                                if (written) {
                                  then();
                                } // else nothing works worse than before
                              });
               });
}

void own_entry::lose_way_back_as(const std::string& handle, const std::vector<std::string>& guids,
                                 monotonic_time deadline) {
  const auto key = agents::returning_key(returning(handle));
  if (!key) {
    return;
  }
  // Or whoever comes by the old name would be given this agent's GUID, and its mail.
  around_.keys(jetstream::kv_get{std::string{agents::sessions_bucket}, *key, deadline},
               [this, key = *key, guids, deadline](const result<agents::key_answer>& found) {
                 const auto* entry = agents::entry_in(found);
                 auto way =
                   entry == nullptr ? agents::way_back{} : agents::read_way_back(entry->value);
                 const auto before = way;
                 for (const auto& guid : guids) {
                   agents::forget(way, guid);
                 }
                 if (way == before) {
                   return;
                 }
                 const auto over = [](const result<agents::key_answer>&) {
                   // Somebody else wrote it meanwhile, or NATS is away.
                 };
                 if (way == agents::way_back{}) {
                   around_.keys(jetstream::kv_delete{std::string{agents::sessions_bucket}, key,
                                                     entry->revision, deadline},
                                over);
                   return;
                 }
                 const auto write_id = make_uuid(around_.world.random);
                 around_.keys(jetstream::kv_put{std::string{agents::sessions_bucket}, key,
                                                agents::write_way_back(way, write_id),
                                                entry->revision, write_id, deadline},
                              over);
               });
}

void own_entry::rewrite(monotonic_time deadline) {
  changes_.run<void>([](const result<void>&) {},
                     [this, deadline](finished<void> over) {
                       if (!memory_.held) {
                         over({});
                         return;
                       }
                       ensure_buckets(deadline, [this, deadline, over](const result<void>& there) {
                         if (!there) {
                           over(there);
                           return;
                         }
                         update(memory_.held->record, entry_update::extent::everything, deadline,
                                [this, deadline, over](const result<void>& written) {
                                  if (written) {
                                    const auto& handle = memory_.held->record.handle;
                                    move_way_back(handle, handle, deadline);
                                  }
                                  over(written);
                                });
                       });
                     });
}

// -- the right to speak ------------------------------------------------------------------------

void own_entry::confirm(monotonic_time deadline, finished<agent_identity> done) {
  if (!memory_.held || leaving_) {
    done(tl::make_unexpected(not_held()));
  } else if (is_sure()) {
    done(spoken());
  } else {
    changes_.ask<agent_identity>(
      std::move(done), [this, deadline](finished<agent_identity> over) { prove(deadline, over); });
  }
}

void own_entry::prove(monotonic_time deadline, const finished<agent_identity>& done) {
  if (!memory_.held) {
    done(tl::make_unexpected(not_held()));
  } else if (is_sure()) {
    done(spoken());
  } else {
    update(memory_.held->record, entry_update::extent::anchor, deadline,
           [this, done](const result<void>& proved) {
             done(proved ? result<agent_identity>{spoken()} : tl::make_unexpected(proved.error()));
           });
  }
}

void own_entry::beat(const beat_report& report, monotonic_time deadline) {
  if (!memory_.held || memory_.held->record.guid != report.guid) {
    return;
  }
  if (report.found == beat_finding::entry_not_ours) {
    memory_.confirmed_at = monotonic_time::min(); // whoever wants to speak looks first
    rewrite(deadline);
  } else if (!slept()) {
    memory_.confirmed_at = std::max(memory_.confirmed_at, report.sent_at);
    if (former_guids_.due_at_beat()) {
      look_for_former_guids(false);
    }
  }
  around_.changed();
}

void own_entry::lose() {
  const auto& record = memory_.held->record;
  std::string sentence = "Another process has taken over as the agent \"" + record.handle + "\" ("
                         + record.guid
                         + "), since this one gave no sign of life for too long. This session "
                           "does not speak as that agent any more; register_agent makes it an "
                           "agent of its own.";
  become_nobody(std::move(sentence));
}

void own_entry::become_nobody(std::string because) {
  memory_ = {{}, monotonic_time::min(), std::move(because), {}, {}, memory_.began_at};
  former_guids_.forget();
  around_.changed();
}

error own_entry::not_held() const {
  return memory_.lost_because.empty() ? tools::not_registered()
                                      : error{ec::conflict, memory_.lost_because, 0};
}

identity_changed own_entry::identity() const {
  if (!memory_.held) {
    return {{}, memory_.lost_because, {}};
  }
  return {spoken(), {}, memory_.confirmed_at + sure_for()};
}

bool own_entry::is_sure() { return !slept() && around_.now() < memory_.confirmed_at + sure_for(); }

bool own_entry::slept() {
  const auto asleep = time_asleep(around_.world);
  if (asleep - asleep_before_ < limits::sleep_noticed) {
    return false;
  }
  asleep_before_ = asleep;
  memory_.confirmed_at = monotonic_time::min();
  return true;
}

monotonic_time own_entry::send_until() const {
  return memory_.confirmed_at + sure_for()
         + memory_.held->record.heartbeat_interval / limits::send_slack_divisor;
}

/// Nobody takes over before a longer silence: `offline_after_intervals`.
std::chrono::milliseconds own_entry::sure_for() const {
  return agents::stale_after_intervals * memory_.held->record.heartbeat_interval;
}

agent_identity own_entry::spoken() const {
  const auto& held = *memory_.held;
  return {held.record.guid,
          held.record.handle,
          held.session_id,
          held.agent_key,
          held.record.heartbeat_interval,
          held.record.capabilities,
          held.record.project_id,
          memory_.former_guids};
}

agents::principal own_entry::principal() const {
  const auto& process = around_.process;
  agents::principal out;
  out.project_id = process.project_id;
  if (!process.username.empty()) {
    out.user_hash = short_hash(process.username).value_or(std::string{});
  }
  if (memory_.held) {
    out.guid = memory_.held->record.guid;
  }
  return out;
}

agents::returning_agent own_entry::returning(const std::string& handle) const {
  return {around_.process.username, around_.process.hostname, around_.process.project_id, handle};
}

} // namespace nats_mcp
