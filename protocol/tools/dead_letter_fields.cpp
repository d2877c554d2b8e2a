// SPDX-License-Identifier: MIT
#include "protocol/tools/dead_letter_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"
#include "protocol/tools/work_fact_fields.hpp"
#include "protocol/tools/work_rules.hpp"

namespace nats_mcp::json {

using namespace tools;

namespace {

field_rules item_id_argument(presence need, std::string_view doc) {
  return {.name = "itemId",
          .doc = doc,
          .need = need,
          .rule = &item_id_rule(),
          .example = R"("550e8400-e29b-41d4-a716-446655440000")"};
}

field_rules capability_argument(std::string_view doc) {
  return {
    .name = "capability", .doc = doc, .rule = &capability_rule(), .example = R"("typescript")"};
}

} // namespace

const field_table<list_dead_letter_items_arguments>&
described<list_dead_letter_items_arguments>::fields() {
  using arguments = list_dead_letter_items_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::capability, capability_argument({})),
    member<arguments>(
      &arguments::limit,
      {.name = "limit", .minimum = 1, .maximum = limits::dead_letters_listed_max, .example = "10"}),
    member<arguments>(&arguments::cursor, cursor_argument()),
  }};
  return table;
}

const field_table<dead_letter_item>& described<dead_letter_item>::fields() {
  using item = dead_letter_item;
  static const auto table = [] {
    auto description = member<item>(&item::description, fact("description", "How it begins."));
    description.encode = [](const item& from, const field_description&) -> value {
      return preview_of(from.description);
    };
    return field_table<item>{{
      member<item>(&item::id, required("id")),
      member<item>(&item::task_id, required("taskId")),
      member<item>(&item::capability, required("capability")),
      member<item>(&item::failed_at, required("failedAt")),
      member<item>(&item::attempts, required("attempts")),
      member<item>(&item::reason, required("reason")),
      std::move(description),
      member<item>(&item::history, fact("history", "Every attempt, oldest first.")),
    }};
  }();
  return table;
}

const field_table<list_dead_letter_items_result>&
described<list_dead_letter_items_result>::fields() {
  using outcome = list_dead_letter_items_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::items, fact("items", "Those that died first come first.")),
    member<outcome>(&outcome::next_cursor,
                    {.name = "nextCursor", .doc = "Absent: these were the last."}),
  }};
  return table;
}

const field_table<retry_dead_letter_item_arguments>&
described<retry_dead_letter_item_arguments>::fields() {
  using arguments = retry_dead_letter_item_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::item_id,
                      item_id_argument(presence::optional, "Either this or capability.")),
    member<arguments>(&arguments::capability, capability_argument("All items of it.")),
    member<arguments>(&arguments::reset_attempts,
                      {.name = "resetAttempts",
                       .doc = "All attempts again; else exactly one more.",
                       .example = "true"}),
  }};
  return table;
}

const field_table<retry_failure>& described<retry_failure>::fields() {
  static const field_table<retry_failure> table{{
    member<retry_failure>(&retry_failure::item_id, required("itemId")),
    member<retry_failure>(&retry_failure::reason, required("reason")),
  }};
  return table;
}

const field_table<retry_dead_letter_item_result>&
described<retry_dead_letter_item_result>::fields() {
  using outcome = retry_dead_letter_item_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::item_id,
                    {.name = "itemId", .doc = "Absent: all of the capability were meant."}),
    member<outcome>(&outcome::capability, required("capability")),
    member<outcome>(&outcome::attempts_reset, required("attemptsReset")),
    member<outcome>(&outcome::retried, fact("retried", "How many are back in the queue.")),
    member<outcome>(&outcome::failed, fact("failed", "How many are not.")),
    member<outcome>(&outcome::failures, {.name = "failures", .doc = "The first of those."}),
    member<outcome>(&outcome::more, fact("more", "There are more: call it again.")),
  }};
  return table;
}

const field_table<discard_dead_letter_item_arguments>&
described<discard_dead_letter_item_arguments>::fields() {
  using arguments = discard_dead_letter_item_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::item_id, item_id_argument(presence::required, {})),
  }};
  return table;
}

const field_table<discard_dead_letter_item_result>&
described<discard_dead_letter_item_result>::fields() {
  using outcome = discard_dead_letter_item_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::item_id, required("itemId")),
  }};
  return table;
}

} // namespace nats_mcp::json
