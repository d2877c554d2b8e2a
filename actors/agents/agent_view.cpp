// SPDX-License-Identifier: MIT
#include "actors/agents/agent_view.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nats_mcp {

namespace {

error not_in_time() {
  return {ec::timeout, "NATS did not tell in time which agents there are. Try again.", 0};
}

} // namespace

/// One refresh under way.
struct agent_view::looking {
  std::vector<std::string> patterns;
  monotonic_time deadline;
  std::size_t open = 0;
  error failure;
  ready done;
};

agent_view::agent_view(surroundings around)
  : around_{std::move(around)}
  , presence_{{make_api_caller(around_.owner, around_.gateway),
               make_pull_caller(around_.owner, around_.gateway), around_.world.random,
               [owner = around_.owner] { return owner->clock().now(); }}}
  , pages_{&directory_, around_.world.random} {
  // nop
}

void agent_view::refresh(const agents::principal& viewer, monotonic_time deadline,
                         const ready& done) {
  open(viewer, deadline);
  const auto look = std::make_shared<looking>();
  look->patterns = agents::visible_patterns(viewer);
  look->deadline = deadline;
  look->open = look->patterns.size();
  look->done = done;
  for (const auto& pattern : look->patterns) {
    follow(pattern, look);
  }
}

// -- watches -----------------------------------------------------------------------------------

void agent_view::open(const agents::principal& viewer, monotonic_time deadline) {
  const auto wanted = agents::visible_patterns(viewer);
  std::vector<ready> waiting;
  for (auto at = watches_.begin(); at != watches_.end();) {
    if (std::find(wanted.begin(), wanted.end(), at->first) != wanted.end()) {
      ++at;
      continue;
    }
    // It shows what this process was once, and is no longer.
    around_.owner->send(around_.gateway, unsubscribe{at->second.id});
    directory_.forget(at->first);
    std::move(at->second.waiting.begin(), at->second.waiting.end(), std::back_inserter(waiting));
    at = watches_.erase(at);
  }
  for (const auto& pattern : wanted) {
    open_watch(pattern, deadline);
  }
  for (const auto& then : waiting) {
    then({}); // there is nothing there for it any more
  }
}

void agent_view::open_watch(const std::string& pattern, monotonic_time deadline) {
  if (watches_.contains(pattern) || refused_.contains(pattern)) {
    return;
  }
  const auto id = jetstream::subscription_id{around_.world.random()};
  auto& opening = watches_[pattern];
  opening.id = id;
  opening.opens_by = deadline;
  ask<subscribed>(
    around_.owner, around_.gateway,
    kv_watch{id, std::string{agents::agents_bucket}, pattern, around_.listener, deadline},
    "gateway", [this, pattern, id](const subscribed&) { opened(pattern, id, {}); },
    [this, pattern, id](const error& why) { opened(pattern, id, tl::make_unexpected(why)); });
}

void agent_view::opened(const std::string& pattern, jetstream::subscription_id id,
                        const result<void>& outcome) {
  const auto found = watches_.find(pattern);
  if (found == watches_.end() || found->second.id != id) {
    return;
  }
  auto waiting = std::exchange(found->second.waiting, {});
  if (outcome) {
    found->second.opened = true;
  } else {
    if (outcome.error().code == ec::permission_denied) {
      refused_[pattern] = outcome.error();
    }
    // What it told already nobody keeps up to date; the next look tries again.
    around_.owner->send(around_.gateway, unsubscribe{id});
    directory_.forget(pattern);
    watches_.erase(found);
  }
  for (const auto& then : waiting) {
    then(outcome);
  }
}

void agent_view::close() {
  for (const auto& [pattern, watching] : std::exchange(watches_, {})) {
    around_.owner->send(around_.gateway, unsubscribe{watching.id});
    for (const auto& then : watching.waiting) {
      then({});
    }
  }
  refused_.clear();
  directory_.clear();
  presence_read_at_.reset();
}

bool agent_view::changed(const jetstream::kv_change& change) {
  const auto known = std::find_if(watches_.begin(), watches_.end(), [&change](const auto& one) {
    return one.second.id == change.id;
  });
  if (known == watches_.end()) {
    // Left behind by an incarnation of this actor that is gone.
    around_.owner->send(around_.gateway, unsubscribe{change.id});
    return false;
  }
  const auto done = directory_.apply(change.entry);
  if (done.unreadable) {
    tell_unreadable(around_.world, agents::agents_bucket, change.entry);
  }
  return done.changed;
}

void agent_view::event(const jetstream::kv_watch_event& event) {
  for (auto& [pattern, watching] : watches_) {
    if (watching.id != event.id) {
      continue;
    }
    if (event.state == jetstream::kv_watch_state::restarted) {
      watching.complete = false;
      directory_.forget(pattern);
      presence_read_at_.reset();
    } else if (event.state == jetstream::kv_watch_state::initial_values_done) {
      watching.complete = true;
    }
  }
}

void agent_view::connection_changed(const jetstream::connection_event& event) {
  connected_ = event.state == jetstream::connection_state::connected;
  if (connected_) {
    refused_.clear(); // perhaps by another server, or as somebody else
  }
}

// -- one look ----------------------------------------------------------------------------------

agent_view::watch* agent_view::find(const std::string& pattern, jetstream::subscription_id id) {
  const auto found = watches_.find(pattern);
  return found != watches_.end() && found->second.id == id ? &found->second : nullptr;
}

