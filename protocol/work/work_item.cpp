// SPDX-License-Identifier: MIT
#include "protocol/work/work_item.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/utf8.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/members.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::work {

namespace {

constexpr int item_version = 1;

tl::unexpected<error> no_item(std::string_view why) {
  return fail(ec::malformed, "This is no work item: " + std::string{why} + ".");
}

int priority(const json::value& document) {
  const auto given = json::signed_member(document, "priority").value_or(priority_default);
  return static_cast<int>(std::clamp<std::int64_t>(given, priority_min, priority_max));
}

/// What the subject vouches for takes the place of what the payload says.
void follow(json::value& document, const lane& where) {
  document["scope"] = where.scope;
  document["priority"] = where.priority;
  document.erase("assignedTo");
  if (auto guid = guid_of_personal_token(where.token)) {
    document["assignedTo"] = std::move(*guid);
  } else if (capability_token(json::text_member(document, "capability")) != where.token) {
    document["capability"] = capability_of(where.token).value_or(std::string{});
  }
}

} // namespace

lane lane_of(const work_item& item) {
  return {item.scope,
          item.assigned_to.empty() ? capability_token(item.capability)
                                   : personal_token(item.assigned_to),
          item.priority};
}

std::string write_queued_item(const queued_item& queued) {
  json::value out{{"v", item_version}};
  out.update(item_to_json(queued.item));
  out["gen"] = queued.generation;
  return json::write(out);
}

result<queued_item> read_queued_item(const lane& where, std::string_view payload) {
  auto document = json::parse(payload);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  if (!document->is_object()) {
    return no_item("it is no JSON object");
  }
  follow(*document, where);
  auto item = item_from_json(*document);
  if (!item) {
    return tl::make_unexpected(item.error());
  }
  if (is_unreadable_item_id(item->id)) {
    return no_item("its \"id\" is no UUID");
  }
  if (payload.size() > limits::work_context_bytes_max
      && json::write(item->context).size() > limits::work_context_bytes_max) {
    return no_item("its \"context\" is too large");
  }
  return queued_item{std::move(*item), generation_member(*document)};
}

std::string queue_message_id(std::string_view item_id, std::uint64_t generation) {
  return std::string{item_id} + "-g" + std::to_string(generation);
}

json::value item_to_json(const work_item& item) {
  auto out = json::value::object();
  out["id"] = item.id;
  out["taskId"] = item.task_id;
  out["capability"] = item.capability;
  out["description"] = item.description;
  out["priority"] = item.priority;
  out["deadline"] = to_rfc3339(item.deadline);
  if (!item.context.empty()) {
    out["context"] = item.context;
  }
  out["scope"] = item.scope;
  if (!item.assigned_to.empty()) {
    out["assignedTo"] = item.assigned_to;
  }
  out["offeredBy"] = party_to_json(item.offered_by);
  out["offeredAt"] = to_rfc3339(item.offered_at);
  out["maxAttempts"] = item.attempts_max;
  if (item.notify_claim) {
    out["notifyClaim"] = true;
  }
  return out;
}

result<work_item> item_from_json(const json::value& document) {
  work_item out;
  out.id = json::text_member(document, "id");
  if (!is_item_id(out.id)) {
    return no_item("its \"id\" is no UUID");
  }
  const auto* description = json::find(document, "description");
  if (description == nullptr || !description->is_string()) {
    return no_item("its \"description\" is no text");
  }
  out.description =
    json::shortened(description->get_ref<const std::string&>(), limits::work_description_bytes_max);
  const auto deadline = time_member(document, "deadline");
  if (!deadline) {
    return no_item("its \"deadline\" is no RFC 3339 time");
  }
  out.deadline = *deadline;
  out.scope = json::text_member(document, "scope");
  if (!is_scope(out.scope)) {
    return no_item("its \"scope\" is neither \"public\" nor a project's id");
  }
  out.assigned_to = json::text_member(document, "assignedTo");
  if (!out.assigned_to.empty() && !agents::is_guid(out.assigned_to)) {
    return no_item("its \"assignedTo\" is no agent's GUID");
  }
  out.capability = json::text_member(document, "capability");
  if (out.capability.size() > limits::capability_bytes_max
      || (out.capability.empty() && out.assigned_to.empty())) {
    return no_item("its \"capability\" is no text of 1 to 64 bytes");
  }
  out.task_id =
    first_characters(json::text_member(document, "taskId"), limits::task_id_characters_max);
  out.priority = priority(document);
  out.context = object_member(document, "context");
  out.offered_by = party_member(document, "offeredBy");
  out.offered_at = time_member(document, "offeredAt").value_or(wall_time{});
  out.attempts_max = std::max(count_member(document, "maxAttempts", out.attempts_max), 1U);
  out.notify_claim = json::true_member(document, "notifyClaim");
  return out;
}

} // namespace nats_mcp::work
