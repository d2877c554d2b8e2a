// SPDX-License-Identifier: MIT
// How this process becomes an agent, around the registration script, and how it ends as one: a part
// of own_entry.
#include "protocol/hash.hpp"
#include "protocol/limits.hpp"

#include "actors/agents/own_entry.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp {

using agents::entry_update;

namespace {

/// How long a look for former GUIDs may take; nobody waits for it.
constexpr auto former_guids_patience = std::chrono::seconds{30};

} // namespace

// -- the beginning -----------------------------------------------------------------------------

void own_entry::register_as(nats_mcp::register_as request,
                            finished<tools::register_agent_result> done) {
  using outcome_type = tools::register_agent_result;
  const auto wanted = std::make_shared<const nats_mcp::register_as>(std::move(request));
  changes_.run<outcome_type>(std::move(done), [this, wanted](finished<outcome_type> over) {
    ensure_buckets(wanted->deadline, [this, wanted, over](const result<void>& there) {
      if (there) {
        run_registration(wanted, over);
      } else {
        over(tl::make_unexpected(there.error()));
      }
    });
  });
}

void own_entry::ensure_buckets(monotonic_time deadline, finished<void> done) {
  const auto wanted = std::make_shared<std::array<jetstream::stream_config, 3>>(
    std::array{agents::sessions_stream(around_.replicas), agents::presence_stream(around_.replicas),
               agents::agents_stream(around_.replicas)});
  const auto missing = std::make_shared<std::size_t>(wanted->size());
  const auto failure = std::make_shared<error>();
  for (const auto& stream : *wanted) {
    // Rarely asked for, and what is asked for may be gone: somebody may have removed it.
    around_.streams->forget(stream.name);
    around_.streams->ensure(stream, deadline, [missing, failure, done](const result<void>& there) {
      if (!there) {
        *failure = there.error();
      }
      if (--*missing == 0) {
        done(failure->code == ec::none ? result<void>{}
                                       : result<void>{tl::make_unexpected(*failure)});
      }
    });
  }
}

void own_entry::run_registration(const register_request& what,
                                 finished<tools::register_agent_result> done) {
  auto request = registration_of(*what);
  if (!request) {
    done(tl::make_unexpected(request.error()));
    return;
  }
  const auto script =
    std::make_shared<agents::registration>(std::move(*request), around_.world.random);
  const auto began = around_.now();
  run_script(around_.keys, script,
             {what->deadline, around_.now, {}, [this, what, script, began, done = std::move(done)] {
                registered(what, *script, began, done);
              }});
}

result<agents::registration::request>
own_entry::registration_of(const nats_mcp::register_as& request) {
  const auto& wanted = request.arguments;
  const auto& process = around_.process;
  auto key = agents::returning_key(returning(request.handle));
  if (!key) {
    return tl::make_unexpected(key.error());
  }
  if (new_guid_.empty()) {
    new_guid_ = make_uuid(around_.world.random);
  }
  agents::registration::request what;
  what.record.session_id = process.session_id;
  what.record.agent_type = wanted.agent_type;
  what.record.handle = request.handle;
  what.record.hostname = process.hostname;
  what.record.project_id = process.project_id;
  what.record.username = process.username;
  what.record.capabilities = wanted.capabilities;
  what.record.seen_by = wanted.visibility;
  what.record.heartbeat_interval = around_.heartbeat_interval;
  what.now = around_.world.wall_clock();
  what.asked_at = around_.now();
  what.record.registered_at = what.now;
  what.self = principal();
  what.returning_key = std::move(*key);
  what.new_guid = new_guid_;
  what.held = memory_.held;
  what.predecessor = memory_.predecessor;
  return what;
}

std::optional<tools::likely_predecessor>
own_entry::told(const std::optional<agents::guid_holder>& predecessor) const {
  if (!predecessor || !around_.server_time->known()) {
    return std::nullopt;
  }
  const auto now = around_.server_time->now(around_.now());
  const auto seen_ago = std::max(now - predecessor->seen, wall_time::duration{0});
  // A client may start the next process before it has killed the last one.
  const auto began_ago = around_.now() - *memory_.began_at;
  if (seen_ago + limits::goodbye_under_way_max < began_ago) {
    return std::nullopt; // it was there beside this one
  }
  return tools::likely_predecessor{seen_ago, agents::free_in(*predecessor, now)};
}