void agent_view::follow(const std::string& pattern, const std::shared_ptr<looking>& look) {
  const auto found = watches_.find(pattern);
  if (found == watches_.end()) {
    caught_up(look, {}); // not to be seen any more
  } else if (found->second.opened) {
    catch_up(pattern, look);
  } else {
    const auto opens_by = found->second.opens_by;
    found->second.waiting.push_back([this, pattern, look, opens_by](const result<void>& there) {
      if (there) {
        follow(pattern, look);
      } else if (there.error().code == ec::not_found
                 || there.error().code == ec::permission_denied) {
        caught_up(look, {}); // no bucket, so nobody has ever registered; or not to be seen
      } else if (look->deadline > opens_by) {
        open_watch(pattern, look->deadline); // who asked for it had less time
        follow(pattern, look);
      } else {
        caught_up(look, there);
      }
    });
  }
}

void agent_view::catch_up(const std::string& pattern, const std::shared_ptr<looking>& look) {
  const auto& current = watches_.at(pattern);
  const auto id = current.id;
  auto deadline = look->deadline;
  if (current.complete && connected_) { // what it shows is at most a moment old
    deadline = std::min(deadline, around_.owner->clock().now() + limits::view_catch_up_max);
  }
  ask<watch_is_current>(
    around_.owner, around_.gateway, await_watch{id, deadline}, "gateway",
    [this, pattern, id, look](const watch_is_current&) {
      if (auto* known = find(pattern, id)) {
        known->complete = true;
      }
      caught_up(look, {});
    },
    [this, pattern, id, look](const error& why) { did_not_catch_up(pattern, id, look, why); });
}

void agent_view::did_not_catch_up(const std::string& pattern, jetstream::subscription_id id,
                                  const std::shared_ptr<looking>& look, const error& why) {
  const auto* watching = find(pattern, id);
  const bool in_time = around_.owner->clock().now() < look->deadline;
  if (watching == nullptr) {
    follow(pattern, look); // another one stands in its place, or none
  } else if (why.code == ec::not_found && in_time) {
    // The gateway does not know of it.
    watches_.erase(pattern);
    directory_.forget(pattern);
    open_watch(pattern, look->deadline);
    follow(pattern, look);
  } else if (watching->complete && connected_) {
    caught_up(look, {});
  } else if (why.code == ec::timeout && in_time) {
    catch_up(pattern, look); // begun while it was connected, and it is not any more
  } else {
    caught_up(look, tl::make_unexpected(why.code == ec::timeout ? not_in_time() : why));
  }
}

void agent_view::caught_up(const std::shared_ptr<looking>& look, const result<void>& outcome) {
  if (!outcome) {
    look->failure = outcome.error();
  }
  if (--look->open > 0) {
    return;
  }
  leave_out_refused(*look);
  if (look->failure.code != ec::none) {
    look->done(tl::make_unexpected(look->failure));
  } else {
    refresh_presence(look);
  }
}

void agent_view::leave_out_refused(looking& look) const {
  const auto refused = [this](const std::string& pattern) { return refused_.contains(pattern); };
  std::erase_if(look.patterns, refused);
  // One's own entry alone is no view of the others.
  const bool all = std::none_of(look.patterns.begin(), look.patterns.end(),
                                [](const auto& one) { return one.ends_with('>'); });
  if (all && !refused_.empty() && look.failure.code == ec::none) {
    look.failure = refused_.begin()->second;
  }
}

void agent_view::refresh_presence(const std::shared_ptr<looking>& look) {
  const auto now = around_.owner->clock().now();
  const bool fresh = presence_read_at_ && now - *presence_read_at_ < limits::presence_age_max
                     && presence_patterns_ == look->patterns;
  if (fresh || directory_.size() == 0) {
    look->done({});
    return;
  }
  presence_waiting_.push_back(look);
  if (presence_waiting_.size() == 1) {
    read_presence();
  }
}

void agent_view::read_presence() {
  const auto first = presence_waiting_.front();
  presence_.start(first->patterns, first->deadline,
                  [this, first](const result<presence_reader::snapshot>& found) {
                    auto waiting = std::exchange(presence_waiting_, {});
                    if (found) {
                      presence_read_at_ = found->asked_at;
                      presence_patterns_ = first->patterns;
                      around_.server_time->observe(found->server_time);
                      judged_at_.reset();
                      if (found->server_time.known()) {
                        judged_at_ = found->server_time.now(found->asked_at);
                      }
                      for (const auto& entry : directory_.apply_presence(found->entries)) {
                        tell_unreadable(around_.world, agents::presence_bucket, entry);
                      }
                      directory_.forget_expired(judged_at());
                    }
                    first->done(found ? result<void>{} : tl::make_unexpected(found.error()));
                    for (const auto& look : waiting) {
                      if (look != first) {
                        refresh_presence(look); // it may see other keys, and has time of its own
                      }
                    }
                  });
}

std::optional<std::chrono::milliseconds> agent_view::next_look_in() const {
  const auto next = directory_.next_look();
  if (!next) {
    return std::nullopt;
  }
  // What time it is at the server is known after the first look at signs of life.
  return around_.server_time->known() ? std::max(*next - server_now(), std::chrono::milliseconds{0})
                                      : std::chrono::milliseconds{0};
}

result<tools::discover_agents_result>
agent_view::discover(const tools::discover_agents_arguments& what) {
  auto page = pages_.page(what, judged_at());
  if (page) {
    for (const auto& [pattern, why] : refused_) {
      page->not_allowed.push_back(agents::visibility_of_pattern(pattern));
    }
  }
  return page;
}

wall_time agent_view::judged_at() const { return judged_at_.value_or(server_now()); }

wall_time agent_view::server_now() const {
  return around_.server_time->known() ? around_.server_time->now(around_.owner->clock().now())
                                      : directory_.newest_stamp();
}

} // namespace nats_mcp
