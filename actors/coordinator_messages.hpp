// SPDX-License-Identifier: MIT
// The messages to and from the parts of a coordinator that act. All of them stay inside one
// process.
#pragma once

#include "protocol/time.hpp"

#include "actors/dead_letter_messages.hpp"
#include "actors/messages.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>

namespace nats_mcp {

/// How this coordinator is; never asks NATS.
struct coordinator_status_query {};

struct coordinator_status {
  /// It may act at this moment.
  bool is_leader = false;
  /// 0 for a follower.
  std::uint64_t term = 0;
  /// The GUID of whoever leads; empty: nobody, as far as known.
  std::string leader;
  /// Of a leader: why it cannot act; else why it is not known who leads, or why this one does not.
  /// In words; empty when there is no such thing.
  std::string problem;
  /// Since the process started: items given to a worker, and those of them that had another before.
  std::uint64_t assignments = 0;
  std::uint64_t reassignments = 0;
  /// Items for which there was no worker when they were looked at last.
  std::uint64_t unplaced = 0;
  /// Items in hand at this moment.
  std::uint64_t in_hand = 0;
};

/// The process ends: acts no more, and lets another one take over at once.
struct hand_over {};
struct handed_over {};

/// INTERNAL: something of this purpose is due, unless it was planned anew meanwhile.
enum class coordinator_purpose : std::uint8_t { leadership, round, leaving };
struct coordinator_timer {
  coordinator_purpose what{};
  std::uint64_t generation = 0;
};

/// COORDINATOR: leads, or waits until it may; while it leads it gives items to workers and takes
/// them back (docs/wire.md, "Coordinator").
using coordinator_actor =
  caf::typed_actor<caf::replies_to<coordinator_status_query>::with<coordinator_status>,
                   /// Answered when the entry says so, or when it was tried in vain.
                   caf::replies_to<hand_over>::with<handed_over>,
                   /// INTERNAL
                   caf::reacts_to<coordinator_timer>, caf::reacts_to<jetstream::core_message>,
                   caf::reacts_to<jetstream::kv_change>, caf::reacts_to<jetstream::kv_watch_event>,
                   caf::reacts_to<jetstream::connection_event>>;

/// SWEEPER: while its coordinator leads, looks through all lanes and records now and then for what
/// is dead, too late, or lost its queue message.
using sweeper_actor = caf::typed_actor<
  /// INTERNAL
  caf::reacts_to<sweep_due>>;

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::coordinator_status_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::coordinator_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::hand_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::handed_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::coordinator_timer)
