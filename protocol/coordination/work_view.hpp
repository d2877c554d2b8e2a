// SPDX-License-Identifier: MIT
// What a coordinator knows of all items, from a watch over the bucket `work_items`: which are open
// and with whom, which are dead, who has how much to do, and what was done. For choosing workers,
// for numbers and for the page; what counts is always the record itself.
#pragma once

#include "protocol/coordination/seen_item.hpp"
#include "protocol/coordination/throughput.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nats_mcp::coordination {

/// What an agent has to do.
struct workload {
  /// Given to it and not claimed.
  std::uint32_t waiting = 0;
  std::uint32_t held = 0;
  /// When it last got, reported on or finished an item.
  wall_time busy_at{};
};

/// Since this view was made, what it found at the beginning not counted.
struct work_totals {
  std::uint64_t offered = 0;
  std::uint64_t claims = 0;
  std::uint64_t completions = 0;
  std::uint64_t failures = 0;
  std::uint64_t releases = 0;
  std::uint64_t lease_expiries = 0;
  std::uint64_t deaths = 0;
};

/// Of very many items it sees those that matter: open ones before dead ones, dead ones before those
/// that are over; of the latter two the newest.
class work_view {
public:
  work_view();
  /// @param items_max it sees at once
  explicit work_view(std::size_t items_max);
  // It points into itself.
  work_view(const work_view&) = delete;
  work_view& operator=(const work_view&) = delete;

  /// Whether an entry was there before anybody watched.
  enum class origin : bool { found, change };

  enum class reading : bool { readable, unreadable };

  /// An entry as a watch brings it; a deletion takes it away. What cannot be read is no item.
  reading apply(const jetstream::kv_entry& entry, origin from);
  void clear();
  /// Records that were written before have left their bucket, which nobody tells.
  void forget_before(wall_time stamp);

  /// Those open or dead, by id.
  [[nodiscard]] const std::map<std::string, seen_item, std::less<>>& items() const noexcept {
    return items_;
  }
  /// How many are in a state.
  [[nodiscard]] std::size_t count(work::item_state state) const noexcept;
  [[nodiscard]] workload load_of(std::string_view worker_guid) const;
  [[nodiscard]] const work_totals& totals() const noexcept { return totals_; }
  [[nodiscard]] const throughput& done() const noexcept { return done_; }
  /// Items that are not seen because there are too many; beyond `limits::work_items_left_out_max`
  /// they are not counted either.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_.size(); }

private:
  /// What tells what is new in the next entry of an item.
  struct known_item {
    work::item_state state = work::item_state::pending;
    wall_time stamp{};
    std::string claim_id;
    std::string last_worker;
    wall_time last_started{};
    bool has_attempts = false;
    bool is_last_open = false;
  };

  /// What makes room for what comes after it.
  enum class worth : std::uint8_t { over, dead, open };
  /// By when a record was written; those written at once by id.
  struct record_place {
    wall_time stamp{};
    /// The key in `known_`.
    const std::string* id = nullptr;

    friend bool operator<(const record_place& left, const record_place& right) {
      return left.stamp != right.stamp ? left.stamp < right.stamp : *left.id < *right.id;
    }
  };
  using known_items = std::unordered_map<std::string, known_item>;
  struct left_out_item {
    wall_time stamp{};
    /// What happened until then was counted while it was seen.
    wall_time counted_until{};
  };
  /// How what an entry tells is counted.
  struct counting {
    origin from{};
    wall_time counted_until{};
  };

  [[nodiscard]] static worth worth_of(work::item_state state) noexcept;
  [[nodiscard]] std::set<record_place>& places_of(work::item_state state) {
    return by_age_[static_cast<std::size_t>(worth_of(state))];
  }
  /// @returns whether there is room for another item, which was written then.
  [[nodiscard]] bool make_room(work::item_state state, wall_time stamp);
  void leave_out(const std::string& id, left_out_item what);
  void forget(const std::string& id);
  void forget(known_items::iterator known);
  void add(std::uint64_t minute_counts::*what, wall_time at, const counting& how);
  void tally(const work::item_record& record, const known_item* before, wall_time stamp,
             const counting& how);
  void tally_attempts(const std::vector<work::attempt>& all, const known_item* before,
                      wall_time stamp, const counting& how);
  void begun(const work::attempt& one, wall_time stamp, const counting& how);
  void ended(const work::attempt& one, wall_time stamp, const counting& how);
  void keep(const work::item_record& record, const known_item* before, wall_time stamp);
  void take_off(const seen_item& item);
  void put_on(const seen_item& item);

  std::size_t items_max_;
  known_items known_;
  /// All that are known, by worth.
  std::array<std::set<record_place>, 3> by_age_;
  std::map<std::string, seen_item, std::less<>> items_;
  std::map<std::string, workload, std::less<>> loads_;
  std::array<std::size_t, 6> counts_{};
  work_totals totals_;
  throughput done_;
  /// Those that are not seen, by the hash of their ids.
  std::unordered_map<std::size_t, left_out_item> left_out_;
  wall_time left_out_looked_at_{};
};

} // namespace nats_mcp::coordination
