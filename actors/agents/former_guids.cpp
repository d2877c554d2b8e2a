// SPDX-License-Identifier: MIT
#include "actors/agents/former_guids.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/inbox_count.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nats_mcp {

namespace {

/// Further apart, and a sign of life given in between may have been missed.
std::chrono::nanoseconds looks_apart_max(std::chrono::nanoseconds heartbeat_interval) {
  return 5 * heartbeat_interval / 2;
}

} // namespace

/// One look under way.
struct former_guids::one_look {
  wish what;
  finished<std::vector<std::string>> done;
  std::uint64_t agent = 0;
  agents::adoption::outcome found{};
  /// Of `found`, in its order; absent: not known.
  std::vector<std::optional<std::uint64_t>> mail{};
  std::size_t asked = 0;
  std::size_t open = 0;
  /// NATS did not tell of one what it may tell later.
  bool unsure = false;
};

former_guids::former_guids(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void former_guids::look(wish what, finished<std::vector<std::string>> done) {
  const auto now = around_.now();
  looking_ = true;
  beats_ = 0;
  // Whoever was seen before this process was cut off or asleep gets as much time as at first.
  if (!looked_at_ || now - *looked_at_ > looks_apart_max(what.held.record.heartbeat_interval)) {
    watched_.clear();
  }
  agents::adoption::request request;
  request.held = what.held;
  request.self = what.self;
  request.returning_key = what.returning_key;
  request.now = around_.world.wall_clock();
  request.asked_at = now;
  request.clock = what.clock;
  request.watched = watched_;
  request.at_once = what.at_once;
  request.settled = settled_;
  const auto deadline = what.deadline;
  const auto look = std::make_shared<one_look>(one_look{std::move(what), std::move(done), agent_});
  const auto script = std::make_shared<agents::adoption>(std::move(request), around_.world.random);
  run_script(around_.keys, script,
             {deadline, around_.now, {}, [this, look, script] { looked(look, *script->end()); }});
}

void former_guids::looked(const look_ptr& look, const result<agents::adoption::outcome>& end) {
  if (!end) {
    // That the name leads to another agent passes less soon than that NATS does not answer.
    soon_ = end.error().code != ec::conflict;
    return finish(look, tl::make_unexpected(end.error()));
  }
  if (look->agent == agent_) {
    note(*end);
  }
  look->found = *end;
  look->mail.resize(end->formers.size());
  count(look);
}

void former_guids::note(const agents::adoption::outcome& found) {
  looked_at_ = around_.now();
  const auto is_known = [&found](const std::string& guid) { return !found.unknown.contains(guid); };
  std::erase_if(adopted_, is_known);
  std::erase_if(settled_, is_known);
  std::erase_if(watched_, [&is_known](const auto& one) { return is_known(one.first); });
  watched_.insert(found.watched.begin(), found.watched.end());
  for (const auto& one : found.formers) {
    adopted_.push_back(one.guid);
    if (one.settled) {
      settled_.insert(one.guid);
    }
  }
}

bool former_guids::is_open(const std::string& guid) const {
  return std::find(open_.begin(), open_.end(), guid) != open_.end();
}

void former_guids::count(const look_ptr& look) {
  const auto last =
    std::min(look->asked + limits::former_inboxes_counted_at_once, look->mail.size());
  if (look->asked == last || look->agent != agent_) {
    return counted(look);
  }
  const auto first = look->asked;
  look->open = last - first;
  look->asked = last;
  for (auto which = first; which < last; ++which) {
    count_one(look, which);
  }
}

void former_guids::count_one(const look_ptr& look, std::size_t which) {
  around_.api(messaging::inbox_count_request(look->found.formers[which].guid, look->what.deadline),
              [this, look, which](const result<jetstream::api_reply>& reply) {
                // One that is not known stays listed, and the others are not to wait for it.
                if (const auto unread = messaging::read_inbox_count(reply)) {
                  look->mail[which] = *unread;
                } else {
                  look->unsure = look->unsure || unread.error().code != ec::permission_denied;
                }
                if (--look->open == 0) {
                  count(look);
                }
              });
}

bool former_guids::may_go(const agents::adoption::former& one, std::size_t listed) {
  return one.quiet_for >= limits::former_guid_kept_for
         || (listed > limits::former_guids_kept && one.quiet_for >= limits::former_guid_settled);
}

void former_guids::counted(const look_ptr& look) {
  if (look->agent != agent_) {
    return finish(look, fail(ec::cancelled, "This process is another agent by now."));
  }
  let_go(look);
  std::vector<std::string> with_mail;
  std::copy_if(open_.begin(), open_.end(), std::back_inserter(with_mail),
               [&](const auto& guid) { return look->found.unknown.contains(guid); });
  for (std::size_t i = 0; i < look->mail.size(); ++i) {
    const auto& guid = look->found.formers[i].guid;
    if (look->mail[i] ? *look->mail[i] > 0 : is_open(guid)) {
      with_mail.push_back(guid);
    }
  }
  soon_ = !with_mail.empty() || !watched_.empty() || !look->found.unknown.empty() || look->unsure;
  with_mail.resize(std::min(with_mail.size(), limits::former_inboxes_open_max));
  open_ = with_mail;
  finish(look, std::move(with_mail));
}

void former_guids::let_go(const look_ptr& look) {
  auto way = look->found.way;
  const auto listed = way.others.size();
  for (std::size_t i = 0; i < look->mail.size(); ++i) {
    const auto& one = look->found.formers[i];
    if (look->mail[i] == 0U && may_go(one, listed)) {
      agents::forget(way, one.guid);
    }
  }
  if (way.others.size() == listed) {
    return;
  }
  const auto write_id = make_uuid(around_.world.random);
  around_.keys(jetstream::kv_put{std::string{agents::sessions_bucket}, look->what.returning_key,
                                 agents::write_way_back(way, write_id), look->found.way_revision,
                                 write_id, look->what.deadline},
               [](const result<agents::key_answer>&) {
                 // Somebody registered meanwhile, or NATS is away: with the next look.
               });
}

void former_guids::finish(const look_ptr& look, result<std::vector<std::string>> end) {
  looking_ = false;
  look->done(std::move(end));
}

bool former_guids::due_at_beat() {
  ++beats_;
  return soon_ || beats_ >= limits::beats_between_looks;
}

void former_guids::forget() {
  ++agent_;
  adopted_.clear();
  watched_.clear();
  open_.clear();
  settled_.clear();
  looked_at_.reset();
  soon_ = false;
  beats_ = limits::beats_between_looks;
}

} // namespace nats_mcp
