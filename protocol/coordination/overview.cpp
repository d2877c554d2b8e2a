// SPDX-License-Identifier: MIT
#include "protocol/coordination/overview.hpp"

#include "protocol/limits/coordination.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace nats_mcp::coordination {

namespace {

using work::item_state;

std::string cut(std::string_view text) {
  return first_characters(text, limits::overview_text_characters_max);
}

json::value party_part(const work::party& who) {
  return {{"guid", who.guid}, {"handle", cut(who.handle)}};
}

void add_time(json::value& to, const char* name, const std::optional<wall_time>& at) {
  if (at) {
    to[name] = to_rfc3339(*at);
  }
}

json::value item_part(const seen_item& item) {
  json::value out{{"id", item.id},
                  {"task", cut(item.task_id)},
                  {"capability", item.capability},
                  {"priority", item.priority},
                  {"description", cut(item.description)},
                  {"state", to_text(item.state)},
                  {"attempt", item.attempts_begun},
                  {"maxAttempts", item.attempts_max},
                  {"since", to_rfc3339(item.since)},
                  {"deadline", to_rfc3339(item.deadline)}};
  if (!item.worker.guid.empty()) {
    out["worker"] = party_part(item.worker);
  }
  if (item.is_coordinated) {
    out["coordinated"] = true;
  }
  if (item.progress) {
    out["progress"] = *item.progress;
  }
  if (!item.note.empty()) {
    out["note"] = cut(item.note);
  }
  add_time(out, "leaseUntil", item.lease_until);
  add_time(out, "assignedUntil", item.assigned_until);
  return out;
}

json::value letter_part(const seen_item& item) {
  return {{"id", item.id},
          {"task", cut(item.task_id)},
          {"capability", item.capability},
          {"description", cut(item.description)},
          {"reason", cut(item.reason)},
          {"attempts", item.attempts_begun},
          {"worker", party_part(item.worker)},
          {"since", to_rfc3339(item.since)}};
}

/// The first of them in an order, at most `most`. @param how_many of all.
template <class Wanted, class Order>
std::vector<const seen_item*> first_of(const work_view& work, std::size_t most, Wanted is_wanted,
                                       Order comes_before) {
  std::vector<const seen_item*> out;
  for (const auto& one : work.items()) {
    if (is_wanted(one.second)) {
      out.push_back(&one.second);
    }
  }
  const auto shown = std::min(most, out.size());
  std::partial_sort(
    out.begin(), out.begin() + static_cast<std::ptrdiff_t>(shown), out.end(),
    [&](const auto* left, const auto* right) { return comes_before(*left, *right); });
  out.resize(shown);
  return out;
}

json::value agent_part(const tools::agent_summary& agent, const workload& load) {
  return {{"guid", agent.guid},
          {"handle", cut(agent.handle)},
          {"type", cut(agent.agent_type)},
          {"status", tools::to_text(agent.status)},
          {"hostname", agent.hostname},
          {"project", agent.project_id},
          {"capabilities", agent.capabilities},
          {"lastSeen", agent.last_seen},
          {"tasks", agent.current_task_count},
          {"waiting", load.waiting},
          {"held", load.held}};
}

} // namespace

// -- the parts -----------------------------------------------------------------------------------

json::value coordinator_part(const overview_facts& facts) {
  return {{"leads", facts.is_leader}, {"term", facts.term}, {"leader", facts.leader}};
}

json::value agents_part(const overview_facts& facts, const work_view& work) {
  auto agents = json::value::array();
  for (const auto& one : facts.agents) {
    if (agents.size() < limits::overview_agents_max) {
      agents.push_back(agent_part(one, work.load_of(one.guid)));
    }
  }
  return {{"total", facts.agents.size()}, {"agents", std::move(agents)}};
}

