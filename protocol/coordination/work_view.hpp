// SPDX-License-Identifier: MIT
// What a coordinator knows of all items, from a watch over the bucket `work_items`: which are open
// and with whom, which are dead, who has how much to do, and what was done. For choosing workers,
// for numbers and for the page; what counts is always the record itself.
#pragma once

#include "protocol/coordination/throughput.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"
#include "protocol/work/item_record.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nats_mcp::coordination {

/// An item that is open or dead. Texts are as their writers wrote them, cut to what lists show.
struct seen_item {
  std::string id;
  std::string task_id;
  std::string capability;
  std::string scope;
  std::string description;
  int priority = 0;
  work::item_state state = work::item_state::pending;
  /// Who holds it, or to whom it was given, or the last one of a dead item; empty: nobody.
  work::party worker;
  bool is_coordinated = false;
  std::uint32_t attempts_begun = 0;
  std::uint32_t attempts_max = 0;
  std::optional<double> progress;
  std::string note;
  /// With `dead`.
  std::string reason;
  wall_time offered_at{};
  wall_time deadline{};
  /// Since when it is in this state, with this worker; by the server's clock as far as known.
  wall_time since{};
  /// While claimed.
  std::optional<wall_time> lease_until;
  /// While coordinated and given: until when it is to be claimed.
  std::optional<wall_time> assigned_until;
};

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

class work_view {
public:
  /// Whether an entry was there before anybody watched.
  enum class origin : bool { found, change };

  /// An entry as a watch brings it; a deletion takes it away. What cannot be read is no item.
  void apply(const jetstream::kv_entry& entry, origin from);
  void clear();

  /// Those open or dead, by id.
  [[nodiscard]] const std::map<std::string, seen_item, std::less<>>& items() const noexcept {
    return items_;
  }
  /// How many are in a state.
  [[nodiscard]] std::size_t count(work::item_state state) const noexcept;
  [[nodiscard]] workload load_of(std::string_view worker_guid) const;
  [[nodiscard]] const work_totals& totals() const noexcept { return totals_; }
  [[nodiscard]] const throughput& done() const noexcept { return done_; }
  /// Items that are not seen because there are too many.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

private:
  /// What tells what is new in the next entry of an item.
  struct known_item {
    work::item_state state = work::item_state::pending;
    std::string claim_id;
    std::string last_worker;
    wall_time last_started{};
    bool has_attempts = false;
    bool is_last_open = false;
  };

  void forget(const std::string& id);
  void tally(const work::item_record& record, const known_item* before, wall_time stamp,
             origin from);
  void tally_attempts(const std::vector<work::attempt>& all, const known_item* before,
                      wall_time stamp, origin from);
  void begun(const work::attempt& one, wall_time stamp, origin from);
  void ended(const work::attempt& one, wall_time stamp, origin from);
  void keep(const work::item_record& record, const known_item* before, wall_time stamp);
  void take_off(const seen_item& item);
  void put_on(const seen_item& item);

  std::unordered_map<std::string, known_item> known_;
  std::map<std::string, seen_item, std::less<>> items_;
  std::map<std::string, workload, std::less<>> loads_;
  std::array<std::size_t, 6> counts_{};
  work_totals totals_;
  throughput done_;
  std::uint64_t left_out_ = 0;
};

} // namespace nats_mcp::coordination
