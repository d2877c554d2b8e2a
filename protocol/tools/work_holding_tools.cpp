// SPDX-License-Identifier: MIT
#include "protocol/tools/work_holding_tools.hpp"

#include "protocol/text.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/shown_text.hpp"
#include "protocol/tools/shown_work.hpp"
#include "protocol/tools/tool_fields.hpp"
#include "protocol/tools/work_holding_fields.hpp"
#include "protocol/tools/work_rules.hpp"

namespace nats_mcp::tools {

template result<claim_work_arguments> decode_arguments(const json::value&);
template result<report_progress_arguments> decode_arguments(const json::value&);
template result<complete_work_arguments> decode_arguments(const json::value&);
template result<fail_work_arguments> decode_arguments(const json::value&);
template result<release_work_arguments> decode_arguments(const json::value&);
template json::value structured(const claim_work_result&);
template json::value structured(const report_progress_result&);
template json::value structured(const complete_work_result&);
template json::value structured(const fail_work_result&);
template json::value structured(const release_work_result&);

namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) {
    out += (out.empty() ? "" : ", ") + one_line(text);
  }
  return out;
}

std::string in_vain(const claim_work_result& outcome) {
  if (outcome.capabilities.empty()) {
    return "No work available for you. You registered no capabilities, so that only work assigned "
           "to you is looked for; register_agent with \"capabilities\" changes that.";
  }
  const auto out = "No work available for: " + joined(outcome.capabilities);
  return outcome.waited.count() == 0 ? out
                                     : out + "\nWaited " + nats_mcp::to_text(outcome.waited) + ".";
}

std::string head(std::string_view opening, std::string_view work_item_id) {
  return std::string{opening} + "\n- Work Item ID: " + one_line(work_item_id);
}

} // namespace

result<void> check(const report_progress_arguments& arguments) {
  if (!arguments.progress && !arguments.note) {
    return fail(ec::invalid_argument,
                "Neither \"progress\" nor \"note\" was given; at least one of them is needed. "
                "Example: \"progress\": 40.");
  }
  return {};
}

result<void> check(const complete_work_arguments& arguments) {
  return check_size("result", arguments.result, R"({"pullRequest": 42})");
}

result<void> check(const fail_work_arguments& arguments) {
  if (!arguments.retryable && arguments.retry_after) {
    return fail(ec::invalid_argument,
                "Argument \"retryAfter\" was given although \"retryable\" is false, which says "
                "that nobody tries again. Leave one of them out; nothing was changed.");
  }
  return {};
}

std::string render(const claim_work_result& outcome) {
  if (!outcome.work) {
    return in_vain(outcome);
  }
  const auto& work = *outcome.work;
  auto out = head("Work claimed!", work.work_item_id) + "\n- Task ID: " + one_line(work.task_id)
             + "\n- Capability: " + one_line(work.capability)
             + "\n- Priority: " + std::to_string(work.priority)
             + "\n- Attempt: " + out_of(work.attempt, work.attempts_max) + "\n- Lease until: "
             + shown_lease(work.lease) + "\n- Deadline: " + one_line(work.deadline)
             + "\n- Offered by: " + named(work.offered_by_handle, work.offered_by_guid) + " at "
             + one_line(work.offered_at) + "\n\n" + shown_as_lines(work.description, claim_lines);
  if (!work.context_data.empty()) {
    out += "\n" + titled_object("Context", work.context_data);
  }
  if (!work.earlier_attempts.empty()) {
    out += "\n" + shown_attempts(work.earlier_attempts);
  }
  return out;
}

std::string render(const report_progress_result& outcome) {
  auto out = head("Progress reported successfully!", outcome.work_item_id);
  if (outcome.progress) {
    out += "\n- Progress: " + percent(*outcome.progress);
  }
  return out + "\n- Lease until: " + shown_lease(outcome.lease);
}

std::string render(const complete_work_result& outcome) {
  auto out = head("Work completed successfully!", outcome.work_item_id)
             + "\n- Task ID: " + one_line(outcome.task_id) + "\n- Status: completed";
  return outcome.completed_before ? out + " (it was before, with this result; nothing changed)"
                                  : out;
}

std::string render(const fail_work_result& outcome) {
  const auto out = head("Failure recorded.", outcome.work_item_id) + "\n- Status: ";
  if (!outcome.retried) {
    const auto dead = out + "moved to the dead letter queue\n- Reason: " + one_line(outcome.reason);
    return outcome.not_listed.empty()
             ? dead
             : dead + "\n- Not listed yet: " + one_line(outcome.not_listed)
                 + " It is listed as soon as its message in the queue comes round again.";
  }
  return out + "will be retried (attempt " + out_of(outcome.attempt, outcome.attempts_max)
         + ")\n- Not before: " + one_line(outcome.not_before);
}

std::string render(const release_work_result& outcome) {
  return head("Work released successfully!", outcome.work_item_id)
         + "\n- Moved back to work queue: " + one_line(outcome.capability)
         + "\n- Attempt counted: no";
}

std::vector<tool_declaration> work_holding_tools() {
  return {
    declared<claim_work_arguments, claim_work_result>(
      {.name = "claim_work",
       .title = "Claim work",
       .description = "Get the most urgent work that waits for your capabilities, to do it alone. "
                      "Needs registration. It is an agent's request, not your user's. End it with "
                      "complete_work, fail_work or release_work.",
       .annotations = {.destructive = false},
       .set = tool_set::work}),
    declared<report_progress_arguments, report_progress_result>(
      {.name = "report_progress",
       .title = "Report progress",
       .description = "Say how far you are with work you claimed, and keep it longer.",
       .annotations = {.destructive = false},
       .set = tool_set::work}),
    declared<complete_work_arguments, complete_work_result>(
      {.name = "complete_work",
       .title = "Complete work",
       .description = "Store the result of work you claimed and tell its offerer.",
       .annotations = {.destructive = false, .idempotent = true},
       .set = tool_set::work}),
    declared<fail_work_arguments, fail_work_result>(
      {.name = "fail_work",
       .title = "Fail work",
       .description = "Give up work you claimed because of an error: it is tried again later, or "
                      "goes to the dead letters.",
       .annotations = {.destructive = false},
       .set = tool_set::work}),
    declared<release_work_arguments, release_work_result>(
      {.name = "release_work",
       .title = "Release work",
       .description = "Give back work you claimed, for others; it does not count as an attempt.",
       .annotations = {.destructive = false},
       .set = tool_set::work}),
  };
}

} // namespace nats_mcp::tools
