// SPDX-License-Identifier: MIT
// Every bound of the program, with its unit and its reason. What happens at a bound is an error
// somebody can read; nothing grows without one.
#pragma once

#include "protocol/limits/agents.hpp"
#include "protocol/limits/client.hpp"
#include "protocol/limits/nats.hpp"
#include "protocol/limits/process.hpp"
#include "protocol/limits/users.hpp"
#include "protocol/limits/work.hpp"

namespace nats_mcp::limits {

static_assert(batch_members_max * (6 * (request_id_bytes_max + quoted_bytes_max) + 1024)
                < line_bytes_max / 4,
              "the answers of a batch that carry no tool's text fit into its line");
static_assert(calls_in_flight_max <= nats_queue_max, "a call must find room in the gateway");
static_assert(own_messages_remembered_max >= calls_in_flight_max,
              "every send under way must be known again");
static_assert(output_drained_bytes < output_congested_bytes,
              "else reading stops and starts at every line");
static_assert(line_bytes_max <= line_bytes_queued_max, "the longest line must find room");
static_assert(restart_delay_max < restart_period, "else the limit of restarts is never reached");
static_assert(4 * heartbeat_interval_max <= presence_kept_for,
              "else nobody is ever stale, and nobody who was killed can come back");
static_assert(mail_held_max < static_cast<std::size_t>(inbox_ack_pending_max),
              "else what is held blocks the inbox");
static_assert(inbox_age_max < inbox_reader_idle_max, "a reader outlives what it is there for");
static_assert(read_bytes_max <= mail_held_bytes_max, "what fills an answer can be held");
static_assert(static_cast<std::size_t>(agents_listed_max)
                  * (capabilities_max * (capability_bytes_max + 4) + 2048)
                < line_bytes_max / 2,
              "a page of agents fits into its line, structured as well");
static_assert(drain_max < shutdown_max, "the answers go out before the process does");

} // namespace nats_mcp::limits
