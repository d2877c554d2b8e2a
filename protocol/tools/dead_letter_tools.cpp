// SPDX-License-Identifier: MIT
#include "protocol/tools/dead_letter_tools.hpp"

#include "protocol/text.hpp"
#include "protocol/tools/dead_letter_fields.hpp"
#include "protocol/tools/shown_work.hpp"
#include "protocol/tools/tool_fields.hpp"

namespace nats_mcp::tools {

template result<list_dead_letter_items_arguments> decode_arguments(const json::value&);
template result<retry_dead_letter_item_arguments> decode_arguments(const json::value&);
template result<discard_dead_letter_item_arguments> decode_arguments(const json::value&);
template json::value structured(const list_dead_letter_items_result&);
template json::value structured(const retry_dead_letter_item_result&);
template json::value structured(const discard_dead_letter_item_result&);

namespace {

std::string block(const dead_letter_item& item) {
  return "\n\n---\n**ID:** " + one_line(item.id) + "\n**Task ID:** " + one_line(item.task_id)
         + "\n**Capability:** " + one_line(item.capability) + "\n**Failed At:** "
         + one_line(item.failed_at) + "\n**Attempts:** " + std::to_string(item.attempts)
         + "\n**Reason:** " + one_line(item.reason)
         + titled("Description", one_line(preview_of(item.description)))
         + shown_attempts(item.history);
}

std::string retried_opening(const retry_dead_letter_item_result& outcome) {
  if (outcome.item_id) {
    return "Work item retried successfully!";
  }
  return outcome.retried == 0 ? "No work item was retried."
                              : counted(outcome.retried, "work item") + " retried successfully!";
}

} // namespace

result<void> check(const retry_dead_letter_item_arguments& arguments) {
  if (arguments.item_id && arguments.capability) {
    return fail(ec::invalid_argument,
                "Arguments \"itemId\" and \"capability\" were both given, but only one of them is "
                "allowed. Leave \"capability\" out to retry this item alone; nothing was retried.");
  }
  if (!arguments.item_id && !arguments.capability) {
    return fail(ec::invalid_argument,
                "Neither \"itemId\" nor \"capability\" was given; one of them is needed to say "
                "what to retry. Example: \"itemId\": \"550e8400-e29b-41d4-a716-446655440000\". "
                "list_dead_letter_items shows what there is.");
  }
  return {};
}

std::string render(const list_dead_letter_items_result& outcome) {
  std::string out;
  if (!outcome.items.empty()) {
    out = "## Dead Letter Queue Items (" + counted(outcome.items.size(), "item") + ")";
    for (const auto& item : outcome.items) {
      out += block(item);
    }
  } else if (outcome.next_cursor.empty()) {
    return "No dead letter items.";
  } else {
    out = "No dead letter items up to here; there are more to look at.";
  }
  return outcome.next_cursor.empty() ? out
                                     : out + "\n\nNext: cursor=" + one_line(outcome.next_cursor);
}

std::string render(const retry_dead_letter_item_result& outcome) {
  if (!outcome.item_id && outcome.retried == 0 && outcome.failures.empty() && !outcome.more) {
    return "No dead letter items for: " + one_line(outcome.capability);
  }
  auto out = retried_opening(outcome);
  if (outcome.retried > 0) {
    out += "\n- Moved back to work queue: " + one_line(outcome.capability) + "\n- Attempts reset: "
           + (outcome.attempts_reset ? "yes" : "no (exactly one more attempt)");
  }
  if (!outcome.failures.empty()) {
    out += "\n- Not retried: " + counted(outcome.failed, "item");
    for (const auto& failure : outcome.failures) {
      out += "\n  - " + one_line(failure.item_id) + ": " + one_line(failure.reason);
    }
    if (outcome.failed > outcome.failures.size()) {
      out += "\n  - and " + std::to_string(outcome.failed - outcome.failures.size()) + " more";
    }
  }
  return outcome.more ? out + "\n- More left: call retry_dead_letter_item again" : out;
}

std::string render(const discard_dead_letter_item_result& /*outcome*/) {
  return "Work item discarded successfully.";
}

std::vector<tool_declaration> dead_letter_tools() {
  return {
    declared<list_dead_letter_items_arguments, list_dead_letter_items_result>(
      {.name = "list_dead_letter_items",
       .title = "List dead letters",
       .description = "Show work that nobody gets any more, because its attempts are used up, it "
                      "failed for good or its deadline passed: why, and every attempt.",
       .annotations = {.read_only = true},
       .set = tool_set::dead_letters}),
    declared<retry_dead_letter_item_arguments, retry_dead_letter_item_result>(
      {.name = "retry_dead_letter_item",
       .title = "Retry dead letters",
       .description = "Put a dead letter item, or all of a capability, back into the work queue.",
       .annotations = {.destructive = false},
       .set = tool_set::dead_letters}),
    declared<discard_dead_letter_item_arguments, discard_dead_letter_item_result>(
      {.name = "discard_dead_letter_item",
       .title = "Discard a dead letter",
       .description = "Remove a dead letter item for good. This cannot be undone.",
       .annotations = {.idempotent = true},
       .set = tool_set::dead_letters}),
  };
}

} // namespace nats_mcp::tools
