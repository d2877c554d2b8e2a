// SPDX-License-Identifier: MIT
// Coordinated items for which a leader found no worker: how soon their requests are to come again,
// and which to look at when somebody has room. There may be many more than can be looked at again
// and again, and among them new ones for idle workers: whatever their number, their requests come
// back slowly enough that others are delivered between them. Pure.
#pragma once

#include "protocol/time.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nats_mcp::coordination {

/// What decides who comes into question for an item.
struct item_kind {
  std::string capability;
  std::string scope;
  /// GUIDs; whose it was last does not get it again before another one.
  std::string offered_by;
  std::string preferred_worker;
  std::string last_worker;

  friend auto operator<=>(const item_kind&, const item_kind&) = default;
};

class unplaced_items {
public:
  /// To how many more items of this kind there are workers.
  using places_rule = std::function<std::size_t(const item_kind&)>;

  /// There was no worker for it just now, or no other one. Beyond
  /// `limits::unplaced_remembered_max` it is not remembered: its request comes back.
  void add(const std::string& item_id, item_kind kind, monotonic_time now);
  void remove(const std::string& item_id);
  void remove_unless(const std::function<bool(const std::string& item_id)>& is_open);
  void clear();
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool contains(const std::string& item_id) const { return items_.contains(item_id); }
  /// The GUID of whom its offerer prefers; empty: nobody, or it is none of these.
  [[nodiscard]] std::string preferred_worker(const std::string& item_id) const;

  /// After how long the request of one is to come again, so that no more than
  /// `limits::unplaced_looks_per_second` do, unless that is longer than nobody may look at an item.
  [[nodiscard]] std::chrono::milliseconds retry_after() const noexcept;

  /// Those to look at now: of each kind as many as there are places, in the order in which they
  /// were found to wait. At most `limits::unplaced_kinds_at_once` kinds, the next ones with the
  /// next call. One that was looked at in vain is left alone for `limits::assignment_retry`.
  /// @param begin returns whether there was room to look at it; ends there.
  void look(const places_rule& places, monotonic_time now,
            const std::function<bool(const std::string& item_id)>& begin);
  /// A look at it is over, if one was under way: it waits on, unless it is removed.
  void looked_at(const std::string& item_id, monotonic_time now);

private:
  /// Not to be looked at before; and its number among those of the same moment.
  using place_in_line = std::pair<monotonic_time, std::uint64_t>;
  struct line {
    std::map<place_in_line, std::string> waiting;
    std::size_t looked_at = 0;
  };
  using lines = std::map<item_kind, line>;
  struct waiting_item {
    lines::iterator line;
    place_in_line place{};
    /// Then it has no place in its line.
    bool is_looked_at = false;
  };

  void line_up(const std::string& item_id, waiting_item& item, monotonic_time from);
  static void step_out(const waiting_item& item);
  /// Takes those of one line that are to be looked at out of it.
  void take(line& from, std::size_t places, monotonic_time now, std::vector<std::string>& out);
  void put_back(const std::string& item_id);
  void leave(const waiting_item& item);

  lines lines_;
  std::unordered_map<std::string, waiting_item> items_;
  /// Where the next look begins.
  item_kind next_;
  std::uint64_t numbers_ = 0;
};

} // namespace nats_mcp::coordination