void own_entry::registered(const register_request& what, const agents::registration& script,
                           monotonic_time began,
                           const finished<tools::register_agent_result>& done) {
  const auto& end = *script.end();
  around_.server_time->observe(script.clock());
  new_guid_ = script.new_guid();
  if (!end && end.error().code == ec::conflict && memory_.held) {
    lose();
    run_registration(what, done); // as somebody new
    return;
  }
  const auto predecessor = told(script.predecessor());
  if (!end) {
    // Where NATS lets this agent have but the one GUID, that is why.
    auto why = end.error();
    why.message += predecessor ? " Note: " + tools::remark(*predecessor) + "." : "";
    done(tl::make_unexpected(std::move(why)));
    return;
  }
  new_guid_.clear();
  if (memory_.held && memory_.held->agent_key != end->held.agent_key) {
    // Its signs of life under the old key are for those who could see it there. Nothing depends on
    // that: they expire.
    around_.keys(
      jetstream::kv_delete{
        std::string{agents::presence_bucket}, memory_.held->agent_key, {}, what->deadline},
      [](const result<agents::key_answer>&) {});
  }
  const auto& record = end->held.record;
  const bool same = memory_.held && memory_.held->record.guid == record.guid;
  auto former = same ? std::move(memory_.former_guids) : std::vector<std::string>{};
  if (!same) {
    former_guids_.forget();
  }
  const auto before =
    std::exchange(memory_,
                  {end->held, began, {}, script.predecessor(), std::move(former), memory_.began_at})
      .held;
  around_.changed();
  if (before && before->record.guid == record.guid && before->record.handle != record.handle) {
    move_way_back(before->record.handle, record.handle, what->deadline);
  }
  look_for_former_guids(true);
  done(tools::register_agent_result{record.guid, record.handle, record.heartbeat_interval,
                                    end->returned, predecessor});
}

void own_entry::look_for_former_guids(bool at_once) {
  const auto key = memory_.held ? agents::returning_key(returning(memory_.held->record.handle))
                                : result<std::string>{fail(ec::not_found, {})};
  if (!key || !is_sure()) {
    return; // the next sign of life looks again
  }
  if (former_guids_.looking()) {
    look_again_at_once_ = look_again_at_once_ || at_once;
    return;
  }
  // Beside changes, which are not to wait for it: what it writes are entries of nobody's.
  const auto guid = memory_.held->record.guid;
  former_guids_.look({*memory_.held, principal(), *key, *around_.server_time, at_once,
                      around_.now() + former_guids_patience},
                     [this, guid](const result<std::vector<std::string>>& open) {
                       const bool anothers = !open && open.error().code == ec::conflict;
                       if ((open || anothers) && memory_.held
                           && memory_.held->record.guid == guid) {
                         memory_.former_guids = open.value_or(std::vector<std::string>{});
                         around_.changed();
                       }
                       if (std::exchange(look_again_at_once_, false)) {
                         look_for_former_guids(true);
                       }
                     });
}

// -- the end -----------------------------------------------------------------------------------

bool own_entry::may_be_sending() {
  std::erase_if(sends_, [now = around_.now()](const auto& one) { return one.second <= now; });
  return !sends_.empty();
}

std::uint64_t own_entry::send_begins(monotonic_time until) {
  (void)may_be_sending(); // lets go of what is over
  sends_[++sends_begun_] = until;
  return sends_begun_;
}

void own_entry::deregister(monotonic_time deadline, finished<tools::deregister_agent_result> done) {
  using outcome_type = tools::deregister_agent_result;
  changes_.run<outcome_type>(std::move(done), [this, deadline](finished<outcome_type> over) {
    if (!memory_.held) {
      over(tl::make_unexpected(not_held()));
      return;
    }
    auto record = ended_record();
    // Who comes after a goodbye takes over at once, and would be spoken for by what is repeated.
    record.ended = !may_be_sending();
    leaving_ = true;
    write(std::move(record), entry_update::extent::record, deadline,
          [this, over](const result<agents::holding>& written) {
            leaving_ = false;
            if (!written) {
              over(tl::make_unexpected(written.error()));
              return;
            }
            become_nobody({});
            over(outcome_type{written->record.guid, written->record.handle});
          });
  });
}

agents::agent_record own_entry::ended_record() const {
  auto record = memory_.held->record;
  record.status = tools::agent_status::offline;
  record.ended = true;
  return record;
}

void own_entry::say_goodbye(monotonic_time deadline) {
  changes_.close({ec::cancelled, "This server is ending. Nothing was changed.", 0},
                 [this, deadline] { write_goodbye(deadline); });
  write_goodbye(deadline);
}

void own_entry::write_ended(const agents::holding& held, agents::agent_record record,
                            monotonic_time deadline) {
  const auto write_id = make_uuid(around_.world.random);
  around_.keys(jetstream::kv_put{std::string{agents::agents_bucket}, held.agent_key,
                                 agents::write_agent_record(record, write_id), held.entry_revision,
                                 write_id, deadline},
               [](const result<agents::key_answer>&) {});
}

void own_entry::write_goodbye(monotonic_time deadline) {
  if (!memory_.held) {
    return;
  }
  write_ended(*memory_.held, ended_record(), deadline);
  if (!changes_.under_way()) { // which leaves a newer revision, and needs what is held
    become_nobody("This server is ending and does not speak as this agent any more.");
  }
}

} // namespace nats_mcp
