// SPDX-License-Identifier: MIT
#include "protocol/coordination/metric_families.hpp"

#include "protocol/limits/coordination.hpp"
#include "protocol/work/capability_token.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace nats_mcp::coordination {

namespace {

using tools::effective_status;
using work::item_state;

metric_family single(std::string name, metric_kind kind, std::string help, double value) {
  return {std::move(name), kind, std::move(help), {{{}, value}}};
}

metric_family total(std::string name, std::string help, std::uint64_t value) {
  return single(std::move(name), metric_kind::counter, std::move(help), static_cast<double>(value));
}

double seconds(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(std::max(duration, duration.zero())).count();
}

metric_family agents_by_status(const std::vector<tools::agent_summary>& agents) {
  metric_family out{
    "nats_mcp_agents", metric_kind::gauge, "Registered agents by what others see.", {}};
  for (const auto status : {effective_status::online, effective_status::busy,
                            effective_status::stale, effective_status::offline}) {
    const auto count = std::count_if(agents.begin(), agents.end(),
                                     [status](const auto& one) { return one.status == status; });
    out.samples.push_back(
      {{{"status", std::string{tools::to_text(status)}}}, static_cast<double>(count)});
  }
  return out;
}

metric_family items_by_state(const work_view& work) {
  metric_family out{"nats_mcp_work_items",
                    metric_kind::gauge,
                    "Work items by state, as long as their records are kept.",
                    {}};
  for (const auto state : {item_state::pending, item_state::claimed, item_state::completed,
                           item_state::dead, item_state::cancelled, item_state::discarded}) {
    out.samples.push_back(
      {{{"state", std::string{to_text(state)}}}, static_cast<double>(work.count(state))});
  }
  return out;
}

/// How many wait, and for how long the oldest of them has, for each capability and priority.
std::vector<metric_family> queues(const work_view& work, wall_time server_now) {
  struct queue {
    double depth = 0;
    wall_time oldest = wall_time::max();
  };
  std::map<std::pair<std::string, int>, queue> all;
  for (const auto& [id, item] : work.items()) {
    if (item.state == item_state::pending) {
      auto capability = work::capability_of(work::capability_token(item.capability));
      const std::pair where{capability.value_or(std::string{}), item.priority};
      if (all.size() >= limits::metric_queues_max && !all.contains(where)) {
        continue;
      }
      auto& one = all[where];
      ++one.depth;
      one.oldest = std::min(one.oldest, item.offered_at);
    }
  }
  metric_family depth{
    "nats_mcp_queue_depth", metric_kind::gauge, "Items that wait, by capability and priority.", {}};
  metric_family age{"nats_mcp_queue_oldest_age_seconds",
                    metric_kind::gauge,
                    "How long ago the oldest waiting item was offered.",
                    {}};
  for (const auto& [where, one] : all) {
    const std::vector<std::pair<std::string, std::string>> labels{
      {"capability", where.first}, {"priority", std::to_string(where.second)}};
    depth.samples.push_back({labels, one.depth});
    age.samples.push_back({labels, seconds(server_now - one.oldest)});
  }
  return {std::move(depth), std::move(age)};
}

metric_family restarts_of(const std::vector<std::pair<std::string, std::uint64_t>>& all) {
  metric_family out{
    "nats_mcp_actor_restarts_total", metric_kind::counter, "Restarts by part of this process.", {}};
  for (const auto& [actor, count] : all) {
    out.samples.push_back({{{"actor", actor}}, static_cast<double>(count)});
  }
  return out;
}

std::vector<metric_family> work_totals_of(const work_totals& totals) {
  return {
    total("nats_mcp_offers_total", "Items offered.", totals.offered),
    total("nats_mcp_claims_total", "Attempts begun.", totals.claims),
    total("nats_mcp_completions_total", "Items completed.", totals.completions),
    total("nats_mcp_failures_total", "Attempts that failed.", totals.failures),
    total("nats_mcp_releases_total", "Attempts that were given back.", totals.releases),
    total("nats_mcp_lease_expiries_total", "Attempts whose worker fell silent.",
          totals.lease_expiries),
    total("nats_mcp_dead_letters_total", "Items that died.", totals.deaths),
  };
}

/// What the process knows by itself.
std::vector<metric_family> own_families(const coordinator_numbers& numbers) {
  return {
    single("nats_mcp_coordinator_up_to_date", metric_kind::gauge,
           "1 while this coordinator sees what is in NATS; 0: what comes from there is left out.",
           numbers.seen == sight::fresh ? 1 : 0),
    single("nats_mcp_coordinator_leader", metric_kind::gauge, "1 while this coordinator leads.",
           numbers.is_leader ? 1 : 0),
    single("nats_mcp_coordinator_term", metric_kind::gauge,
           "The term in which this coordinator leads, 0 while it does not.",
           static_cast<double>(numbers.term)),
    total("nats_mcp_assignments_total", "Items given to a worker by this coordinator.",
          numbers.assignments),
    total("nats_mcp_reassignments_total",
          "Items taken back and given to another worker by this coordinator.",
          numbers.reassignments),
    restarts_of(numbers.restarts),
    total("nats_mcp_nats_reconnects_total", "Connections to NATS after the first one.",
          numbers.reconnects),
  };
}

/// What was seen in NATS.
std::vector<metric_family> seen_families(const coordinator_numbers& numbers,
                                         const work_view& work) {
  std::vector<metric_family> out{
    agents_by_status(numbers.agents),
    items_by_state(work),
    single("nats_mcp_work_items_left_out", metric_kind::gauge,
           "Items that are in no other number: there are more than a coordinator keeps in view.",
           static_cast<double>(work.left_out())),
    single("nats_mcp_requests_unplaced", metric_kind::gauge,
           "Coordinated items for which there is no worker yet.",
           static_cast<double>(numbers.unplaced)),
  };
  for (auto&& some : {queues(work, numbers.server_now), work_totals_of(work.totals())}) {
    out.insert(out.end(), some.begin(), some.end());
  }
  if (numbers.round_trip) {
    out.push_back(single("nats_mcp_nats_round_trip_seconds", metric_kind::gauge,
                         "The last round trip to the NATS server.",
                         std::chrono::duration<double>(*numbers.round_trip).count()));
  }
  return out;
}

} // namespace

std::vector<metric_family> metric_families(const coordinator_numbers& numbers,
                                           const work_view& work) {
  auto out = own_families(numbers);
  if (numbers.seen == sight::fresh) {
    const auto seen = seen_families(numbers, work);
    out.insert(out.end(), seen.begin(), seen.end());
  }
  return out;
}

} // namespace nats_mcp::coordination
