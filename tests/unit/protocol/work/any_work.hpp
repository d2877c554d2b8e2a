// SPDX-License-Identifier: MIT
// Items and records of every kind, with texts that are hard to write in one way or another.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/item_record.hpp"

#include "tests/unit/protocol/work/sample_work.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

namespace nats_mcp::work::testing {

/// Up to 30 characters, of which JSON, subjects and terminals make something.
inline std::string any_text() {
  const auto characters =
    *rc::gen::resize(30, rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                           "a", "B", "0", " ", "\"", "\\", "/", "\n", "\x01", "\x7f", "ö", "→",
                           "🦊", ".", "*", ">", "=")));
  std::string out;
  for (const auto& one : characters) {
    out += one;
  }
  return out;
}

inline wall_time any_time() {
  return wall_time{
    std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)}};
}

inline std::string any_guid() {
  return make_uuid([] { return *rc::gen::arbitrary<std::uint64_t>(); });
}

inline party any_party() { return *rc::gen::element(ann, bob, party{any_guid(), any_text()}); }

inline json::value any_object() {
  auto out = json::value::object();
  out[any_text()] = any_text();
  out["number"] = *rc::gen::arbitrary<std::int64_t>();
  out["list"] = {1.5, true, nullptr, {{"deep", any_text()}}};
  return *rc::gen::element(json::value::object(), out);
}

/// 1 to 64 bytes of text.
inline std::string any_capability() {
  auto out = "c" + any_text();
  while (out.size() > limits::capability_bytes_max) {
    out = "short";
  }
  return out;
}

inline work_item any_item() {
  work_item out;
  out.id = any_guid();
  out.task_id = any_text();
  out.capability = any_capability();
  out.description = any_text();
  out.priority = *rc::gen::inRange(priority_min, priority_max + 1);
  out.deadline = any_time();
  out.context = any_object();
  out.scope = *rc::gen::element(std::string{public_scope}, project);
  out.assigned_to = *rc::gen::element(std::string{}, any_guid());
  out.offered_by = any_party();
  out.offered_at = any_time();
  out.attempts_max = *rc::gen::inRange<std::uint32_t>(1, 101);
  out.notify_claim = *rc::gen::arbitrary<bool>();
  return out;
}

inline attempt any_attempt() {
  attempt out;
  out.number = *rc::gen::inRange<std::uint32_t>(1, 101);
  out.worker = any_party();
  out.started_at = any_time();
  out.end =
    *rc::gen::element(attempt_end::open, attempt_end::completed, attempt_end::failed,
                      attempt_end::released, attempt_end::lease_over, attempt_end::cancelled);
  if (out.end != attempt_end::open) {
    out.ended_at = any_time();
  }
  out.error = any_text();
  out.note = any_text();
  if (*rc::gen::arbitrary<bool>()) {
    out.progress = *rc::gen::inRange(0, 1001) / 10.0;
  }
  return out;
}

inline assignment any_assignment() {
  assignment out;
  out.term = *rc::gen::arbitrary<std::uint64_t>();
  if (*rc::gen::arbitrary<bool>()) {
    out.until = any_time();
    out.attempts_before = *rc::gen::inRange<std::uint32_t>(0, 33);
  }
  const auto passed = *rc::gen::inRange(0, 4);
  for (int count = 0; count < passed; ++count) {
    out.passed_over.push_back(any_guid());
  }
  out.replaced_sequence = *rc::gen::element<std::uint64_t>(0, 1, 99);
  return out;
}

inline item_record any_record() {
  item_record out;
  out.item = any_item();
  out.state = *rc::gen::element(item_state::pending, item_state::claimed, item_state::completed,
                                item_state::dead, item_state::cancelled, item_state::discarded);
  out.generation = *rc::gen::inRange<std::uint64_t>(1, 1000);
  out.queue_sequence = *rc::gen::arbitrary<std::uint64_t>();
  out.attempts_begun = *rc::gen::inRange<std::uint32_t>(0, 101);
  out.attempts_max = *rc::gen::inRange<std::uint32_t>(1, 101);
  if (out.state == item_state::claimed) {
    out.held = claim{any_guid(), any_party(), any_text(),
                     std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 86'400'000)}};
  }
  if (out.state == item_state::pending && *rc::gen::arbitrary<bool>()) {
    out.not_before = any_time();
  }
  if (*rc::gen::arbitrary<bool>()) {
    out.assigned = any_assignment();
  }
  const auto made = *rc::gen::inRange(0, 4);
  for (int count = 0; count < made; ++count) {
    out.attempts.push_back(any_attempt());
  }
  out.summary = any_text();
  out.outcome = any_object();
  out.reason = any_text();
  out.updated_at = any_time();
  return out;
}

} // namespace nats_mcp::work::testing
