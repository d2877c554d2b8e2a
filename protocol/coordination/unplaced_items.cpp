// SPDX-License-Identifier: MIT
#include "protocol/coordination/unplaced_items.hpp"

#include "protocol/limits/coordination.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::coordination {

void unplaced_items::add(const std::string& item_id, item_kind kind, monotonic_time now) {
  if (const auto known = items_.find(item_id); known != items_.end()) {
    if (known->second.line->first == kind) {
      return looked_at(item_id, now); // if it was, in vain
    }
    remove(item_id); // more is known of it now
  }
  if (items_.size() < limits::unplaced_remembered_max) {
    const auto mine = lines_.try_emplace(std::move(kind)).first;
    line_up(item_id, items_.emplace(item_id, waiting_item{mine}).first->second, now);
  }
}

void unplaced_items::line_up(const std::string& item_id, waiting_item& item, monotonic_time from) {
  item.place = {from, ++numbers_};
  item.line->second.waiting.emplace(item.place, item_id);
}

void unplaced_items::step_out(const waiting_item& item) {
  auto& mine = item.line->second;
  if (item.is_looked_at) {
    --mine.looked_at;
  } else {
    mine.waiting.erase(item.place);
  }
}

void unplaced_items::leave(const waiting_item& item) {
  step_out(item);
  if (item.line->second.waiting.empty() && item.line->second.looked_at == 0) {
    lines_.erase(item.line);
  }
}

void unplaced_items::remove(const std::string& item_id) {
  if (const auto known = items_.find(item_id); known != items_.end()) {
    leave(known->second);
    items_.erase(known);
  }
}

void unplaced_items::remove_unless(const std::function<bool(const std::string&)>& is_open) {
  std::erase_if(items_, [&](const auto& one) {
    const bool is_over = !is_open(one.first);
    if (is_over) {
      leave(one.second);
    }
    return is_over;
  });
}

void unplaced_items::clear() {
  items_.clear();
  lines_.clear();
}

std::string unplaced_items::preferred_worker(const std::string& item_id) const {
  const auto known = items_.find(item_id);
  return known == items_.end() ? std::string{} : known->second.line->first.preferred_worker;
}

std::chrono::milliseconds unplaced_items::retry_after() const noexcept {
  const std::chrono::milliseconds spread{1000 * items_.size() / limits::unplaced_looks_per_second};
  return std::clamp<std::chrono::milliseconds>(spread, limits::assignment_retry,
                                               limits::assignment_look_max);
}

void unplaced_items::take(line& from, std::size_t places, monotonic_time now,
                          std::vector<std::string>& out) {
  auto& [waiting, taken] = from;
  for (auto left = places - std::min(places, taken);
       left > 0 && !waiting.empty() && waiting.begin()->first.first <= now; --left) {
    out.push_back(waiting.begin()->second);
    waiting.erase(waiting.begin());
    items_.at(out.back()).is_looked_at = true;
    ++taken;
  }
}

void unplaced_items::put_back(const std::string& item_id) {
  const auto known = items_.find(item_id);
  if (known != items_.end() && known->second.is_looked_at) {
    step_out(known->second);
    known->second.is_looked_at = false;
    known->second.line->second.waiting.emplace(known->second.place, item_id);
  }
}

void unplaced_items::look(const places_rule& places, monotonic_time now,
                          const std::function<bool(const std::string&)>& begin) {
  // Chosen first: a look may be over before `begin` returns, and change the lines.
  std::vector<std::string> chosen;
  auto at = lines_.lower_bound(next_);
  for (auto kinds = std::min(lines_.size(), limits::unplaced_kinds_at_once); kinds > 0; --kinds) {
    if (at == lines_.end()) {
      at = lines_.begin();
    }
    take(at->second, places(at->first), now, chosen);
    ++at;
  }
  next_ = at == lines_.end() ? item_kind{} : at->first;
  auto one = chosen.begin();
  while (one != chosen.end() && begin(*one)) {
    ++one;
  }
  if (one != chosen.end()) {
    if (const auto refused = items_.find(*one); refused != items_.end()) {
      next_ = refused->second.line->first;
    }
    std::for_each(one, chosen.end(), [this](const std::string& id) { put_back(id); });
  }
}

void unplaced_items::looked_at(const std::string& item_id, monotonic_time now) {
  const auto known = items_.find(item_id);
  if (known == items_.end() || !known->second.is_looked_at) {
    return;
  }
  step_out(known->second);
  known->second.is_looked_at = false;
  line_up(item_id, known->second, now + limits::assignment_retry);
}

} // namespace nats_mcp::coordination
