// SPDX-License-Identifier: MIT
#include "actors/agents/former_guids.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/inbox_count.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

/// One look under way.
struct former_guids::looking {
  wish what;
  finished<std::vector<std::string>> done;
  agents::adoption::outcome found;
  std::size_t counted = 0;
  std::vector<std::string> with_mail{};
  std::vector<std::string> may_go{};
};

former_guids::former_guids(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void former_guids::look(wish what, finished<std::vector<std::string>> done) {
  const auto now = around_.now();
  beats_ = 0;
  // Whoever was seen before this process was cut off or asleep gets as much time as at first.
  if (!looked_at_ || now - *looked_at_ > 5 * what.held.record.heartbeat_interval / 2) {
    watched_.clear();
  }
  const auto look = std::make_shared<looking>(looking{std::move(what), std::move(done), {}});
  agents::adoption::request request;
  request.held = look->what.held;
  request.self = look->what.self;
  request.returning_key = look->what.returning_key;
  request.now = around_.world.wall_clock();
  request.asked_at = now;
  request.clock = look->what.clock;
  request.watched = watched_;
  request.at_once = look->what.at_once;
  const auto script = std::make_shared<agents::adoption>(std::move(request), around_.world.random);
  run_script(around_.keys, script, {look->what.deadline, around_.now, {}, [this, look, script] {
                                      const auto& end = *script->end();
                                      if (!end) {
                                        look->done(tl::make_unexpected(end.error()));
                                        return;
                                      }
                                      looked_at_ = around_.now();
                                      watched_ = end->watched;
                                      any_ = !end->way.others.empty();
                                      look->found = *end;
                                      note_adopted(*end);
                                      count_next(look);
                                    }});
}

void former_guids::note_adopted(const agents::adoption::outcome& found) {
  adopted_.clear();
  for (const auto& one : found.formers) {
    adopted_.push_back(one.guid);
  }
}

void former_guids::count_next(const looking_ptr& look) {
  if (look->counted == look->found.formers.size()) {
    counted(look);
    return;
  }
  const auto& one = look->found.formers[look->counted++];
  around_.api(messaging::inbox_count_request(one.guid, look->what.deadline),
              [this, look, &one](const result<jetstream::api_reply>& reply) {
                const auto unread = messaging::read_inbox_count(reply);
                if (!unread) {
                  // Not known: it stays listed, and the others are not to wait for it.
                } else if (*unread > 0) {
                  look->with_mail.push_back(one.guid);
                } else if (may_go(one, look->found.way.others.size())) {
                  look->may_go.push_back(one.guid);
                }
                count_next(look);
              });
}

bool former_guids::may_go(const agents::adoption::former& one, std::size_t listed) {
  return one.quiet_for >= limits::former_guid_kept_for
         || (listed > limits::former_guids_kept && one.quiet_for >= limits::former_guid_settled);
}

void former_guids::counted(const looking_ptr& look) {
  if (!look->may_go.empty()) {
    auto way = look->found.way;
    for (const auto& guid : look->may_go) {
      agents::forget(way, guid);
    }
    const auto write_id = make_uuid(around_.world.random);
    around_.keys(jetstream::kv_put{std::string{agents::sessions_bucket}, look->what.returning_key,
                                   agents::write_way_back(way, write_id), look->found.way_revision,
                                   write_id, look->what.deadline},
                 [](const result<agents::key_answer>&) {
                   // Somebody registered meanwhile, or NATS is away: with the next look.
                 });
  }
  auto& open = look->with_mail;
  open.resize(std::min(open.size(), limits::former_inboxes_open_max));
  look->done(std::move(open));
}

bool former_guids::due_at_beat() {
  ++beats_;
  return any_ || beats_ >= limits::beats_between_looks;
}

void former_guids::forget() {
  adopted_.clear();
  watched_.clear();
  looked_at_.reset();
  any_ = false;
  beats_ = limits::beats_between_looks;
}

} // namespace nats_mcp
