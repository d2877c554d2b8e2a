// SPDX-License-Identifier: MIT
// What is to be done, as its offerer wrote it: the payload of a queue message and part of every
// record. It never changes; what becomes of it stands in the record (item_record.hpp).
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"
#include "protocol/time.hpp"
#include "protocol/work/lanes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nats_mcp::work {

/// An agent as it is named in payloads.
struct party {
  std::string guid;
  std::string handle;

  friend bool operator==(const party&, const party&) = default;
};

struct work_item {
  std::string id;
  std::string task_id;
  /// As it was offered; compared without case.
  std::string capability;
  std::string description;
  int priority = priority_default;
  /// Nobody gets it after this.
  wall_time deadline{};
  /// An object.
  json::value context = json::value::object();
  /// `public` or a project id.
  std::string scope{public_scope};
  /// Only this agent gets it; empty: whoever can do it.
  std::string assigned_to;
  party offered_by;
  wall_time offered_at{};
  /// Attempts before it is dead (`WORKQUEUE_MAX_ATTEMPTS` of its offerer).
  std::uint32_t attempts_max = 3;
  /// The offerer wants to be told of every claim.
  bool notify_claim = false;

  friend bool operator==(const work_item&, const work_item&) = default;
};

/// Where it waits.
[[nodiscard]] lane lane_of(const work_item& item);

/// A queue message: the item, and how often it was put into the queue, from 1.
struct queued_item {
  work_item item;
  std::uint64_t generation = 1;

  friend bool operator==(const queued_item&, const queued_item&) = default;
};

[[nodiscard]] std::string write_queued_item(const queued_item& queued);
/// Reads the payload of a message of the lane `where`. What the subject says (scope, priority, the
/// token) counts, whatever the payload says. @returns `ec::malformed`.
[[nodiscard]] result<queued_item> read_queued_item(const lane& where, std::string_view payload);

/// `<id>-g<generation>`: the message id of a queue message and of a dead letter.
[[nodiscard]] std::string queue_message_id(std::string_view item_id, std::uint64_t generation);

/// The item as a JSON object without generation, and back. Used by the other codecs of this folder.
[[nodiscard]] json::value item_to_json(const work_item& item);
[[nodiscard]] result<work_item> item_from_json(const json::value& document);

} // namespace nats_mcp::work
