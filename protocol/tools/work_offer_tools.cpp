// SPDX-License-Identifier: MIT
#include "protocol/tools/work_offer_tools.hpp"

#include "protocol/text.hpp"
#include "protocol/tools/tool_fields.hpp"
#include "protocol/tools/work_offer_fields.hpp"
#include "protocol/tools/work_rules.hpp"

namespace nats_mcp::tools {

template result<broadcast_work_offer_arguments> decode_arguments(const json::value&);
template result<cancel_work_arguments> decode_arguments(const json::value&);
template json::value structured(const broadcast_work_offer_result&);
template json::value structured(const cancel_work_result&);

const std::string& capability_of(const broadcast_work_offer_arguments& arguments) {
  static const std::string none;
  if (arguments.capability) {
    return *arguments.capability;
  }
  return arguments.required_capability ? *arguments.required_capability : none;
}

result<void> check(const broadcast_work_offer_arguments& arguments) {
  if (arguments.capability && arguments.required_capability) {
    return fail(ec::invalid_argument,
                "Arguments \"capability\" and \"requiredCapability\" were both given, but only one "
                "of them is allowed. Leave \"requiredCapability\" out; nothing was published.");
  }
  if (!arguments.capability && !arguments.required_capability) {
    return fail(ec::invalid_argument,
                "Neither \"capability\" nor \"requiredCapability\" was given; one of them is "
                "needed to say what a worker must be able to do. Example: \"capability\": "
                "\"typescript\". discover_agents shows who can do what.");
  }
  if (arguments.coordinated && arguments.assign_to) {
    return fail(ec::invalid_argument,
                "Arguments \"coordinated\" and \"assignTo\" were both given, but only one of them "
                "is allowed: a coordinator chooses the worker itself. \"preferredWorker\" says who "
                "gets it first; nothing was published.");
  }
  if (arguments.preferred_worker && !arguments.coordinated) {
    return fail(ec::invalid_argument,
                "Argument \"preferredWorker\" needs \"coordinated\": true, since a coordinator "
                "goes by it. \"assignTo\" gives the item to one agent alone; nothing was "
                "published.");
  }
  return check_size("contextData", arguments.context_data, R"({"branch": "main"})");
}

namespace {

/// What whoever offered an item again may do about the state it is in; empty while it is not over.
std::string_view what_next(work_state state) noexcept {
  switch (state) {
    case work_state::pending:
    case work_state::claimed:
      return "";
    case work_state::dead:
      return " (get_work_status says why; retry_dead_letter_item may bring it back)";
    case work_state::completed:
    case work_state::cancelled:
    case work_state::discarded:
      break;
  }
  return " (to have it done, offer it under another key)";
}

std::string facts_of(const broadcast_work_offer_result& outcome) {
  return "\n- Work Item ID: " + one_line(outcome.work_item_id) + "\n- Task ID: "
         + one_line(outcome.task_id) + "\n- Capability: " + one_line(outcome.capability)
         + "\n- Priority: " + std::to_string(outcome.priority);
}

/// What becomes of an item that is not over.
std::string prospects_of(const broadcast_work_offer_result& outcome) {
  std::string out;
  if (outcome.coordinated) {
    out += "\n- Coordinated: a coordinator gives it to one worker after another until it is done; "
           "it is kept until one runs";
  }
  if (!outcome.assigned_to.empty() && !outcome.coordinated) {
    out += "\n- Assigned To: " + one_line(outcome.assigned_to) + " (nobody else gets it)";
  }
  if (outcome.offered_before) {
    out += "\n- Offered before: this idempotency key was used for this item, so it was not "
           "published again";
  }
  return out;
}

} // namespace

std::string render(const broadcast_work_offer_result& outcome) {
  const auto next = outcome.state ? what_next(*outcome.state) : std::string_view{};
  auto out = next.empty()
               ? "Work item published successfully!" + facts_of(outcome) + prospects_of(outcome)
               : "Nothing was published: this idempotency key was used for an item that "
                 "is over."
                   + facts_of(outcome);
  if (outcome.state) {
    out += "\n- Status: " + std::string{to_text(*outcome.state)};
    out += next;
  }
  if (!outcome.differs.empty()) {
    out += "\n- Offered otherwise then: " + one_line(outcome.differs)
           + "; what was offered first counts";
  }
  return out;
}

std::string render(const cancel_work_result& outcome) {
  auto out = "Work cancelled successfully!\n- Work Item ID: " + one_line(outcome.work_item_id)
             + "\n- Status: cancelled";
  if (outcome.cancelled_before) {
    return out + " (it was before; nothing changed)";
  }
  return outcome.taken_from.empty() ? out
                                    : out + "\n- Taken from: " + one_line(outcome.taken_from)
                                        + ", who is told at the next report";
}

std::vector<tool_declaration> work_offer_tools() {
  return {
    declared<broadcast_work_offer_arguments, broadcast_work_offer_result>(
      {.name = "broadcast_work_offer",
       .title = "Offer work",
       .description = "Publish work to the queue of a capability: one of the agents that have it "
                      "gets it. Needs registration. How it ends comes to you as a direct message; "
                      "get_work_status tells too.",
       .annotations = {.destructive = false},
       .set = tool_set::work}),
    declared<cancel_work_arguments, cancel_work_result>(
      {.name = "cancel_work",
       .title = "Cancel work I offered",
       .description = "Take back work you offered. Whoever is at it is refused from then on.",
       .annotations = {.idempotent = true},
       .set = tool_set::work}),
  };
}

} // namespace nats_mcp::tools
