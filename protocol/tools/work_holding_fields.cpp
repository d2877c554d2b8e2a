// SPDX-License-Identifier: MIT
#include "protocol/tools/work_holding_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"
#include "protocol/tools/work_fact_fields.hpp"
#include "protocol/tools/work_rules.hpp"

namespace nats_mcp::json {

using namespace tools;

namespace {

field_rules held_item() { return work_item_id_argument(presence::required, {}); }

} // namespace

const field_table<claim_work_arguments>& described<claim_work_arguments>::fields() {
  using arguments = claim_work_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::capability, {.name = "capability",
                                               .doc = "Default: all you registered.",
                                               .rule = &capability_rule(),
                                               .example = R"("typescript")"}),
    member<arguments>(&arguments::timeout, {.name = "timeout",
                                            .doc = "How long to wait for work, ms.",
                                            .minimum = 0,
                                            .maximum = limits::claim_wait_max.count(),
                                            .example = "30000"}),
  }};
  return table;
}

const field_table<claimed_work>& described<claimed_work>::fields() {
  using item = claimed_work;
  static const field_table<item> table{{
    member<item>(&item::work_item_id, required("workItemId")),
    member<item>(&item::task_id, required("taskId")),
    member<item>(&item::capability, required("capability")),
    member<item>(&item::priority, required("priority")),
    member<item>(&item::attempt, required("attempt")),
    member<item>(&item::attempts_max, required("attemptsMax")),
    member<item>(&item::lease, required("lease")),
    member<item>(&item::deadline, required("deadline")),
    member<item>(&item::offered_by_guid, required("offeredByGuid")),
    member<item>(&item::offered_by_handle, required("offeredByHandle")),
    member<item>(&item::offered_at, required("offeredAt")),
    member<item>(&item::description, fact("description", "As the offerer wrote it.")),
    member<item>(&item::context_data, required("contextData")),
    member<item>(&item::earlier_attempts, fact("earlierAttempts", "Oldest first.")),
  }};
  return table;
}

const field_table<claim_work_result>& described<claim_work_result>::fields() {
  using outcome = claim_work_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::work, {.name = "work", .doc = "Absent: there was none."}),
    member<outcome>(&outcome::capabilities, fact("capabilities", "What was looked for.")),
    member<outcome>(&outcome::waited, fact("waited", "How long, ms.")),
  }};
  return table;
}

const field_table<report_progress_arguments>& described<report_progress_arguments>::fields() {
  using arguments = report_progress_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::work_item_id, held_item()),
    member<arguments>(&arguments::progress, {.name = "progress",
                                             .doc = "Percent.",
                                             .minimum = 0,
                                             .maximum = limits::work_progress_max,
                                             .example = "40"}),
    member<arguments>(&arguments::note, {.name = "note",
                                         .doc = "Whoever tries after you reads it.",
                                         .rule = &note_rule(),
                                         .example = R"("The schema is done.")"}),
  }};
  return table;
}

const field_table<report_progress_result>& described<report_progress_result>::fields() {
  using outcome = report_progress_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::work_item_id, required("workItemId")),
    member<outcome>(&outcome::progress, {.name = "progress"}),
    member<outcome>(&outcome::lease, required("lease")),
  }};
  return table;
}

const field_table<complete_work_arguments>& described<complete_work_arguments>::fields() {
  using arguments = complete_work_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::work_item_id, held_item()),
    member<arguments>(
      &arguments::summary,
      {.name = "summary", .rule = &note_rule(), .example = R"("Auth works; see PR #42.")"}),
    member<arguments>(&arguments::result, {.name = "result", .example = R"({"pullRequest": 42})"}),
  }};
  return table;
}

const field_table<complete_work_result>& described<complete_work_result>::fields() {
  using outcome = complete_work_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::work_item_id, required("workItemId")),
    member<outcome>(&outcome::task_id, required("taskId")),
    member<outcome>(&outcome::completed_before,
                    fact("completedBefore", "With this result before; nothing changed.")),
  }};
  return table;
}

const field_table<fail_work_arguments>& described<fail_work_arguments>::fields() {
  using arguments = fail_work_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::work_item_id, held_item()),
    member<arguments>(&arguments::error, {.name = "error",
                                          .doc = "What went wrong.",
                                          .need = presence::required,
                                          .rule = &note_rule(),
                                          .example = R"("The tests do not compile.")"}),
    member<arguments>(
      &arguments::retryable,
      {.name = "retryable", .doc = "false: nobody tries again.", .example = "false"}),
    member<arguments>(&arguments::retry_after, {.name = "retryAfter",
                                                .doc = "Until the next attempt, ms.",
                                                .minimum = 0,
                                                .maximum = limits::work_retry_after_max.count(),
                                                .example = "60000"}),
  }};
  return table;
}

const field_table<fail_work_result>& described<fail_work_result>::fields() {
  using outcome = fail_work_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::work_item_id, required("workItemId")),
    member<outcome>(&outcome::retried,
                    fact("retried", "It is tried again; else it is with the dead letters.")),
    member<outcome>(&outcome::attempt, fact("attempt", "The next one, if it is tried again.")),
    member<outcome>(&outcome::attempts_max, required("attemptsMax")),
    member<outcome>(&outcome::not_before, {.name = "notBefore", .doc = "Nobody gets it before."}),
    member<outcome>(&outcome::reason, {.name = "reason", .doc = "Why it is dead."}),
    member<outcome>(&outcome::not_listed,
                    {.name = "notListed", .doc = "Why it is no dead letter yet."}),
  }};
  return table;
}

const field_table<release_work_arguments>& described<release_work_arguments>::fields() {
  static const field_table<release_work_arguments> table{{
    member<release_work_arguments>(&release_work_arguments::work_item_id, held_item()),
  }};
  return table;
}

const field_table<release_work_result>& described<release_work_result>::fields() {
  using outcome = release_work_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::work_item_id, required("workItemId")),
    member<outcome>(&outcome::capability, required("capability")),
  }};
  return table;
}

} // namespace nats_mcp::json
