// SPDX-License-Identifier: MIT
// Bounds: what a coordinator sees and shows. Part of those of the coordinator
// (protocol/limits/coordination.hpp).
#pragma once

#include <chrono>
#include <cstddef>

namespace nats_mcp::limits {

using namespace std::chrono_literals;

/// Most items a coordinator keeps in view; finished ones make room for others, and those beyond are
/// not counted or shown.
inline constexpr std::size_t work_items_in_view_max = 200'000;
/// Items beyond that of which it knows that they are left out. Each takes about 60 bytes: 60 MB at
/// most in each of the two views of a process, the one it decides by and the one it shows.
inline constexpr std::size_t work_items_left_out_max = 1'000'000;
/// How often it is looked which of them are gone by now.
inline constexpr std::chrono::milliseconds left_out_look_interval = std::chrono::minutes{1};
/// How often it is asked how long the bucket keeps records.
inline constexpr std::chrono::milliseconds record_age_look_interval = std::chrono::minutes{1};
/// Most of each that the page is sent; it says how many there are.
inline constexpr std::size_t overview_agents_max = 500;
inline constexpr std::size_t overview_items_max = 300;
inline constexpr std::size_t overview_letters_max = 100;
inline constexpr std::size_t overview_channels_max = 50;
inline constexpr std::size_t overview_messages_max = 5;
/// Most queues, a capability and a priority each, of which numbers are given.
inline constexpr std::size_t metric_queues_max = 1000;
/// How much of one message, note or error the page is sent, in characters.
inline constexpr std::size_t overview_text_characters_max = 300;
/// How long the overview goes on watching after the last question: longer than scrapers wait
/// between two.
inline constexpr std::chrono::milliseconds overview_idle_max = std::chrono::minutes{5};
/// How old what it reads (signs of life, channels, the round trip) may be in an answer.
inline constexpr std::chrono::milliseconds overview_age_max = 1'000ms;
/// How long the first question waits for what is there, and how long one such look may take.
inline constexpr std::chrono::milliseconds overview_patience = 3'000ms;
/// Questions that wait at once; the next one is answered "busy".
inline constexpr std::size_t overview_questions_max = 256;

} // namespace nats_mcp::limits
