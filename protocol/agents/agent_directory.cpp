// SPDX-License-Identifier: MIT
#include "protocol/agents/agent_directory.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace nats_mcp::agents {

namespace {

bool matches(const tools::discover_agents_arguments& what, const agent_record& record) {
  const auto same = [](const std::optional<std::string>& wanted, const std::string& given) {
    return !wanted || equal_but_for_case(*wanted, given);
  };
  const auto& offered = record.capabilities;
  return same(what.agent_type, record.agent_type) && same(what.hostname, record.hostname)
         && same(what.project_id, record.project_id)
         && (!what.capability
             || std::any_of(offered.begin(), offered.end(), [&what](const std::string& one) {
                  return equal_but_for_case(one, *what.capability);
                }));
}

bool is_there(tools::effective_status status) {
  return status == tools::effective_status::online || status == tools::effective_status::busy;
}

bool matches(const tools::discover_agents_arguments& what, tools::effective_status status) {
  return what.status ? status == *what.status : what.include_offline || is_there(status);
}

} // namespace

agent_directory::applied agent_directory::apply(const jetstream::kv_entry& entry) {
  const bool is_put = entry.operation == jetstream::kv_operation::put;
  const auto key = parse_agent_key(entry.key);
  if (!key) {
    return {false, is_put};
  }
  std::string guid{key->guid};
  auto record = is_put ? read_agent_record(entry.key, entry.value)
                       : result<agent_record>{fail(ec::not_found, {})};
  const auto known = by_guid_.find(guid);
  if (!record) { // gone, or nothing that could be read
    const auto is_it = [&entry](const seen_entry& one) { return one.key == entry.key; };
    if (known == by_guid_.end() || std::erase_if(known->second.entries, is_it) == 0) {
      return {false, is_put};
    }
    if (known->second.entries.empty()) {
      by_guid_.erase(known);
    } else {
      work_out(known->second);
    }
    return {true, is_put};
  }
  if (known == by_guid_.end() && by_guid_.size() >= limits::agents_in_view_max) {
    left_out_.insert(entry.key.substr(0, entry.key.size() - guid_length));
    return {};
  }
  auto& one = by_guid_[guid];
  auto place = std::find_if(one.entries.begin(), one.entries.end(),
                            [&entry](const seen_entry& old) { return old.key == entry.key; });
  if (place == one.entries.end()) {
    place = one.entries.emplace(place);
  } else if (entry.revision < place->revision) {
    return {}; // from a look that was slower than the watch
  }
  *place = {entry.key, std::move(*record), entry.revision, entry.stored_at};
  work_out(one);
  one.said = look(one, one.seen).status;
  return {true, false};
}

std::vector<jetstream::kv_entry>
agent_directory::apply_presence(std::vector<jetstream::kv_entry> snapshot) {
  // By revision and not by time stamp: the server's clock may have been set back.
  std::sort(snapshot.begin(), snapshot.end(),
            [](const auto& left, const auto& right) { return left.revision < right.revision; });
  std::vector<jetstream::kv_entry> strange;
  for (auto& entry : snapshot) {
    if (entry.operation != jetstream::kv_operation::put) {
      continue;
    }
    const auto key = parse_agent_key(entry.key);
    const auto known = key ? by_guid_.find(std::string{key->guid}) : by_guid_.end();
    auto session_id = read_presence(entry.value);
    const bool is_strange = !key || session_id.empty();
    if (known != by_guid_.end()) {
      known->second.presence = {std::move(session_id), entry.stored_at};
      work_out(known->second);
    }
    if (is_strange) {
      strange.push_back(std::move(entry));
    }
  }
  return strange;
}

void agent_directory::forget(std::string_view pattern) {
  const auto prefix = pattern.ends_with('>') ? pattern.substr(0, pattern.size() - 1) : pattern;
  std::erase_if(left_out_, [prefix](const std::string& one) { return prefix.starts_with(one); });
  drop([prefix](const seen_entry& entry) { return entry.key.starts_with(prefix); });
}

void agent_directory::forget_expired(wall_time server_now) {
  drop([server_now](const seen_entry& entry) {
    return entry.stored_at + limits::agent_kept_for <= server_now;
  });
}

template <class Doomed>
void agent_directory::drop(Doomed doomed) {
  for (auto at = by_guid_.begin(); at != by_guid_.end();) {
    const bool fewer = std::erase_if(at->second.entries, doomed) > 0;
    if (at->second.entries.empty()) {
      at = by_guid_.erase(at);
      continue;
    }
    if (fewer) {
      work_out(at->second);
    }
    ++at;
  }
}

