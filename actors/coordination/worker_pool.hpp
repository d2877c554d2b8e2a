// SPDX-License-Identifier: MIT
// Who comes into question for an item, from what a leader sees of agents and work, and of its own
// choices that no record shows yet: else one worker would get everything that is decided at one
// moment. Part of the coordinator's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/coordination/assignment_request.hpp"
#include "protocol/coordination/unplaced_items.hpp"
#include "protocol/coordination/work_view.hpp"
#include "protocol/coordination/worker_choice.hpp"
#include "protocol/time.hpp"

#include "actors/coordination/everybody.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace nats_mcp {

class worker_pool {
public:
  struct surroundings {
    const everybody* agents = nullptr;
    const coordination::work_view* work = nullptr;
    std::function<monotonic_time()> now;
  };

  explicit worker_pool(surroundings around);

  /// The best worker for a request (protocol/coordination/worker_choice.hpp), which counts as
  /// having the item from now on.
  [[nodiscard]] std::optional<std::string> choose(const coordination::assignment_request& request,
                                                  const std::vector<std::string>& not_these);
  /// Looks at what the workers have to do by now.
  void update();
  /// How many more items of this kind could be given to somebody, as of the last update.
  [[nodiscard]] std::size_t places_for(const coordination::item_kind& kind) const;
  /// Nobody was given the item after all.
  void not_given(const std::string& item_id) { choices_.erase(item_id); }

  /// The view of work shows something else of this item now.
  void item_changed(const std::string& item_id);
  /// Agents are different now.
  void agents_changed() noexcept { is_current_ = false; }
  void clear();

private:
  /// Of an item's offerer. Somebody who is not known any more saw what everybody sees, and its own
  /// project.
  [[nodiscard]] agents::principal offerer_of(const std::string& guid,
                                             const std::string& scope) const;
  struct choice {
    std::string worker;
    monotonic_time at{};
  };

  void refresh();
  /// What each of them has to do.
  void add_loads();

  surroundings around_;
  std::vector<coordination::candidate> candidates_;
  bool is_current_ = false;
  /// By item.
  std::unordered_map<std::string, choice> choices_;
};

} // namespace nats_mcp
