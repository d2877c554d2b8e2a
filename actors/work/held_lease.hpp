// SPDX-License-Identifier: MIT
// What a process holds of the work queue, as values: all that a restarted part needs to go on with
// the same claims and the same deliveries.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/work/delivery_decision.hpp"
#include "protocol/work/work_script.hpp"

#include "actors/agent_messages.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

/// One item that is held. Times are on a clock that runs while the computer sleeps.
struct held_lease {
  /// The fencing token.
  std::string claim_id;
  work::found_record found;
  /// What the delivery is settled by; without an ack subject after the claim of an earlier process
  /// was taken up again.
  work::open_delivery handle;
  /// How long a lease is that is not shortened.
  std::chrono::milliseconds full_lease{0};
  /// Since when the lease under way runs.
  monotonic_time leased_at{};
  /// Until when it is renewed by itself.
  monotonic_time hold_end{};
  /// The call that was answered with it, until that answer is with the client.
  std::optional<call_id> unshown;

  [[nodiscard]] const std::string& item_id() const noexcept { return found.record.item.id; }
  [[nodiscard]] std::chrono::milliseconds lease() const noexcept {
    return found.record.held ? found.record.held->lease : std::chrono::milliseconds{0};
  }
  [[nodiscard]] monotonic_time lease_end() const noexcept { return leased_at + lease(); }
};

/// A claim that nobody knows of: the item goes back into the queue as soon as NATS can be told.
struct unwanted_claim {
  std::string item_id;
  std::string claim_id;
  /// Absent: whether it is held under this claim is not known.
  std::optional<work::found_record> known;
  work::open_delivery handle;
};

/// The checkpoint of the work queue.
struct work_memory {
  /// Whose all of it is.
  agent_identity who;
  /// By number, in the order of the claims.
  std::map<std::uint64_t, std::shared_ptr<const held_lease>> held;
  std::map<std::uint64_t, std::shared_ptr<const unwanted_claim>> unwanted;
};

} // namespace nats_mcp
