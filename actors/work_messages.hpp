// SPDX-License-Identifier: MIT
// The messages between the session and the parts that share work. All of them stay inside one
// process.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/work_tools.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace nats_mcp {

// -- the work queue ----------------------------------------------------------------------------

struct offer_work {
  tools::broadcast_work_offer_arguments arguments;
  monotonic_time deadline;
};

struct claim_work {
  call_id call{};
  tools::claim_work_arguments arguments;
  /// For the requests it needs; waiting for work lasts as long as the arguments say.
  monotonic_time deadline;
};
/// The answer of this call is with the client: it knows what it holds.
struct work_shown {
  call_id call{};
};
/// The answer of this call never got to the client: what it would have held is released.
struct work_not_shown {
  call_id call{};
};
/// Ends a claim whose caller withdrew; its request is answered `cancelled`, and what it got is
/// released.
struct cancel_claim {
  call_id call{};
};
/// The session was restarted: every answer under way counts as never shown, nobody waits any more.
struct work_claimers_gone {};

struct report_on_work {
  tools::report_progress_arguments arguments;
  monotonic_time deadline;
};
struct complete_held_work {
  tools::complete_work_arguments arguments;
  monotonic_time deadline;
};
struct fail_held_work {
  tools::fail_work_arguments arguments;
  monotonic_time deadline;
};
struct release_held_work {
  tools::release_work_arguments arguments;
  monotonic_time deadline;
};
struct cancel_offered_work {
  tools::cancel_work_arguments arguments;
  monotonic_time deadline;
};
struct look_up_work {
  tools::get_work_status_arguments arguments;
  monotonic_time deadline;
};
struct list_known_work {
  tools::list_work_arguments arguments;
  monotonic_time deadline;
};

/// The work queue was restarted and asks the session: which of these calls' answers are with the
/// client? Each is answered with `work_shown` or `work_not_shown`, as soon as it is known.
struct claims_in_doubt {
  std::vector<call_id> calls;
};

/// What this process holds; never asks NATS.
struct held_work_query {};
struct held_work {
  /// Ids, the one held for the longest first.
  std::vector<std::string> items;
};

/// INTERNAL of the work queue: what the timer was set for.
enum class work_moment : std::uint8_t { wait_over, poll, renew, give_back };
struct work_timer {
  work_moment due = work_moment::poll;
  /// Of the claim that waits, of the lease, of what is given back.
  std::uint64_t number = 0;
  std::uint64_t generation = 0;
};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::offer_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::claim_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::work_shown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::work_not_shown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::cancel_claim)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::work_claimers_gone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::report_on_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::complete_held_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::fail_held_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::release_held_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::cancel_offered_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::look_up_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::list_known_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::claims_in_doubt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::held_work_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::held_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::work_timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::broadcast_work_offer_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::claim_work_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::report_progress_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::complete_work_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::fail_work_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::release_work_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::cancel_work_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::get_work_status_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::list_work_result)