void agent_directory::clear() {
  by_guid_.clear();
  left_out_.clear();
}

agent_directory::selection agent_directory::select(const tools::discover_agents_arguments& what,
                                                   wall_time server_now) const {
  std::vector<sighting> found;
  for (const auto& [guid, one] : by_guid_) {
    const auto here = look(one, server_now);
    if (matches(what, here.status) && matches(what, here.entry->record)) {
      found.push_back(here);
    }
  }
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(what.limit, 1));
  const auto shown = std::min(found.size(), limit);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown), found.end(),
                    seen_before);
  selection out;
  for (std::size_t i = 0; i < shown; ++i) {
    out.first.push_back(summary_of(found[i]));
  }
  out.behind.reserve(found.size() - shown);
  for (std::size_t i = shown; i < found.size(); ++i) {
    auto& one = out.behind.emplace_back();
    one.seen = found[i].seen;
    std::copy_n(found[i].entry->record.guid.begin(), one.guid.size(), one.guid.begin());
  }
  return out;
}

std::optional<tools::agent_summary>
agent_directory::find_matching(std::string_view guid, const tools::discover_agents_arguments& what,
                               wall_time server_now) const {
  const auto known = by_guid_.find(std::string{guid});
  if (known == by_guid_.end()) {
    return std::nullopt;
  }
  const auto here = look(known->second, server_now);
  const bool fits = matches(what, here.status) && matches(what, here.entry->record);
  return fits ? std::optional{summary_of(here)} : std::nullopt;
}

std::optional<tools::agent_summary> agent_directory::find(std::string_view guid,
                                                          wall_time server_now) const {
  const auto known = by_guid_.find(std::string{guid});
  return known == by_guid_.end() ? std::nullopt
                                 : std::optional{summary_of(look(known->second, server_now))};
}

std::vector<tools::agent_summary> agent_directory::find_handle(std::string_view handle,
                                                               wall_time server_now) const {
  std::vector<sighting> found;
  for (const auto& [guid, one] : by_guid_) {
    const auto here = look(one, server_now);
    if (here.entry->record.handle == handle) {
      found.push_back(here);
    }
  }
  std::sort(found.begin(), found.end(), seen_before);
  std::vector<tools::agent_summary> out;
  out.reserve(found.size());
  for (const auto& one : found) {
    out.push_back(summary_of(one));
  }
  return out;
}

bool agent_directory::look_who_is_there(wall_time server_now) {
  bool different = false;
  for (auto& [guid, one] : by_guid_) {
    const auto before = std::exchange(one.said, look(one, server_now).status);
    different = different || is_there(before) != is_there(one.said);
  }
  return different;
}

std::optional<wall_time> agent_directory::next_look() const {
  std::optional<wall_time> next;
  for (const auto& [guid, one] : by_guid_) {
    if (one.said == tools::effective_status::offline) {
      continue;
    }
    // One that is stale may come back.
    const auto intervals = is_there(one.said) ? stale_after_intervals : offline_after_intervals;
    const auto due = one.seen + intervals * one.entries[one.newest].record.heartbeat_interval;
    next = std::min(next.value_or(due), due);
  }
  return next;
}

wall_time agent_directory::newest_stamp() const {
  wall_time newest{};
  for (const auto& [guid, one] : by_guid_) {
    for (const auto& entry : one.entries) {
      newest = std::max(newest, entry.stored_at);
    }
  }
  return newest;
}

void agent_directory::work_out(agent& one) {
  one.newest = 0;
  for (std::size_t i = 1; i < one.entries.size(); ++i) {
    if (one.entries[i].revision > one.entries[one.newest].revision) {
      one.newest = i;
    }
  }
  const auto& entry = one.entries[one.newest];
  one.seen = last_seen(entry.record, entry.stored_at, one.presence ? &*one.presence : nullptr);
}

agent_directory::sighting agent_directory::look(const agent& one, wall_time server_now) {
  const auto& entry = one.entries[one.newest];
  return {&entry, one.seen, judge(entry.record, one.seen, server_now)};
}

bool agent_directory::seen_before(const sighting& left, const sighting& right) {
  return std::tie(right.seen, left.entry->record.guid)
         < std::tie(left.seen, right.entry->record.guid);
}

tools::agent_summary agent_directory::summary_of(const sighting& one) {
  const auto& record = one.entry->record;
  return {record.guid,
          record.handle,
          record.agent_type,
          one.status,
          record.capabilities,
          to_rfc3339(one.seen),
          record.hostname,
          record.project_id,
          record.username,
          record.seen_by,
          record.current_task_count,
          to_rfc3339(record.registered_at)};
}

} // namespace nats_mcp::agents