json::value channels_part(const overview_facts& facts) {
  auto channels = json::value::array();
  for (const auto& channel : facts.channels) {
    if (channels.size() == limits::overview_channels_max) {
      break;
    }
    auto messages = json::value::array();
    const auto& newest = channel.newest;
    const auto shown = std::min(newest.size(), limits::overview_messages_max);
    for (auto at = newest.size() - shown; at < newest.size(); ++at) {
      messages.push_back({{"sequence", newest[at].sequence},
                          {"at", newest[at].timestamp},
                          {"handle", cut(newest[at].handle)},
                          {"text", cut(newest[at].message)}});
    }
    channels.push_back({{"name", channel.name}, {"messages", std::move(messages)}});
  }
  return {{"total", facts.channels.size()}, {"channels", std::move(channels)}};
}

json::value work_part(const work_view& work) {
  auto counts = json::value::object();
  for (const auto state : {item_state::pending, item_state::claimed, item_state::completed,
                           item_state::dead, item_state::cancelled, item_state::discarded}) {
    counts[std::string{to_text(state)}] = work.count(state);
  }
  const auto open = first_of(
    work, limits::overview_items_max, [](const auto& item) { return !is_over(item.state); },
    [](const auto& left, const auto& right) {
      const auto rank = [](const auto& item) {
        return std::tuple{item.state != item_state::claimed, -item.priority, item.offered_at};
      };
      return rank(left) != rank(right) ? rank(left) < rank(right) : left.id < right.id;
    });
  auto items = json::value::array();
  for (const auto* one : open) {
    items.push_back(item_part(*one));
  }
  const auto total = work.count(item_state::pending) + work.count(item_state::claimed);
  return {{"counts", std::move(counts)},
          {"leftOut", work.left_out()},
          {"total", total},
          {"items", std::move(items)}};
}

json::value dead_letters_part(const work_view& work) {
  const auto dead = first_of(
    work, limits::overview_letters_max,
    [](const auto& item) { return item.state == item_state::dead; },
    [](const auto& left, const auto& right) {
      return left.since != right.since ? left.since > right.since : left.id < right.id;
    });
  auto items = json::value::array();
  for (const auto* one : dead) {
    items.push_back(letter_part(*one));
  }
  return {{"total", work.count(item_state::dead)}, {"items", std::move(items)}};
}

json::value throughput_part(const overview_facts& facts, const work_view& work) {
  auto minutes = json::value::array();
  for (const auto& [at, counts] : work.done().last_hour(facts.server_now)) {
    minutes.push_back({{"at", to_rfc3339(at)},
                       {"offered", counts.offered},
                       {"claimed", counts.claimed},
                       {"completed", counts.completed},
                       {"failed", counts.failed},
                       {"dead", counts.dead}});
  }
  return {{"minutes", std::move(minutes)}};
}

// -- all of them ---------------------------------------------------------------------------------

std::vector<overview_event> overview::update(const overview_facts& facts, const work_view& work) {
  const bool knows_both = facts.knows_agents && facts.knows_work;
  const auto part = [this](const char* name, bool is_known, auto make) -> overview_event {
    if (!is_known) {
      const auto shown = std::find_if(parts_.begin(), parts_.end(),
                                      [name](const auto& one) { return one.name == name; });
      if (shown != parts_.end()) {
        return *shown;
      }
    }
    return {name, json::write(make())};
  };
  std::vector<overview_event> now{
    part("coordinator", true, [&] { return coordinator_part(facts); }),
    part("agents", knows_both, [&] { return agents_part(facts, work); }),
    part("work", facts.knows_work, [&] { return work_part(work); }),
    part("dead-letters", facts.knows_work, [&] { return dead_letters_part(work); }),
    part("channels", true, [&] { return channels_part(facts); }),
    part("throughput", facts.knows_work, [&] { return throughput_part(facts, work); }),
  };
  std::vector<overview_event> changed;
  for (std::size_t at = 0; at < now.size(); ++at) {
    if (at >= parts_.size() || parts_[at] != now[at]) {
      changed.push_back(now[at]);
    }
  }
  parts_ = std::move(now);
  return changed;
}

std::string write_event(const overview_event& event) {
  // JSON of ours has no line feed outside its texts, and within them it is escaped.
  return "event: " + event.name + "\ndata: " + event.data + "\n\n";
}

} // namespace nats_mcp::coordination
