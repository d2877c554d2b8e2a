// SPDX-License-Identifier: MIT
#include "protocol/agents/entry_update.hpp"

#include "protocol/agents/buckets.hpp"

#include <utility>

namespace nats_mcp::agents {

entry_update::entry_update(holding held, extent what, random_source random)
  : held_{std::move(held)}
  , extent_{what}
  , random_{std::move(random)} {
  if (extent_ == extent::record) {
    write_record();
  } else {
    write_anchor_entry();
  }
}

void entry_update::on_answers(const key_round& round) {
  switch (step_) {
    case step::writing_anchor:
      return wrote_anchor(round);
    case step::looking_at_anchor:
      return looked_at_anchor(round);
    case step::writing_record:
      return wrote_record(round);
    case step::looking_at_record:
      return looked_at_record(round);
  }
}

void entry_update::write_anchor_entry() {
  step_ = step::writing_anchor;
  const auto write_id = make_uuid(random_);
  ask(jetstream::kv_put{
    std::string{sessions_bucket}, held_.record.guid,
    write_anchor({held_.session_id, held_.agent_key, held_.since, held_.record.heartbeat_interval},
                 write_id),
    held_.anchor_revision, write_id, monotonic_time{}});
}

void entry_update::wrote_anchor(const key_round& round) {
  const auto& answer = round.answers.front();
  if (is_conflict(answer)) {
    step_ = step::looking_at_anchor;
    ask(look_up(sessions_bucket, held_.record.guid));
    return;
  }
  if (const auto* failure = write_failure(answer)) {
    return fail_with(*failure);
  }
  held_.anchor_revision = revision_in(answer);
  if (extent_ == extent::everything) {
    write_record();
  } else {
    end_ = held_;
  }
}

void entry_update::looked_at_anchor(const key_round& round) {
  const auto& answer = round.answers.front();
  if (const auto* failure = lookup_failure(answer)) {
    return fail_with(*failure);
  }
  // Absent: it expired, or somebody emptied the bucket.
  if ((entry_in(answer) == nullptr || still_ours(answer)) && may_repeat()) {
    held_.anchor_revision = revision_in(answer);
    write_anchor_entry();
  }
}

void entry_update::write_record() {
  step_ = step::writing_record;
  const auto write_id = make_uuid(random_);
  ask(jetstream::kv_put{std::string{agents_bucket}, held_.agent_key,
                        write_agent_record(held_.record, write_id), held_.entry_revision, write_id,
                        monotonic_time{}});
}

void entry_update::wrote_record(const key_round& round) {
  const auto& answer = round.answers.front();
  if (is_conflict(answer)) {
    step_ = step::looking_at_record;
    ask(look_up(sessions_bucket, held_.record.guid));
    ask(look_up(agents_bucket, held_.agent_key));
    return;
  }
  if (const auto* failure = write_failure(answer)) {
    return fail_with(*failure);
  }
  held_.entry_revision = revision_in(answer);
  end_ = held_;
}

void entry_update::looked_at_record(const key_round& round) {
  if (const auto* failure = first_lookup_failure(round.answers)) {
    return fail_with(*failure);
  }
  if (entry_in(round.answers[0]) == nullptr) {
    // No anchor: it is taken again before anything is written.
    extent_ = extent::everything;
    held_.anchor_revision = revision_in(round.answers[0]);
    held_.entry_revision = revision_in(round.answers[1]);
    if (may_repeat()) {
      write_anchor_entry();
    }
  } else if (still_ours(round.answers[0]) && may_repeat()) {
    held_.entry_revision = revision_in(round.answers[1]);
    write_record();
  }
}

bool entry_update::still_ours(const result<key_answer>& anchored) {
  const auto held = read_anchor(entry_in(anchored)->value);
  if (held && held->session_id == held_.session_id) {
    return true;
  }
  fail_with({ec::conflict, "Another process has taken over as this agent.", 0});
  return false;
}

bool entry_update::may_repeat() {
  if (++attempts_ < attempts_max) {
    return true;
  }
  fail_with({ec::busy,
             "The entry of this agent is written by others at the same time. Nothing was changed; "
             "try again.",
             0});
  return false;
}

void entry_update::fail_with(error why) { end_ = tl::make_unexpected(std::move(why)); }

} // namespace nats_mcp::agents
