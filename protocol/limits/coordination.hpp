// SPDX-License-Identifier: MIT
// Bounds: the coordinator. Not part of protocol/limits.hpp, since only what concerns the
// coordinator needs it.
#pragma once

#include "protocol/limits/agents.hpp"
#include "protocol/limits/overview.hpp"
#include "protocol/limits/work.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

// -- leadership -----------------------------------------------------------------------------------

/// How often the leader writes its entry again.
inline constexpr std::chrono::milliseconds leader_renewal_interval = 2'000ms;
/// How long a leader acts after it sent the last renewal that was acknowledged.
inline constexpr std::chrono::milliseconds leader_acts_for = 4'000ms;
/// How long an entry has to stand unchanged before others want to take its place.
inline constexpr std::chrono::milliseconds leader_silence = 6'000ms;
/// How often a follower looks: the killed leader's place is taken within the silence, two of these
/// and the requests.
inline constexpr std::chrono::milliseconds leader_look_interval = 750ms;
/// How long one request about leadership may take: a late answer is worth nothing.
inline constexpr std::chrono::milliseconds leader_request_max = 1'500ms;
/// Wait before something that failed is asked again.
inline constexpr std::chrono::milliseconds leader_retry_pause = 250ms;
/// Writes of which it is not known whether they took place; older ones are forgotten, and their
/// success gives no time to act.
inline constexpr std::size_t leader_writes_remembered_max = 16;
/// How often a hand-over is tried before the coordinator leaves without one.
inline constexpr unsigned leader_hand_overs_max = 3;
/// How long a leader tries to make what it needs before it lets another one lead, which may be
/// allowed to.
inline constexpr std::chrono::milliseconds leader_unable_max = 30'000ms;
/// How long it does not want to lead again after that: others have looked by then.
inline constexpr std::chrono::milliseconds leader_unable_pause = 15'000ms;
/// How long the entry is kept that nobody writes again.
inline constexpr auto leader_entry_kept_for = std::chrono::days{8};

// -- requests -------------------------------------------------------------------------------------

/// All items together that a coordinator is to assign or has assigned, in bytes; then requests are
/// refused.
inline constexpr std::int64_t coordination_stream_bytes_max = 1024LL * 1024 * 1024;
/// How long a request sent twice under one id is noticed.
inline constexpr std::chrono::milliseconds requests_duplicates_remembered = 1h;
/// After how long a request comes again whose coordinator said nothing: it died.
inline constexpr std::chrono::milliseconds request_ack_wait = 15'000ms;
/// How long the place of the coordinators among the requests is kept while none runs.
inline constexpr std::chrono::milliseconds request_consumer_idle_max = std::chrono::days{8};

// -- assignments ----------------------------------------------------------------------------------

/// How long a worker has to claim what it was given.
inline constexpr std::chrono::milliseconds assign_timeout_default = 60'000ms;
inline constexpr std::chrono::milliseconds assign_timeout_min = 1'000ms;
inline constexpr std::chrono::milliseconds assign_timeout_max = std::chrono::days{1};
/// Items a worker is given that it has not claimed yet: one to go on with, and the next one.
inline constexpr std::uint32_t assigned_waiting_max = 2;
/// Workers remembered from whom an item was taken back; of more the oldest get another chance.
inline constexpr std::size_t passed_over_max = 64;
/// How soon an item is looked at again for which there is no worker, at the earliest, or whose
/// assignment is not finished.
inline constexpr std::chrono::milliseconds assignment_retry = 2'000ms;
/// How long nobody looks at an open item at most.
inline constexpr std::chrono::milliseconds assignment_look_max = 30'000ms;
/// Until when after its end an item's offerer is told of it again: well within the time for which
/// a repeated message is noticed.
inline constexpr std::chrono::milliseconds assignment_news_max =
  std::chrono::milliseconds{inbox_duplicates_remembered} / 2;

// -- acting ---------------------------------------------------------------------------------------

/// Items a leader sees to at once; it takes no more requests until half of them are done with.
inline constexpr std::size_t items_in_hand_max = 64;
/// How large the requests of one pull may be together, in bytes.
inline constexpr std::size_t requests_bytes_max = 4 * 1024 * 1024;
/// How long the server keeps a pull open when there is no request, and how much longer its answer
/// is waited for.
inline constexpr std::chrono::milliseconds requests_wait = 2'000ms;
inline constexpr std::chrono::milliseconds requests_silence_max = 1'000ms;
/// How often a coordinator looks whether there is something to be done that nobody told it of, or
/// to be tried again.
inline constexpr std::chrono::milliseconds coordinator_tick_interval = 500ms;
/// How often it reads the signs of life of all agents while it leads.
inline constexpr std::chrono::milliseconds workers_look_interval = 2'000ms;
/// How old they may be, when they cannot be read: then nobody knows who is there.
inline constexpr std::chrono::milliseconds workers_sight_max = 10'000ms;
/// How long a worker that was chosen counts as having the item although no record shows it: long
/// after the watch has brought it.
inline constexpr std::chrono::milliseconds choice_remembered_max = 10'000ms;
/// An open item no request was delivered for is looked at all the same after so long.
inline constexpr std::chrono::milliseconds item_left_alone_max = 90'000ms;
/// How often a leader looks for such items.
inline constexpr std::chrono::milliseconds left_alone_look_interval = 15'000ms;
/// Items that are remembered as waiting for a worker nobody could find.
inline constexpr std::size_t unplaced_remembered_max = 100'000;
/// How many requests a second come again, for which there was no worker, while there are not too
/// many (1 920) for each to come in `assignment_look_max`.
inline constexpr std::size_t unplaced_looks_per_second = 64;
/// How many kinds of them are compared with the workers at once.
inline constexpr std::size_t unplaced_kinds_at_once = 64;
/// How often a leader compares them with its workers at most, while records change.
inline constexpr std::chrono::milliseconds room_look_interval = 20ms;
/// How many of these a leader looks at in a row before it rests until something changes, or until
/// the next tick.
inline constexpr std::size_t unplaced_in_a_row_max = 512;
/// How long what is under way may take before a coordinator that leaves hands over without it: it
/// does no harm if it goes on.
inline constexpr std::chrono::milliseconds hand_over_patience = 1'000ms;
/// How long the process waits for its hand-over when it got a signal: others take over after the
/// silence whether it worked or not.
inline constexpr std::chrono::milliseconds hand_over_max = 3'000ms;
/// Within which it flushes and stops after that, and within which it is gone whatever hangs.
inline constexpr std::chrono::milliseconds coordinator_stop_max = 2'000ms;
inline constexpr std::chrono::milliseconds coordinator_exit_max = 6'000ms;

static_assert(leader_renewal_interval + leader_request_max < leader_acts_for,
              "one lost renewal does not end a leader's time");
static_assert(leader_acts_for < leader_silence, "a leader has stopped before anybody begins");
static_assert(leader_silence + 2 * leader_look_interval < 8s, "a killed leader is replaced in 8 s");
static_assert(leader_unable_pause > leader_silence + 2 * leader_look_interval + leader_request_max,
              "whoever waits gets the place before who gave it up, even if it was not handed over");
static_assert(2 * assignment_look_max + request_ack_wait < item_left_alone_max,
              "an item with a request is never taken for one without");
static_assert(hand_over_patience + leader_request_max < hand_over_max, "one try at least");
static_assert(hand_over_max + coordinator_stop_max < coordinator_exit_max, "nothing is cut off");
static_assert(assignment_look_max < assign_timeout_default, "one look at least before it is over");

} // namespace nats_mcp::limits
