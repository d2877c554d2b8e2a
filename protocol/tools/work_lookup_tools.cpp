// SPDX-License-Identifier: MIT
#include "protocol/tools/work_lookup_tools.hpp"

#include "protocol/text.hpp"
#include "protocol/tools/shown_text.hpp"
#include "protocol/tools/shown_work.hpp"
#include "protocol/tools/tool_fields.hpp"
#include "protocol/tools/work_lookup_fields.hpp"

namespace nats_mcp::tools {

template result<get_work_status_arguments> decode_arguments(const json::value&);
template result<list_work_arguments> decode_arguments(const json::value&);
template json::value structured(const get_work_status_result&);
template json::value structured(const list_work_result&);

namespace {

/// Who chooses its worker, and how far that has come.
std::string shown_coordination(const work_summary& item) {
  if (!item.coordinated) {
    return {};
  }
  std::string how = "by a coordinator";
  if (item.state == work_state::pending && item.assigned_to.empty()) {
    how += ", which has not chosen a worker yet";
  } else if (!item.assigned_until.empty()) {
    how += "; unclaimed until " + one_line(item.assigned_until) + ", somebody else gets it";
  }
  return titled("Coordinated", how);
}

/// How a block about an item begins, in the list and in the status.
std::string opening(const work_summary& item) {
  return "\n\n---\n**ID:** " + one_line(item.work_item_id) + "\n**Task ID:** "
         + one_line(item.task_id) + "\n**Capability:** " + one_line(item.capability)
         + "\n**Priority:** " + std::to_string(item.priority) + titled("Scope", item.scope)
         + titled("Assigned To", one_line(item.assigned_to)) + shown_coordination(item)
         + "\n**State:** " + shown_state(item);
}

std::string block(const work_summary& item) {
  return opening(item) + "\n**Updated:** " + one_line(item.updated_at) + "\n**Description:** "
         + one_line(preview_of(item.description));
}

std::string block(const work_status& item) {
  auto out = opening(item.summary);
  if (!item.worker_guid.empty()) {
    out += "\n**Worker:** " + named(item.summary.worker_handle, item.worker_guid);
  }
  out += titled("Lease Until", one_line(item.lease_until))
         + titled("Not Before", one_line(item.not_before)) + "\n**Deadline:** "
         + one_line(item.deadline) + "\n**Offered By:** "
         + named(item.offered_by_handle, item.offered_by_guid) + " at " + one_line(item.offered_at)
         + "\n**Updated:** " + one_line(item.summary.updated_at) + titled("Reason", item.reason)
         + titled("Summary", item.completion_summary) + titled_object("Result", item.result)
         + shown_attempts(item.attempts);
  if (item.attempts.empty() || item.attempts.back().note != item.note) {
    out += titled("Note", item.note);
  }
  return out + "\n\n" + shown_as_lines(item.summary.description);
}

} // namespace

result<void> check(const get_work_status_arguments& arguments) {
  if (arguments.work_item_id && arguments.task_id) {
    return fail(ec::invalid_argument,
                "Arguments \"workItemId\" and \"taskId\" were both given, but only one of them is "
                "allowed. Leave \"taskId\" out.");
  }
  if (!arguments.work_item_id && !arguments.task_id) {
    return fail(ec::invalid_argument,
                "Neither \"workItemId\" nor \"taskId\" was given; one of them is needed to say "
                "which work is meant. Example: \"taskId\": \"feature-123\". list_work shows what "
                "there is.");
  }
  return {};
}

std::string render(const get_work_status_result& outcome) {
  auto out = "## Work Status (" + counted(outcome.items.size(), "item")
             + (outcome.more ? "; the task has more)" : ")");
  for (const auto& item : outcome.items) {
    out += block(item);
  }
  return out;
}

std::string render(const list_work_result& outcome) {
  std::string out;
  if (!outcome.items.empty()) {
    out = "## Work Items (" + counted(outcome.items.size(), "item") + ")";
    for (const auto& item : outcome.items) {
      out += block(item);
    }
  } else if (outcome.next_cursor.empty()) {
    return "No work items that match. Without \"state\", only those pending or claimed are shown.";
  } else {
    out = "No work items that match up to here; there are more to look at.";
  }
  return outcome.next_cursor.empty() ? out
                                     : out + "\n\nNext: cursor=" + one_line(outcome.next_cursor);
}

std::vector<tool_declaration> work_lookup_tools() {
  return {
    declared<get_work_status_arguments, get_work_status_result>(
      {.name = "get_work_status",
       .title = "Show the status of work",
       .description = "Show everything about a work item, or all items of a task: state, holder, "
                      "progress, result, every attempt.",
       .annotations = {.read_only = true},
       .set = tool_set::work}),
    declared<list_work_arguments, list_work_result>(
      {.name = "list_work",
       .title = "List work",
       .description = "Show what work there is, without claiming any of it.",
       .annotations = {.read_only = true},
       .set = tool_set::work}),
  };
}

} // namespace nats_mcp::tools
