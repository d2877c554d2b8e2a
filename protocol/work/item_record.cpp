// SPDX-License-Identifier: MIT
#include "protocol/work/item_record.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/json/member.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"
#include "protocol/work/members.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::work {

namespace {

constexpr int record_version = 1;

constexpr std::array<std::pair<item_state, std::string_view>, 6> states{{
  {item_state::pending, "pending"},
  {item_state::claimed, "claimed"},
  {item_state::completed, "completed"},
  {item_state::dead, "dead"},
  {item_state::cancelled, "cancelled"},
  {item_state::discarded, "discarded"},
}};
constexpr std::array<std::pair<attempt_end, std::string_view>, 6> ends{{
  {attempt_end::open, "open"},
  {attempt_end::completed, "completed"},
  {attempt_end::failed, "failed"},
  {attempt_end::released, "released"},
  {attempt_end::lease_over, "lease-over"},
  {attempt_end::cancelled, "cancelled"},
}};

template <class Table, class Value>
std::string_view name_of(const Table& table, Value wanted) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [wanted](const auto& entry) { return entry.first == wanted; });
  return found->second;
}

template <class Table>
auto value_of(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [name](const auto& entry) { return entry.second == name; });
  return found == table.end() ? std::nullopt : std::optional{found->first};
}

tl::unexpected<error> no_record(std::string_view why) {
  return fail(ec::malformed, "The record of a work item cannot be read: " + std::string{why} + ".");
}

json::value attempt_to_json(const attempt& one) {
  auto out = json::value::object();
  out["number"] = one.number;
  out["worker"] = party_to_json(one.worker);
  out["startedAt"] = to_rfc3339(one.started_at);
  if (one.ended_at) {
    out["endedAt"] = to_rfc3339(*one.ended_at);
  }
  out["end"] = to_text(one.end);
  if (!one.error.empty()) {
    out["error"] = one.error;
  }
  if (!one.note.empty()) {
    out["note"] = one.note;
  }
  if (one.progress) {
    out["progress"] = *one.progress;
  }
  return out;
}

attempt attempt_from_json(const json::value& document) {
  attempt out;
  out.number = count_member(document, "number", out.number);
  out.worker = party_member(document, "worker");
  out.started_at = time_member(document, "startedAt").value_or(wall_time{});
  out.ended_at = time_member(document, "endedAt");
  out.end = value_of(ends, json::text_member(document, "end")).value_or(attempt_end::open);
  out.error = note_member(document, "error");
  out.note = note_member(document, "note");
  out.progress = progress_member(document, "progress");
  return out;
}

json::value holder_to_json(const claim& held) {
  auto out = party_to_json(held.worker);
  out["sessionId"] = held.session_id;
  return out;
}

claim claim_from_json(const json::value& document) {
  claim out;
  out.id = json::text_member(document, "claimId");
  out.worker = party_member(document, "worker");
  if (const auto* worker = json::find(document, "worker")) {
    out.session_id = json::text_member(*worker, "sessionId");
  }
  const auto longest = static_cast<std::uint64_t>(limits::duration_max.count());
  out.lease = std::chrono::milliseconds{
    std::min(json::unsigned_member(document, "leaseMs").value_or(0), longest)};
  return out;
}

void write_assignment(const assignment& given, json::value& out) {
  out["term"] = given.term;
  if (given.until) {
    out["assignUntil"] = to_rfc3339(*given.until);
  }
  if (given.attempts_before != 0) {
    out["assignAttempts"] = given.attempts_before;
  }
  if (!given.passed_over.empty()) {
    out["passedOver"] = given.passed_over;
  }
  if (given.replaced_sequence != 0) {
    out["replacedSeq"] = given.replaced_sequence;
  }
}

std::optional<assignment> assignment_from_json(const json::value& document) {
  const auto term = json::unsigned_member(document, "term");
  if (!term) {
    return std::nullopt;
  }
  assignment out;
  out.term = *term;
  out.until = time_member(document, "assignUntil");
  out.attempts_before = count_member(document, "assignAttempts", 0);
  if (const auto* guids = json::find(document, "passedOver");
      guids != nullptr && guids->is_array()) {
    for (const auto& guid : *guids) {
      const auto* text = guid.get_ptr<const std::string*>();
      if (text != nullptr && agents::is_guid(*text)
          && out.passed_over.size() < limits::passed_over_max) {
        out.passed_over.push_back(*text);
      }
    }
  }
  out.replaced_sequence = json::unsigned_member(document, "replacedSeq").value_or(0);
  return out;
}

} // namespace

