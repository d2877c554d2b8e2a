// SPDX-License-Identifier: MIT
#include "protocol/coordination/assignment_request.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/coordination/streams.hpp"
#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/streams.hpp"

#include <utility>

namespace nats_mcp::coordination {

namespace {

constexpr int request_version = 1;

tl::unexpected<error> no_request(std::string_view why) {
  return fail(ec::malformed, "This is no request to a coordinator: " + std::string{why} + ".");
}

} // namespace

jetstream::publish request_message(const assignment_request& request) {
  json::value out{{"v", request_version}};
  out.update(work::item_to_json(request.item));
  if (!request.preferred_worker.empty()) {
    out["preferredWorker"] = request.preferred_worker;
  }
  return {request_subject(request.item.scope), json::write(out), request.item.id, std::nullopt,
          monotonic_time{}};
}

result<assignment_request> read_request(std::string_view subject, std::string_view payload) {
  const auto scope = parse_request_subject(subject);
  if (!scope) {
    return no_request("its subject names no scope");
  }
  auto document = json::parse(payload);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  if (!document->is_object()) {
    return no_request("it is no JSON object");
  }
  (*document)["scope"] = *scope;
  document->erase("assignedTo");
  auto item = work::item_from_json(*document);
  if (!item) {
    return tl::make_unexpected(item.error());
  }
  if (work::is_unreadable_item_id(item->id)) {
    return no_request("its \"id\" is no UUID");
  }
  if (payload.size() > limits::work_context_bytes_max
      && json::write(item->context).size() > limits::work_context_bytes_max) {
    return no_request("its \"context\" is too large");
  }
  assignment_request out{std::move(*item), {}};
  if (const auto guid = json::text_member(*document, "preferredWorker"); agents::is_guid(guid)) {
    out.preferred_worker = guid;
  }
  return out;
}

} // namespace nats_mcp::coordination
