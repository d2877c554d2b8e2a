// SPDX-License-Identifier: MIT
// The record of an item in the bucket `work_items`: the truth about it (docs/wire.md, "Work").
// Written only by compare-and-set. What may follow on what is decided in item_change.hpp; here it
// is only written and read.
#pragma once

#include "protocol/error.hpp"
#include "protocol/json/value.hpp"
#include "protocol/time.hpp"
#include "protocol/work/work_item.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::work {

enum class item_state : std::uint8_t { pending, claimed, completed, dead, cancelled, discarded };

/// How an attempt ended.
enum class attempt_end : std::uint8_t {
  /// Still under way.
  open,
  completed,
  /// The worker said so; `error` says why.
  failed,
  /// The worker gave it back; not counted.
  released,
  /// The worker fell silent or held it for too long.
  lease_over,
  /// Taken away by a cancellation.
  cancelled,
};

struct attempt {
  /// From 1; an attempt after a release has the same number again.
  std::uint32_t number = 1;
  party worker;
  /// By the worker's own clock.
  wall_time started_at{};
  /// By the clock of whoever noticed; absent while open.
  std::optional<wall_time> ended_at;
  attempt_end end = attempt_end::open;
  std::string error;
  /// The last note the worker left.
  std::string note;
  /// 0–100, the last one reported.
  std::optional<double> progress;

  friend bool operator==(const attempt&, const attempt&) = default;
};

/// Who holds a claimed item.
struct claim {
  /// The fencing token: random for each claim. Whoever has it holds the item, nobody else.
  std::string id;
  party worker;
  std::string session_id;
  /// The lease is over this long after the server's time stamp of the record.
  std::chrono::milliseconds lease{0};

  friend bool operator==(const claim&, const claim&) = default;
};

/// What a coordinator keeps with an item that it gives to workers one after another
/// (protocol/coordination). The worker is the item's `assigned_to`; empty: none yet.
struct assignment {
  /// Of the coordinator that decided last; 0: none has.
  std::uint64_t term = 0;
  /// By the server's clock: the worker has to have claimed it by then.
  std::optional<wall_time> until;
  /// How many attempts the history held when the worker got it.
  std::uint32_t attempts_before = 0;
  /// The GUIDs of workers it was taken back from, oldest first.
  std::vector<std::string> passed_over;
  /// The queue message of the worker before, as long as it may still be there; 0: none.
  std::uint64_t replaced_sequence = 0;

  friend bool operator==(const assignment&, const assignment&) = default;
};

struct item_record {
  work_item item;
  item_state state = item_state::pending;
  std::uint64_t generation = 1;
  /// The queue message's place in its stream; 0 = cleared, filled by whoever gets a delivery.
  std::uint64_t queue_sequence = 0;
  /// Attempts begun and not given back.
  std::uint32_t attempts_begun = 0;
  /// As the item says; a retry may allow more.
  std::uint32_t attempts_max = 3;
  /// Set exactly while claimed.
  std::optional<claim> held;
  /// While pending: nobody gets it before.
  std::optional<wall_time> not_before;
  /// Set exactly for what a coordinator is to see to; nobody else puts that into a queue.
  std::optional<assignment> assigned;
  /// Oldest first; at most `limits::work_attempts_kept`, the oldest are left out then.
  std::vector<attempt> attempts;
  /// With `completed`.
  std::string summary;
  json::value outcome = json::value::object();
  /// With `dead` and `cancelled`: why.
  std::string reason;
  /// With `dead`: the item was too large to be recorded, and what was left out of it is lost.
  bool incomplete = false;
  /// By the clock of whoever wrote it.
  wall_time updated_at{};

  friend bool operator==(const item_record&, const item_record&) = default;
};

[[nodiscard]] bool is_over(item_state state) noexcept;
/// As in payloads and answers: `pending`, `claimed`, …
[[nodiscard]] std::string_view to_text(item_state state) noexcept;
[[nodiscard]] std::optional<item_state> parse_item_state(std::string_view text) noexcept;
/// As in payloads: `open`, `completed`, `failed`, `released`, `lease-over`, `cancelled`.
[[nodiscard]] std::string_view to_text(attempt_end end) noexcept;

/// The history, as records and dead letters hold it. Of more than `limits::work_attempts_kept` the
/// newest are read. @param document null: there is none.
[[nodiscard]] json::value attempts_to_json(const std::vector<attempt>& all);
[[nodiscard]] std::vector<attempt> attempts_from_json(const json::value* document);

/// The value of an entry. @param write_id random for each decision (docs/wire.md).
[[nodiscard]] std::string write_item_record(const item_record& record, std::string_view write_id);
/// Reads an entry. Others' entries may hold anything. @returns `ec::malformed`.
[[nodiscard]] result<item_record> read_item_record(std::string_view value);

} // namespace nats_mcp::work