bool is_over(item_state state) noexcept {
  return state != item_state::pending && state != item_state::claimed;
}

std::string_view to_text(item_state state) noexcept { return name_of(states, state); }

std::optional<item_state> parse_item_state(std::string_view text) noexcept {
  return value_of(states, text);
}

std::string_view to_text(attempt_end end) noexcept { return name_of(ends, end); }

json::value attempts_to_json(const std::vector<attempt>& all) {
  auto out = json::value::array();
  for (const auto& one : all) {
    out.push_back(attempt_to_json(one));
  }
  return out;
}

std::vector<attempt> attempts_from_json(const json::value* document) {
  std::vector<attempt> out;
  if (document == nullptr || !document->is_array()) {
    return out;
  }
  const auto count = document->size();
  const auto kept = std::min(count, limits::work_attempts_kept);
  for (auto at = count - kept; at < count; ++at) {
    if (const auto& one = (*document)[at]; one.is_object()) {
      out.push_back(attempt_from_json(one));
    }
  }
  return out;
}

std::string write_item_record(const item_record& record, std::string_view write_id) {
  auto out = json::value::object();
  out["v"] = record_version;
  out["writeId"] = write_id;
  out["item"] = item_to_json(record.item);
  out["state"] = to_text(record.state);
  out["gen"] = record.generation;
  out["queueSeq"] = record.queue_sequence;
  out["attempt"] = record.attempts_begun;
  out["maxAttempts"] = record.attempts_max;
  if (record.held) {
    out["claimId"] = record.held->id;
    out["worker"] = holder_to_json(*record.held);
    out["leaseMs"] = record.held->lease.count();
  }
  if (record.not_before) {
    out["notBefore"] = to_rfc3339(*record.not_before);
  }
  if (record.assigned) {
    write_assignment(*record.assigned, out);
  }
  out["attempts"] = attempts_to_json(record.attempts);
  if (!record.summary.empty()) {
    out["summary"] = record.summary;
  }
  if (!record.outcome.empty()) {
    out["result"] = record.outcome;
  }
  if (!record.reason.empty()) {
    out["reason"] = record.reason;
  }
  if (record.incomplete) {
    out["incomplete"] = true;
  }
  out["updatedAt"] = to_rfc3339(record.updated_at);
  return json::write(out);
}

result<item_record> read_item_record(std::string_view value) {
  const auto document = json::parse(value);
  if (!document) {
    return no_record("it is no JSON");
  }
  const auto* item = json::find(*document, "item");
  if (item == nullptr) {
    return no_record("it holds no item");
  }
  auto read = item_from_json(*item);
  if (!read) {
    return tl::make_unexpected(read.error());
  }
  const auto state = parse_item_state(json::text_member(*document, "state"));
  if (!state) {
    return no_record("its state is none that is known");
  }
  item_record out;
  out.item = std::move(*read);
  out.state = *state;
  out.generation = generation_member(*document);
  out.queue_sequence = json::unsigned_member(*document, "queueSeq").value_or(0);
  out.attempts_begun = count_member(*document, "attempt", 0);
  out.attempts_max = std::max(count_member(*document, "maxAttempts", out.item.attempts_max), 1U);
  if (out.state == item_state::claimed) {
    out.held = claim_from_json(*document);
    if (out.held->id.empty()) {
      return no_record("it does not say whose claim it is");
    }
  }
  if (out.state == item_state::pending) {
    out.not_before = time_member(*document, "notBefore");
  }
  out.assigned = assignment_from_json(*document);
  out.attempts = attempts_from_json(json::find(*document, "attempts"));
  out.summary = note_member(*document, "summary");
  out.outcome = object_member(*document, "result");
  out.reason = note_member(*document, "reason");
  const auto* incomplete = json::find(*document, "incomplete");
  out.incomplete = incomplete != nullptr && *incomplete == true;
  out.updated_at = time_member(*document, "updatedAt").value_or(wall_time{});
  return out;
}

} // namespace nats_mcp::work
