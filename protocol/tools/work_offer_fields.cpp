// SPDX-License-Identifier: MIT
#include "protocol/tools/work_offer_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"
#include "protocol/tools/work_fact_fields.hpp"
#include "protocol/tools/work_rules.hpp"
#include "protocol/work/lanes.hpp"

namespace nats_mcp::json {

using namespace tools;

namespace {

field_rules capability_argument(std::string_view name, std::string_view doc) {
  return {.name = name, .doc = doc, .rule = &capability_rule(), .example = R"("typescript")"};
}

} // namespace

const field_table<broadcast_work_offer_arguments>&
described<broadcast_work_offer_arguments>::fields() {
  using offer = broadcast_work_offer_arguments;
  static const field_table<offer> table{{
    member<offer>(&offer::task_id, {.name = "taskId",
                                    .doc = "Your name for the task.",
                                    .need = presence::required,
                                    .length_min = 1,
                                    .length_max = limits::task_id_characters_max,
                                    .example = R"("feature-123")"}),
    member<offer>(&offer::capability,
                  capability_argument("capability", "Needed: what a worker must be able to do.")),
    member<offer>(&offer::required_capability,
                  capability_argument("requiredCapability", "Older name of capability.")),
    member<offer>(&offer::description, {.name = "description",
                                        .need = presence::required,
                                        .rule = &description_rule(),
                                        .example = R"("Implement user auth")"}),
    member<offer>(&offer::priority, {.name = "priority",
                                     .doc = "10 is most urgent.",
                                     .minimum = work::priority_min,
                                     .maximum = work::priority_max,
                                     .example = "7"}),
    member<offer>(&offer::deadline, {.name = "deadline",
                                     .doc = "Nobody gets it later (RFC 3339). Default: in 7 days.",
                                     .rule = &time_rule(),
                                     .example = R"("2026-01-15T10:00:00Z")"}),
    member<offer>(&offer::context_data, {.name = "contextData",
                                         .doc = "What a worker needs to know.",
                                         .example = R"({"branch": "main"})"}),
    member<offer>(&offer::scope,
                  {.name = "scope", .doc = "Who may take it.", .example = R"("project")"}),
    member<offer>(&offer::assign_to, {.name = "assignTo",
                                      .doc = "GUID of the only agent that gets it.",
                                      .rule = &guid_rule(),
                                      .example = R"("123e4567-e89b-12d3-a456-426614174000")"}),
    member<offer>(&offer::idempotency_key, {.name = "idempotencyKey",
                                            .doc = "The same key gives the same item.",
                                            .length_min = 1,
                                            .length_max = limits::idempotency_key_characters_max,
                                            .example = R"("feature-123-auth")"}),
    member<offer>(
      &offer::notify_claim,
      {.name = "notifyClaim", .doc = "Be told when somebody takes it.", .example = "true"}),
    member<offer>(&offer::coordinated,
                  {.name = "coordinated",
                   .doc = "A coordinator chooses the worker, and the next one if that fails.",
                   .example = "true"}),
    member<offer>(&offer::preferred_worker,
                  {.name = "preferredWorker",
                   .doc = "GUID of whom a coordinator asks first.",
                   .rule = &guid_rule(),
                   .example = R"("123e4567-e89b-12d3-a456-426614174000")"}),
  }};
  return table;
}

const field_table<broadcast_work_offer_result>& described<broadcast_work_offer_result>::fields() {
  using outcome = broadcast_work_offer_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::work_item_id, required("workItemId")),
    member<outcome>(&outcome::task_id, required("taskId")),
    member<outcome>(&outcome::capability, required("capability")),
    member<outcome>(&outcome::priority, required("priority")),
    member<outcome>(&outcome::deadline, required("deadline")),
    member<outcome>(
      &outcome::offered_before,
      fact("offeredBefore", "The key was used for it before; nothing was published.")),
    member<outcome>(&outcome::differs,
                    {.name = "differs", .doc = "Arguments that were others then."}),
    member<outcome>(&outcome::assigned_to,
                    {.name = "assignedTo", .doc = "The only agent that gets it."}),
    member<outcome>(&outcome::coordinated,
                    fact("coordinated", "A coordinator gives it to one worker after another.")),
    member<outcome>(&outcome::state,
                    {.name = "state",
                     .doc = "Of an item offered before; one that is neither pending nor claimed "
                            "is over."}),
  }};
  return table;
}

const field_table<cancel_work_arguments>& described<cancel_work_arguments>::fields() {
  using arguments = cancel_work_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::work_item_id, work_item_id_argument(presence::required, {})),
    member<arguments>(
      &arguments::reason,
      {.name = "reason", .rule = &note_rule(), .example = R"("The feature was dropped.")"}),
  }};
  return table;
}

const field_table<cancel_work_result>& described<cancel_work_result>::fields() {
  using outcome = cancel_work_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::work_item_id, required("workItemId")),
    member<outcome>(&outcome::taken_from,
                    {.name = "takenFrom", .doc = "The handle of whoever worked on it."}),
    member<outcome>(&outcome::cancelled_before,
                    fact("cancelledBefore", "It was cancelled before; nothing changed.")),
  }};
  return table;
}

} // namespace nats_mcp::json
