// SPDX-License-Identifier: MIT
#include "actors/work/work_offers.hpp"

#include "protocol/coordination/submission.hpp"
#include "protocol/hash.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/work/facts.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace nats_mcp {

namespace {

/// When an item may no longer be worked on.
result<wall_time> deadline_of(const std::optional<std::string>& wanted, wall_time now) {
  if (!wanted) {
    return now + limits::work_deadline_default;
  }
  const auto at = parse_rfc3339(*wanted);
  if (!at) {
    return fail(ec::invalid_argument, "deadline: \"" + *wanted + "\" is no RFC 3339 time. Example: "
                                        + to_rfc3339(now + limits::work_deadline_default));
  }
  if (*at <= now) {
    return fail(ec::invalid_argument,
                "deadline: " + *wanted + " is over: it is " + to_rfc3339(now)
                  + " now. Nothing was offered; choose a time in the future.");
  }
  if (*at > now + limits::work_deadline_max) {
    return fail(ec::invalid_argument, "deadline: " + *wanted
                                        + " is too far away. The latest possible now is "
                                        + to_rfc3339(now + limits::work_deadline_max) + ".");
  }
  return *at;
}

/// Whether there is room for the item, its history and its result in one record.
/// @param max_payload the server's, in bytes; 0: not known.
result<void> check_size(const work::work_item& item, std::size_t max_payload) {
  const auto bytes = json::write(work::item_to_json(item)).size();
  const auto share = max_payload / 16 * limits::work_item_sixteenths_max;
  const auto bytes_max =
    max_payload == 0 ? limits::work_item_bytes_max : std::min(limits::work_item_bytes_max, share);
  if (bytes <= bytes_max) {
    return {};
  }
  return fail(
    ec::invalid_argument,
    "description and contextData: together, written as JSON, they make an item of "
      + std::to_string(bytes) + " bytes; allowed are " + std::to_string(bytes_max)
      + " on this NATS server. Nothing was offered; store what is large elsewhere and say where.");
}

struct described_offer {
  const work::work_item& item;
  bool is_coordinated = false;
};

/// Which arguments an offer under the same key had otherwise.
std::string differences(const described_offer& offered, const described_offer& before) {
  const auto& now = offered.item;
  const auto& then = before.item;
  std::string out;
  const auto name = [&out](bool differs, std::string_view what) {
    if (differs) {
      out.append(out.empty() ? "" : ", ").append(what);
    }
  };
  name(now.task_id != then.task_id, "taskId");
  name(!equal_but_for_case(now.capability, then.capability), "capability");
  name(now.description != then.description, "description");
  name(now.priority != then.priority, "priority");
  name(now.context != then.context, "contextData");
  name(now.scope != then.scope, "scope");
  name(offered.is_coordinated != before.is_coordinated, "coordinated");
  // Of what a coordinator sees to it is the worker of the moment.
  name(!before.is_coordinated && now.assigned_to != then.assigned_to, "assignTo");
  return out;
}

} // namespace

work_offers::work_offers(surroundings around)
  : around_{std::move(around)} {
  // nop
}

caf::result<tools::broadcast_work_offer_result> work_offers::offer(offer_work request) {
  auto promise = around_.owner->make_response_promise<tools::broadcast_work_offer_result>();
  const auto offer = std::make_shared<open_offer>();
  offer->promise = {promise, around_.part};
  offer->arguments = std::move(request.arguments);
  offer->deadline = request.deadline;
  ask<agent_identity>(
    around_.owner, around_.registry, confirm_identity{offer->deadline}, "registry",
    [this, offer](const agent_identity& who) {
      around_.identified(who);
      if (const auto sound = describe(*offer, who)) {
        publish(offer);
      } else {
        offer->promise.fail(sound.error());
      }
    },
    [offer](const error& why) { offer->promise.fail(why); });
  return promise;
}

result<void> work_offers::describe(open_offer& offer, const agent_identity& who) const {
  auto& given = offer.arguments;
  auto& item = offer.item;
  item.offered_at = around_.world.wall_clock();
  const auto deadline = deadline_of(given.deadline, item.offered_at);
  if (!deadline) {
    return tl::make_unexpected(deadline.error());
  }
  item.deadline = *deadline;
  if (given.idempotency_key) {
    auto id = make_name_uuid(who.project_id, *given.idempotency_key);
    if (!id) {
      return tl::make_unexpected(id.error());
    }
    item.id = std::move(*id);
    offer.novelty = work::offering::novelty::to_be_seen;
  } else {
    item.id = make_uuid(around_.world.random);
  }
  item.capability = tools::capability_of(given);
  item.task_id = std::move(given.task_id);
  item.description = std::move(given.description);
  item.priority = static_cast<int>(given.priority);
  item.context = std::move(given.context_data);
  item.scope =
    given.scope == tools::work_scope::project ? who.project_id : std::string{work::public_scope};
  item.assigned_to = given.assign_to.value_or(std::string{});
  item.offered_by = {who.guid, who.handle};
  item.attempts_max = around_.attempts_max;
  item.notify_claim = given.notify_claim;
  return {};
}

void work_offers::publish(const offer_ptr& offer) {
  const auto there = [this, offer](const result<void>& ready) {
    if (ready) {
      measure(offer);
    } else {
      offer->promise.fail(ready.error());
    }
  };
  if (offer->arguments.coordinated) {
    around_.streams->ensure_with_requests(offer->deadline, there);
  } else {
    around_.streams->ensure(offer->deadline, there);
  }
}

void work_offers::measure(const offer_ptr& offer) {
  // Connected: what the server takes is known now.
  ask<jetstream::gateway_status>(
    around_.owner, around_.gateway, gateway_status_query{}, "gateway",
    [this, offer](const jetstream::gateway_status& status) {
      if (const auto fits = check_size(offer->item, status.max_payload_bytes); !fits) {
        offer->promise.fail(fits.error());
      } else {
        store(offer);
      }
    },
    [offer](const error& why) { offer->promise.fail(why); });
}

void work_offers::store(const offer_ptr& offer) {
  const auto decided = [this, offer](const auto& run) { ended(offer, *run.end()); };
  auto world = around_.scripts->world(offer->item.offered_by);
  if (offer->arguments.coordinated) {
    coordination::assignment_request request{
      offer->item, offer->arguments.preferred_worker.value_or(std::string{})};
    around_.scripts->run<coordination::submission>(
      std::make_shared<coordination::submission>(std::move(request), offer->novelty,
                                                 std::move(world)),
      offer->deadline, decided);
  } else {
    around_.scripts->run<work::offering>(
      std::make_shared<work::offering>(offer->item, offer->novelty, std::move(world)),
      offer->deadline, decided);
  }
}

void work_offers::ended(const offer_ptr& offer, const result<work::offering::outcome>& end) {
  if (!end) {
    failed(offer, end.error());
    return;
  }
  const auto& item = end->item;
  const auto state =
    end->offered_before ? std::optional{work::state_fact(end->state)} : std::nullopt;
  offer->promise.deliver(
    {item.id, item.task_id, item.capability, item.priority, to_rfc3339(item.deadline),
     end->offered_before,
     differences({offer->item, offer->arguments.coordinated}, {item, end->is_coordinated}),
     item.assigned_to, end->is_coordinated, state});
}

void work_offers::failed(const offer_ptr& offer, const error& why) {
  if (why.code == ec::not_found && !std::exchange(offer->repeated, true)) {
    // The stream was deleted while we ran: nothing was stored, so begin again, once.
    around_.streams->forget();
    publish(offer);
    return;
  }
  offer->promise.fail(why);
}

} // namespace nats_mcp
