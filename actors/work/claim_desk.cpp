// SPDX-License-Identifier: MIT
#include "actors/work/claim_desk.hpp"

#include "protocol/limits.hpp"
#include "protocol/overloaded.hpp"
#include "protocol/text.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/facts.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

error cancelled() { return {ec::cancelled, "The claim was cancelled.", 0}; }

error busy() {
  return {ec::busy,
          "As many calls of claim_work are under way as this server takes at once ("
            + std::to_string(limits::claims_open_max) + "). Wait for one of them to be answered.",
          0};
}

error hands_full(std::size_t held, std::size_t open) {
  return {ec::limit_exceeded,
          "This agent holds " + std::to_string(held) + " work items and is claiming "
            + std::to_string(open) + " more; it may hold " + std::to_string(limits::work_held_max)
            + " at once. Finish some with complete_work, fail_work or release_work first.",
          0};
}

error much_in_the_way() {
  return {ec::busy,
          "The queue holds so much that others work on or that is left over from before that"
          " nothing free was found in time. Nothing was claimed; call claim_work again: it goes on"
          " from there.",
          0};
}

error not_registered_for(const std::string& capability, const std::vector<std::string>& has) {
  std::string list;
  for (const auto& one : has) {
    list += (list.empty() ? "" : ", ") + one_line(one);
  }
  return {ec::invalid_argument,
          "capability: this agent is not registered for \"" + one_line(capability)
            + "\", only for: " + (list.empty() ? "nothing" : list)
            + ". Add it with update_presence, or leave capability out to claim whatever this agent"
              " can do.",
          0};
}

} // namespace

claim_desk::claim_desk(surroundings around)
  : around_{std::move(around)} {
  // nop
}

caf::result<tools::claim_work_result> claim_desk::claim(claim_work request) {
  if (claims_.size() >= limits::claims_open_max) {
    return to_caf(busy());
  }
  if (around_.held->size() + claims_.size() >= limits::work_held_max) {
    return to_caf(hands_full(around_.held->size(), claims_.size()));
  }
  auto promise = around_.owner->make_response_promise<tools::claim_work_result>();
  const auto id = claim_id{++numbers_};
  open_claim claim;
  claim.call = request.call;
  claim.promise = {promise, around_.part};
  claim.capability = std::move(request.arguments.capability);
  claim.since = now();
  claim.timeout = request.arguments.timeout;
  claim.deadline = request.deadline;
  claim.look_time = request.deadline - claim.since;
  claims_.emplace(id, std::move(claim));
  begin(id);
  return promise;
}

void claim_desk::cancel(call_id call) {
  const auto found = std::find_if(claims_.begin(), claims_.end(),
                                  [call](const auto& one) { return one.second.call == call; });
  if (found != claims_.end()) {
    fail(found->first, cancelled());
  }
}

void claim_desk::fail_all(const error& why) {
  while (!claims_.empty()) {
    fail(claims_.begin()->first, why);
  }
}

claim_desk::open_claim* claim_desk::find(claim_id id) {
  const auto found = claims_.find(id);
  return found == claims_.end() ? nullptr : &found->second;
}

std::vector<std::string> claim_desk::capabilities_of(const open_claim& claim) const {
  auto all = around_.who->capabilities;
  if (claim.capability) {
    std::erase_if(
      all, [&](const std::string& one) { return !equal_but_for_case(one, *claim.capability); });
  }
  return all;
}

std::set<std::string> claim_desk::patterns_of(const open_claim& claim) const {
  std::set<std::string> tokens{work::personal_token(around_.who->guid)};
  for (const auto& one : capabilities_of(claim)) {
    tokens.insert(work::capability_token(one));
  }
  std::set<std::string> out;
  for (const auto& token : tokens) {
    out.insert(work::lanes_pattern(work::public_scope, token));
    out.insert(work::lanes_pattern(around_.who->project_id, token));
  }
  return out;
}

// -- one look ----------------------------------------------------------------------------------

void claim_desk::begin(claim_id id) {
  auto& claim = *find(id);
  claim.at = stage::looking;
  ask<agent_identity>(
    around_.owner, around_.registry, confirm_identity{claim.deadline}, "registry",
    [this, id](const agent_identity& who) {
      around_.identified(who);
      prepare(id);
    },
    [this, id](const error& why) {
      if (why.code == ec::not_found || why.code == ec::conflict) {
        fail(id, why); // it is no agent, or not this one any more
      } else {
        failed(id, why);
      }
    });
}

void claim_desk::prepare(claim_id id) {
  const auto* claim = find(id);
  if (claim == nullptr) {
    return;
  }
  if (claim->capability && capabilities_of(*claim).empty()) {
    fail(id, not_registered_for(*claim->capability, around_.who->capabilities));
    return;
  }
  const auto deadline = claim->deadline;
  around_.streams->ensure(deadline, [this, id, deadline](const result<void>& there) {
    if (!there) {
      failed(id, there.error());
      return;
    }
    around_.time->know(deadline, [this, id](const result<agents::server_clock>& time) {
      if (time) {
        look(id);
      } else {
        failed(id, time.error());
      }
    });
  });
}

