// SPDX-License-Identifier: MIT
#include "actors/work/work_offers.hpp"

#include "protocol/hash.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

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
result<void> check_size(const work::work_item& item) {
  const auto bytes = json::write(work::item_to_json(item)).size();
  if (bytes <= limits::work_item_bytes_max) {
    return {};
  }
  return fail(ec::invalid_argument,
              "description and contextData: together, written as JSON, they make an item of "
                + std::to_string(bytes) + " bytes; allowed are "
                + std::to_string(limits::work_item_bytes_max)
                + ". Nothing was offered; store what is large elsewhere and say where.");
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
  return check_size(item);
}

void work_offers::publish(const offer_ptr& offer) {
  around_.streams->ensure(offer->deadline, [this, offer](const result<void>& there) {
    if (!there) {
      offer->promise.fail(there.error());
      return;
    }
    const auto script = std::make_shared<work::offering>(
      offer->item, offer->novelty, around_.scripts->world(offer->item.offered_by));
    around_.scripts->run<work::offering>(
      script, offer->deadline, [this, offer](const work::offering& run) {
        const auto& end = *run.end();
        if (!end) {
          failed(offer, end.error());
          return;
        }
        const auto& item = end->item;
        offer->promise.deliver({item.id, item.task_id, item.capability, item.priority,
                                to_rfc3339(item.deadline), end->offered_before});
      });
  });
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
