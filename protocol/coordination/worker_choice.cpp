// SPDX-License-Identifier: MIT
#include "protocol/coordination/worker_choice.hpp"

#include "protocol/limits/coordination.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <tuple>

namespace nats_mcp::coordination {

namespace {

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool can_do(const candidate& worker, const std::string& capability) {
  return std::any_of(worker.capabilities.begin(), worker.capabilities.end(),
                     [&](const auto& one) { return equal_but_for_case(one, capability); });
}

/// How many more items it could be given.
std::uint32_t free_places_of(const candidate& worker) {
  const bool listens = worker.status == tools::effective_status::online
                       || worker.status == tools::effective_status::busy;
  return listens
           ? limits::assigned_waiting_max - std::min(worker.waiting, limits::assigned_waiting_max)
           : 0;
}

bool comes_into_question(const candidate& worker, const wanted_worker& wanted) {
  const auto& guid = worker.who.guid;
  const bool in_scope =
    wanted.item.scope == work::public_scope || wanted.item.scope == worker.who.project_id;
  const bool offered_it = guid == wanted.item.offered_by.guid;
  return free_places_of(worker) > 0 && in_scope && (!offered_it || guid == wanted.preferred)
         && agents::may_see(wanted.offerer, worker.who, worker.seen_by)
         && !contains(wanted.not_these, guid) && can_do(worker, wanted.item.capability);
}

/// The less, the better.
auto rank(const candidate& worker) {
  const auto load = std::max(std::int64_t{worker.waiting} + worker.held, worker.current_tasks);
  return std::tuple{worker.status != tools::effective_status::online, load, worker.busy_at,
                    worker.who.guid};
}

} // namespace

const candidate* choose_worker(const std::vector<candidate>& all, const wanted_worker& wanted) {
  const candidate* best = nullptr;
  for (const auto& one : all) {
    if (!comes_into_question(one, wanted)) {
      continue;
    }
    if (one.who.guid == wanted.preferred) {
      return &one;
    }
    if (best == nullptr || rank(one) < rank(*best)) {
      best = &one;
    }
  }
  return best;
}

std::size_t places_for(const std::vector<candidate>& all, const wanted_worker& wanted) {
  std::size_t places = 0;
  for (const auto& one : all) {
    places += comes_into_question(one, wanted) ? free_places_of(one) : 0;
  }
  return places;
}

} // namespace nats_mcp::coordination
