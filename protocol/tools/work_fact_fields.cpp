// SPDX-License-Identifier: MIT
#include "protocol/tools/work_fact_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/tools/work_rules.hpp"

namespace nats_mcp::json {

using namespace tools;

namespace {

/// Of results: there when there is something to say.
constexpr field_rules when_known(std::string_view name) { return {.name = name}; }
constexpr field_rules limited_to() {
  return {.name = "scope", .doc = "project: only for its agents; absent: public."};
}
constexpr field_rules only_for() {
  return {.name = "assignedTo", .doc = "The only agent that gets it."};
}

field_rules by_coordinator() {
  return {.name = "coordinated", .doc = "A coordinator gives it to one worker after another."};
}

field_rules claimed_by() {
  return {.name = "assignedUntil", .doc = "Unclaimed until then, somebody else gets it."};
}

} // namespace

field_rules work_item_id_argument(presence need, std::string_view doc) {
  return {.name = "workItemId",
          .doc = doc,
          .need = need,
          .rule = &item_id_rule(),
          .example = R"("550e8400-e29b-41d4-a716-446655440000")"};
}

field_rules cursor_argument() {
  return {.name = "cursor",
          .doc = "The \"Next\" of an earlier answer.",
          .length_min = 1,
          .length_max = limits::filter_characters_max};
}

const field_table<work_lease>& described<work_lease>::fields() {
  static const field_table<work_lease> table{{
    member<work_lease>(&work_lease::until, required("until")),
    member<work_lease>(&work_lease::held_until,
                       {.name = "heldUntil", .doc = "Renewed by itself until then."}),
  }};
  return table;
}

const field_table<work_attempt>& described<work_attempt>::fields() {
  using one = work_attempt;
  static const field_table<one> table{{
    member<one>(&one::number, required("number")),
    member<one>(&one::worker_guid, required("workerGuid")),
    member<one>(&one::worker_handle, required("workerHandle")),
    member<one>(&one::started_at, required("startedAt")),
    member<one>(&one::ended_at, {.name = "endedAt", .doc = "Absent while it is under way."}),
    member<one>(&one::end,
                fact("end", "open, completed, failed, released, lease-over or cancelled.")),
    member<one>(&one::progress, when_known("progress")),
    member<one>(&one::error, when_known("error")),
    member<one>(&one::note, when_known("note")),
  }};
  return table;
}

const field_table<work_summary>& described<work_summary>::fields() {
  using item = work_summary;
  static const auto table = [] {
    auto description = member<item>(&item::description, fact("description", "How it begins."));
    description.encode = [](const item& from, const field_description&) -> value {
      return preview_of(from.description);
    };
    return field_table<item>{{
      member<item>(&item::work_item_id, required("workItemId")),
      member<item>(&item::task_id, required("taskId")),
      member<item>(&item::capability, required("capability")),
      member<item>(&item::priority, required("priority")),
      member<item>(&item::scope, limited_to()),
      member<item>(&item::assigned_to, only_for()),
      member<item>(&item::coordinated, by_coordinator()),
      member<item>(&item::assigned_until, claimed_by()),
      member<item>(&item::state, required("state")),
      member<item>(&item::worker_handle, when_known("workerHandle")),
      member<item>(&item::attempt, fact("attempt", "Attempts begun and not given back.")),
      member<item>(&item::attempts_max, required("attemptsMax")),
      member<item>(&item::progress, when_known("progress")),
      std::move(description),
      member<item>(&item::updated_at, required("updatedAt")),
    }};
  }();
  return table;
}

namespace {

/// A member of the summary as one of the status.
template <class Member>
field<work_status> of_summary(Member work_summary::*which, const field_rules& rules) {
  return member<work_status>(
    [which](auto& item) -> auto& { return item.summary.*which; }, rules);
}

} // namespace

const field_table<work_status>& described<work_status>::fields() {
  using item = work_status;
  static const field_table<item> table{{
    of_summary(&work_summary::work_item_id, required("workItemId")),
    of_summary(&work_summary::task_id, required("taskId")),
    of_summary(&work_summary::capability, required("capability")),
    of_summary(&work_summary::priority, required("priority")),
    of_summary(&work_summary::scope, limited_to()),
    of_summary(&work_summary::assigned_to, only_for()),
    of_summary(&work_summary::coordinated, by_coordinator()),
    of_summary(&work_summary::assigned_until, claimed_by()),
    of_summary(&work_summary::state, required("state")),
    member<item>(&item::worker_guid, when_known("workerGuid")),
    of_summary(&work_summary::worker_handle, when_known("workerHandle")),
    member<item>(&item::lease_until, when_known("leaseUntil")),
    of_summary(&work_summary::attempt, fact("attempt", "Attempts begun and not given back.")),
    of_summary(&work_summary::attempts_max, required("attemptsMax")),
    of_summary(&work_summary::progress, when_known("progress")),
    member<item>(&item::note, {.name = "note", .doc = "The last one a worker left."}),
    member<item>(&item::not_before, {.name = "notBefore", .doc = "Nobody gets it before."}),
    member<item>(&item::deadline, required("deadline")),
    member<item>(&item::offered_by_guid, required("offeredByGuid")),
    member<item>(&item::offered_by_handle, required("offeredByHandle")),
    member<item>(&item::offered_at, required("offeredAt")),
    of_summary(&work_summary::updated_at, required("updatedAt")),
    of_summary(&work_summary::description, required("description")),
    member<item>(&item::completion_summary,
                 {.name = "summary", .doc = "What its worker said when it was done."}),
    member<item>(&item::result, {.name = "result"}),
    member<item>(&item::reason, {.name = "reason", .doc = "Why it is dead or cancelled."}),
    member<item>(&item::attempts, fact("attempts", "Oldest first.")),
  }};
  return table;
}

} // namespace nats_mcp::json
