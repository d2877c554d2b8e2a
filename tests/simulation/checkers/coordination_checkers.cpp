// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/coordination_checkers.hpp"

#include "protocol/work/item_record.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using work::item_state;

/// Calls `judge` with each two states of a coordinated item that follow on each other.
std::vector<std::string>
judge_coordinated(const coordination_history& history,
                  const std::function<std::string(const item_stored&, const item_stored&)>& judge) {
  std::vector<std::string> found;
  for (const auto& [item, records] : history.journal.records) {
    for (std::size_t i = 1; i < records.size(); ++i) {
      if (!records[i - 1].record.assigned || !records[i].record.assigned) {
        continue;
      }
      if (auto problem = judge(records[i - 1], records[i]); !problem.empty()) {
        found.push_back("item " + item + " " + problem + " (stored as "
                        + std::to_string(records[i].when.order) + ")");
      }
    }
  }
  return found;
}

} // namespace

coordination_history read_coordination(const request_history& requests) {
  coordination_history out;
  out.acts = requests.acts;
  out.journal = read_work_journal(requests.stored);
  return out;
}

std::string_view one_leader_acts_at_a_time::invariant() const noexcept {
  return "at most one leader acts at a time";
}

std::vector<std::string> one_leader_acts_at_a_time::violations() const {
  std::vector<std::string> found;
  std::uint64_t leader = 0;
  std::uint64_t term = 0;
  for (const auto& act : history().acts) {
    if (act.term < term || (act.process != leader && act.term == term)) {
      found.push_back("coordinator " + std::to_string(act.process) + " acts in term "
                      + std::to_string(act.term) + " after coordinator " + std::to_string(leader)
                      + " acted in term " + std::to_string(term) + " (as "
                      + std::to_string(act.order) + ")");
    } else {
      leader = act.process;
      term = act.term;
    }
  }
  return found;
}

std::string_view one_worker_has_an_item::invariant() const noexcept {
  return "a coordinated item is one worker's at a time";
}

std::vector<std::string> one_worker_has_an_item::violations() const {
  auto found = judge_coordinated(
    history(), [](const item_stored& before, const item_stored& after) -> std::string {
      const auto& was = before.record;
      const auto& is = after.record;
      if (was.item.assigned_to == is.item.assigned_to) {
        return {};
      }
      if (!was.item.assigned_to.empty() && is.generation != was.generation + 1) {
        return "went to another worker within generation " + std::to_string(is.generation);
      }
      if (was.held && after.stamp < before.stamp + was.held->lease) {
        return "was taken from whoever held it";
      }
      return {};
    });
  for (const auto& [item, records] : history().journal.records) {
    for (const auto& one : records) {
      const auto& record = one.record;
      if (record.assigned && record.held && record.held->worker.guid != record.item.assigned_to) {
        found.push_back("item " + item + " was given to " + record.item.assigned_to
                        + " and is held by " + record.held->worker.guid);
      }
    }
  }
  return found;
}

std::string_view terms_only_grow::invariant() const noexcept {
  return "no leader changes what a later one decided";
}

std::vector<std::string> terms_only_grow::violations() const {
  return judge_coordinated(
    history(), [](const item_stored& before, const item_stored& after) -> std::string {
      return after.record.assigned->term < before.record.assigned->term
               ? "went from term " + std::to_string(before.record.assigned->term) + " to "
                   + std::to_string(after.record.assigned->term)
               : std::string{};
    });
}

std::string_view every_request_comes_to_an_end::invariant() const noexcept {
  return "every request is finished or dead in the end";
}

std::vector<std::string> every_request_comes_to_an_end::violations() const {
  std::vector<std::string> found;
  std::set<std::string> items{history().accepted.begin(), history().accepted.end()};
  for (const auto& [item, records] : history().journal.records) {
    items.insert(item);
    const auto completions = std::count_if(records.begin(), records.end(), [](const auto& one) {
      return one.record.state == item_state::completed;
    });
    if (completions > 1) {
      found.push_back("item " + item + " was completed " + std::to_string(completions) + " times");
    }
  }
  for (const auto& item : items) {
    const auto* end = end_of(history().journal, item);
    if (end == nullptr || !work::is_over(end->state)) {
      found.push_back(
        "item " + item + " ends as "
        + (end == nullptr ? "never recorded" : std::string{work::to_text(end->state)}));
    }
  }
  if (history().requests_left > 0) {
    found.push_back(std::to_string(history().requests_left) + " requests are left");
  }
  return found;
}

} // namespace nats_mcp::simulation
