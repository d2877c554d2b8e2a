// SPDX-License-Identifier: MIT
// A dead letter: the copy of a dead item's record that lies in the stream `DEAD_LETTER`, so that
// dead items can be listed without looking at all others (docs/wire.md, "Dead letters").
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::work {

struct dead_letter {
  work_item item;
  std::uint64_t generation = 1;
  std::string reason;
  std::uint32_t attempts = 0;
  wall_time failed_at{};
  /// Every attempt as the record holds it.
  std::vector<attempt> history;

  friend bool operator==(const dead_letter&, const dead_letter&) = default;
};

/// Where an item's letter lies.
[[nodiscard]] std::string letter_subject(const work_item& item);

/// The message that stores the letter of a dead record, under an id of its generation.
[[nodiscard]] jetstream::publish dead_letter_message(const item_record& record);

/// Reads one. What the subject says of scope, capability and id counts. A payload that cannot be
/// read gives a letter that says so, with what the subject tells.
[[nodiscard]] dead_letter read_dead_letter(std::string_view subject, std::string_view payload,
                                           wall_time stored_at);

/// The record of a queue message that cannot be read: dead from the start, under
/// `unreadable_item_id`. @param excerpt of the payload, safe to show.
[[nodiscard]] item_record unreadable(const lane& where, std::uint64_t queue_sequence,
                                     std::string excerpt, wall_time now);
/// Whether a record is one of these.
[[nodiscard]] bool is_unreadable(const item_record& record) noexcept;

} // namespace nats_mcp::work
