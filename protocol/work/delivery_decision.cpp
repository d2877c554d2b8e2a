// SPDX-License-Identifier: MIT
#include "protocol/work/delivery_decision.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <utility>

namespace nats_mcp::work {

namespace {

using namespace std::chrono_literals;

std::string deadline_reason(const work_item& item) {
  return "Its deadline, " + to_rfc3339(item.deadline) + ", passed before anybody finished it.";
}

std::string attempts_reason(const item_record& record) {
  auto out = "Out of attempts: " + std::to_string(record.attempts_begun) + " of "
             + std::to_string(record.attempts_max) + " were made.";
  if (record.held) {
    const auto& handle = record.held->worker.handle;
    out += " In the last one " + (handle.empty() ? "its worker" : one_line(handle))
           + " fell silent or held it for too long.";
  }
  return out;
}

bool is_late(const work_item& item, wall_time server_now) { return server_now > item.deadline; }

} // namespace

delivery_meaning decide(const delivered_item& delivered, const found_record* found,
                        wall_time server_now) {
  if (found == nullptr) {
    const auto& item = delivered.queued.item;
    return is_late(item, server_now) ? delivery_meaning{is_dead{deadline_reason(item)}}
                                     : delivery_meaning{free_to_take{}};
  }
  const auto& record = found->record;
  const auto generation = delivered.queued.generation;
  if (record.generation < generation) {
    return not_yet{not_yet::why::record_behind, limits::work_record_behind_wait};
  }
  const bool other_message =
    record.queue_sequence != 0 && record.queue_sequence != delivered.queue_sequence;
  if (record.generation > generation || other_message) {
    return stale_copy{};
  }
  if (is_over(record.state)) {
    return is_over_already{};
  }
  if (record.state == item_state::claimed) {
    if (const auto over_at = lease_over_at(*found); server_now < over_at) {
      return not_yet{not_yet::why::held, over_at - server_now};
    }
  } else if (record.not_before && server_now < *record.not_before
             && server_now <= record.item.deadline) {
    return not_yet{not_yet::why::not_before, *record.not_before - server_now};
  }
  if (auto reason = why_dead(record, server_now)) {
    return is_dead{std::move(*reason)};
  }
  return free_to_take{};
}

std::optional<std::string> why_dead(const item_record& record, wall_time server_now) {
  if (record.attempts_begun >= record.attempts_max) {
    return attempts_reason(record);
  }
  if (is_late(record.item, server_now)) {
    return deadline_reason(record.item);
  }
  return std::nullopt;
}

wall_time lease_over_at(const found_record& found) noexcept {
  return found.stored_at + (found.record.held ? found.record.held->lease : 0ms);
}

} // namespace nats_mcp::work
