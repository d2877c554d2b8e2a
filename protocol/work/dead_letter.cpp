// SPDX-License-Identifier: MIT
#include "protocol/work/dead_letter.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"
#include "protocol/messaging/stranger_payload.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/members.hpp"
#include "protocol/work/streams.hpp"

#include <array>
#include <utility>

namespace nats_mcp::work {

namespace {

constexpr int letter_version = 1;

/// The last tokens of `dead.<scope>.<token>.<item id>`.
struct address {
  std::string_view scope;
  std::string_view token;
  std::string_view item_id;
};

address parse_subject(std::string_view subject) {
  std::array<std::string_view, 3> tokens;
  for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
    const auto dot = subject.rfind('.');
    *token = subject.substr(dot == std::string_view::npos ? 0 : dot + 1);
    subject = subject.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  return {tokens[0], tokens[1], tokens[2]};
}

/// What is known of an item by its letter's subject alone.
work_item item_at(const address& where) {
  work_item out;
  out.id = where.item_id;
  out.scope = where.scope;
  out.assigned_to = guid_of_personal_token(where.token).value_or(std::string{});
  out.capability = capability_of(where.token).value_or(std::string{});
  return out;
}

result<dead_letter> read(const address& where, std::string_view payload, wall_time stored_at) {
  const auto document = json::parse(payload);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  const auto* written = json::find(*document, "item");
  auto item = item_from_json(written == nullptr ? json::value{} : *written);
  if (!item) {
    return tl::make_unexpected(item.error());
  }
  const auto told = item_at(where);
  item->id = told.id;
  item->scope = told.scope;
  if (!told.assigned_to.empty()) {
    item->assigned_to = told.assigned_to;
  } else if (capability_token(item->capability) != where.token) {
    item->capability = told.capability;
  }
  dead_letter out;
  out.item = std::move(*item);
  out.generation = generation_member(*document);
  out.reason = note_member(*document, "reason");
  out.attempts = count_member(*document, "attempts", 0);
  out.failed_at = time_member(*document, "failedAt").value_or(stored_at);
  out.history = attempts_from_json(json::find(*document, "errors"));
  return out;
}

} // namespace

std::string letter_subject(const work_item& item) {
  // By what it needed, also if it was one agent's alone: so it is listed and retried.
  const auto token =
    item.capability.empty() ? lane_of(item).token : capability_token(item.capability);
  return dead_letter_subject(item.scope, token, item.id);
}

jetstream::publish dead_letter_message(const item_record& record) {
  auto out = json::value::object();
  out["v"] = letter_version;
  out["id"] = record.item.id;
  out["item"] = item_to_json(record.item);
  out["gen"] = record.generation;
  out["reason"] = record.reason;
  out["attempts"] = record.attempts_begun;
  out["failedAt"] = to_rfc3339(record.updated_at);
  out["errors"] = attempts_to_json(record.attempts);
  return {letter_subject(record.item), json::write(out),
          queue_message_id(record.item.id, record.generation), std::nullopt, monotonic_time{}};
}

dead_letter read_dead_letter(std::string_view subject, std::string_view payload,
                             wall_time stored_at) {
  const auto where = parse_subject(subject);
  auto letter = read(where, payload, stored_at);
  if (letter) {
    return std::move(*letter);
  }
  dead_letter out;
  out.item = item_at(where);
  out.item.description = messaging::shown_payload(payload);
  out.reason = "This dead letter cannot be read. " + letter.error().message;
  out.failed_at = stored_at;
  return out;
}

item_record unreadable(const lane& where, std::uint64_t queue_sequence, std::string excerpt,
                       wall_time now) {
  item_record out;
  out.item.id = unreadable_item_id(queue_sequence);
  out.item.scope = where.scope;
  out.item.priority = where.priority;
  out.item.assigned_to = guid_of_personal_token(where.token).value_or(std::string{});
  out.item.capability = capability_of(where.token).value_or(std::string{});
  out.item.description = std::move(excerpt);
  out.item.deadline = now;
  out.item.offered_at = now;
  out.attempts_max = out.item.attempts_max;
  out.state = item_state::dead;
  out.queue_sequence = queue_sequence;
  out.reason = "Its message in the work queue could not be read.";
  out.updated_at = now;
  return out;
}

bool is_unreadable(const item_record& record) noexcept {
  return is_unreadable_item_id(record.item.id);
}

} // namespace nats_mcp::work
