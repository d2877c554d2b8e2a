// SPDX-License-Identifier: MIT
#include "actors/coordination/worker_pool.hpp"

#include "protocol/limits/coordination.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace nats_mcp {

worker_pool::worker_pool(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void worker_pool::clear() {
  candidates_.clear();
  is_current_ = false;
  choices_.clear();
}

void worker_pool::refresh() {
  if (std::exchange(is_current_, true)) {
    return;
  }
  candidates_.clear();
  for (auto& agent : around_.agents->present()) {
    coordination::candidate one;
    one.who = principal_of(agent);
    one.seen_by = agent.visibility;
    one.status = agent.status;
    one.current_tasks = agent.current_task_count;
    one.handle = std::move(agent.handle);
    one.capabilities = std::move(agent.capabilities);
    candidates_.push_back(std::move(one));
  }
}

void worker_pool::item_changed(const std::string& item_id) {
  const auto mine = choices_.find(item_id);
  if (mine == choices_.end()) {
    return;
  }
  const auto& items = around_.work->items();
  const auto known = items.find(item_id);
  if (known == items.end() || known->second.worker.guid == mine->second.worker) {
    choices_.erase(mine); // it is over, or counted as what it is
  }
}

void worker_pool::add_loads() {
  std::map<std::string_view, std::uint32_t> chosen;
  const auto now = around_.now();
  for (auto at = choices_.begin(); at != choices_.end();) {
    if (now - at->second.at > limits::choice_remembered_max) {
      at = choices_.erase(at);
    } else {
      ++chosen[at->second.worker];
      ++at;
    }
  }
  for (auto& one : candidates_) {
    const auto load = around_.work->load_of(one.who.guid);
    const auto more = chosen.find(one.who.guid);
    one.waiting = load.waiting + (more == chosen.end() ? 0 : more->second);
    one.held = load.held;
    one.busy_at = load.busy_at;
  }
}

void worker_pool::update() {
  refresh();
  add_loads();
}

agents::principal worker_pool::offerer_of(const std::string& guid, const std::string& scope) const {
  const agents::principal stranger{guid, scope == work::public_scope ? std::string{} : scope, {}};
  return around_.agents->principal_of(guid).value_or(stranger);
}

std::size_t worker_pool::places_for(const coordination::item_kind& kind) const {
  work::work_item item;
  item.capability = kind.capability;
  item.scope = kind.scope;
  item.offered_by.guid = kind.offered_by;
  const std::vector<std::string> not_these{kind.last_worker};
  return coordination::places_for(
    candidates_, {item, offerer_of(kind.offered_by, kind.scope), kind.preferred_worker, not_these});
}

std::optional<std::string> worker_pool::choose(const coordination::assignment_request& request,
                                               const std::vector<std::string>& not_these) {
  update();
  const auto& item = request.item;
  const auto offerer = offerer_of(item.offered_by.guid, item.scope);
  const auto* best =
    coordination::choose_worker(candidates_, {item, offerer, request.preferred_worker, not_these});
  if (best == nullptr) {
    return std::nullopt;
  }
  choices_.insert_or_assign(item.id, choice{best->who.guid, around_.now()});
  return best->who.guid;
}

} // namespace nats_mcp