void claim_desk::look(claim_id id) {
  auto* claim = find(id);
  if (claim == nullptr) {
    return;
  }
  claim->listened = around_.hints->settled(patterns_of(*claim));
  lane_search::request what;
  what.personal_token = work::personal_token(around_.who->guid);
  for (const auto& one : capabilities_of(*claim)) {
    what.tokens.push_back(work::capability_token(one));
  }
  what.scopes = {std::string{work::public_scope}, around_.who->project_id};
  what.worker = {around_.who->guid, around_.who->handle};
  what.session_id = around_.who->session_id;
  what.hold = around_.hold;
  what.announced = std::exchange(claim->announced, std::nullopt);
  what.deadline = claim->deadline;
  what.wanted = [this, id] { return find(id) != nullptr; };
  around_.search->look(std::move(what), [this, id](result<lane_search::finding> found) {
    looked(id, std::move(found));
  });
}

void claim_desk::looked(claim_id id, result<lane_search::finding> found) {
  if (!found) {
    failed(id, found.error());
    return;
  }
  std::visit(overloaded{
               [&](const lane_search::nothing& none) {
                 if (none.gave_up) {
                   look_further(id);
                 } else {
                   found_nothing(id);
                 }
               },
               [&](lane_search::taken& item) { took(id, std::move(item)); },
               [&](lane_search::doubtful& item) {
                 around_.unwanted->give_back({std::move(item.item_id), std::move(item.claim_id),
                                              std::nullopt, std::move(item.handle)});
                 failed(id, item.why);
               },
             },
             *found);
}

void claim_desk::took(claim_id id, lane_search::taken item) {
  const auto* claim = find(id);
  if (claim == nullptr) { // its caller withdrew, or this is another agent now
    auto item_id = item.found.record.item.id;
    around_.unwanted->give_back({std::move(item_id), std::move(item.claim_id),
                                 std::move(item.found), std::move(item.handle)});
    return;
  }
  held_lease lease;
  lease.claim_id = std::move(item.claim_id);
  lease.found = std::move(item.found);
  lease.handle = std::move(item.handle);
  lease.full_lease = std::chrono::duration_cast<std::chrono::milliseconds>(lease.handle.ack_wait);
  lease.leased_at = lease.handle.since;
  lease.hold_end = lease.handle.since + around_.hold;
  lease.unshown = claim->call;
  auto fact = work::claimed_fact(lease.found, around_.hold);
  const auto announced = claim->announced;
  around_.held->hold(std::move(lease)); // remembered before anybody is told of it
  answer(id, std::move(fact));
  if (announced) {
    hint(*announced); // it is for another one that waits
  }
}

void claim_desk::found_nothing(claim_id id) {
  auto* claim = find(id);
  if (claim == nullptr) {
    return;
  }
  claim->looked = true;
  claim->repeated = false;
  if (claim->timeout.count() == 0 || claim->time_over) {
    answer(id, std::nullopt);
  } else {
    keep_waiting(id, after_look::found_nothing);
  }
}

void claim_desk::look_further(claim_id id) {
  const auto* claim = find(id);
  if (claim != nullptr && now() >= claim->deadline) {
    failed(id, much_in_the_way());
  } else {
    look(id); // what was in the way rests, or is gone
  }
}

void claim_desk::failed(claim_id id, const error& why) {
  auto* claim = find(id);
  if (claim == nullptr) {
    return;
  }
  if (why.code == ec::not_found && !std::exchange(claim->repeated, true)) {
    // A stream was deleted while we ran.
    around_.streams->forget();
    around_.lanes->forget_all();
    begin(id);
  } else if (!claim->looked || claim->time_over) {
    fail(id, why);
  } else {
    keep_waiting(id, after_look::failed);
  }
}

// -- the end -----------------------------------------------------------------------------------

void claim_desk::answer(claim_id id, std::optional<tools::claimed_work> work) {
  auto node = claims_.extract(id);
  auto& claim = node.mapped();
  tools::claim_work_result out;
  out.work = std::move(work);
  out.capabilities = capabilities_of(claim);
  out.waited = std::min(std::chrono::duration_cast<std::chrono::milliseconds>(now() - claim.since),
                        claim.timeout);
  claim.promise.deliver(std::move(out));
  listen();
}

void claim_desk::fail(claim_id id, const error& why) {
  auto node = claims_.extract(id);
  if (!node.empty()) {
    node.mapped().promise.fail(why);
    listen();
  }
}

monotonic_time claim_desk::now() const { return around_.owner->clock().now(); }

} // namespace nats_mcp
