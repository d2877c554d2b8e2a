// SPDX-License-Identifier: MIT
#include "protocol/tools/work_lookup_fields.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"
#include "protocol/tools/work_fact_fields.hpp"

namespace nats_mcp::json {

using namespace tools;

const field_table<get_work_status_arguments>& described<get_work_status_arguments>::fields() {
  using arguments = get_work_status_arguments;
  static const field_table<arguments> table{{
    member<arguments>(&arguments::work_item_id,
                      work_item_id_argument(presence::optional, "Either this or taskId.")),
    member<arguments>(&arguments::task_id, {.name = "taskId",
                                            .doc = "All its items.",
                                            .length_min = 1,
                                            .length_max = limits::task_id_characters_max,
                                            .example = R"("feature-123")"}),
  }};
  return table;
}

const field_table<get_work_status_result>& described<get_work_status_result>::fields() {
  using outcome = get_work_status_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::items, fact("items", "Oldest first.")),
    member<outcome>(&outcome::more, fact("more", "The task has items that are not shown.")),
  }};
  return table;
}

const field_table<list_work_arguments>& described<list_work_arguments>::fields() {
  using arguments = list_work_arguments;
  static const field_table<arguments> table{{
    member<arguments>(
      &arguments::capability,
      {.name = "capability", .rule = &capability_rule(), .example = R"("typescript")"}),
    member<arguments>(
      &arguments::state,
      {.name = "state", .doc = "Default: pending and claimed.", .example = R"("pending")"}),
    member<arguments>(
      &arguments::limit,
      {.name = "limit", .minimum = 1, .maximum = limits::work_listed_max, .example = "10"}),
    member<arguments>(&arguments::cursor, cursor_argument()),
  }};
  return table;
}

const field_table<list_work_result>& described<list_work_result>::fields() {
  using outcome = list_work_result;
  static const field_table<outcome> table{{
    member<outcome>(&outcome::items, fact("items", "Those unchanged for the longest first.")),
    member<outcome>(&outcome::next_cursor,
                    {.name = "nextCursor", .doc = "Absent: these were the last."}),
  }};
  return table;
}

} // namespace nats_mcp::json
