// SPDX-License-Identifier: MIT
// A stream's consumers, its time and its restarts; the rest of the class is in stream.cpp.
#include "tests/simulation/jetstream/stream.hpp"
#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

granted<consumer*> stream::create_consumer(const std::string& name, const consumer_config& config,
                                           instant now) {
  if (auto* existing = find_consumer(name)) {
    if (how_.is(mutation::create_never_rewrites)) {
      return refuse(400, 10148, "consumer already exists");
    }
    if (existing->config().deliver_subject != config.deliver_subject) {
      return refuse(400, 10013, "consumer name already in use");
    }
    if (const auto allowed = check_rewrite(existing->config(), config); !allowed) {
      return tl::make_unexpected(allowed.error());
    }
    // Neither uniqueness nor the consumer limit is looked at again (nats-server 2.9.10).
    existing->rewrite(config, now);
    return existing;
  }
  if (config_.max_consumers && consumers_.size() >= *config_.max_consumers) {
    return refuse(400, 10026, "maximum consumers limit reached");
  }
  if (config_.retention == retention_kind::work_queue && !how_.is(mutation::overlap_rule_missing)) {
    if (const auto unique = check_unique(config); !unique) {
      return tl::make_unexpected(unique.error());
    }
  }
  auto made = std::make_unique<consumer>(config_.name, name, config, how_, log_, out_, now);
  return consumers_.emplace(name, std::move(made)).first->second.get();
}

granted<void> stream::check_unique(const consumer_config& config) const {
  if (config.filter.empty() && !consumers_.empty()) {
    return refuse(400, 10099, "multiple non-filtered consumers not allowed on workqueue stream");
  }
  for (const auto& [name, other] : consumers_) {
    // Patterns that merely overlap, one containing neither the other, are let through (2.9.10).
    const auto theirs = other->config().pattern();
    if (is_subset(config.filter, theirs) || is_subset(theirs, config.filter)
        || (how_.is(mutation::partial_overlaps_refused) && overlap(theirs, config.filter))) {
      return refuse(400, 10100, "filtered consumer not unique on workqueue stream");
    }
  }
  if (config.deliver != deliver_kind::all) {
    return refuse(400, 10101, "consumer must be deliver all on workqueue stream");
  }
  return {};
}

consumer* stream::find_consumer(const std::string& name) {
  const auto found = consumers_.find(name);
  return found == consumers_.end() ? nullptr : found->second.get();
}

bool stream::delete_consumer(const std::string& name) {
  const auto found = consumers_.find(name);
  if (found == consumers_.end()) {
    return false;
  }
  found->second->close("Consumer Deleted");
  consumers_.erase(found);
  return true;
}

void stream::close() {
  announce("Consumer Deleted");
  consumers_.clear();
}

void stream::announce(const std::string& why) {
  for (const auto& [name, reader] : consumers_) {
    reader->close(why);
  }
}

void stream::interest_changed(instant now) {
  for (const auto& [name, reader] : consumers_) {
    reader->interest_changed(now);
  }
}

void stream::advance(instant now) {
  expire(now);
  for (auto entry = consumers_.begin(); entry != consumers_.end();) {
    entry->second->advance(now);
    entry = entry->second->abandoned(now) ? consumers_.erase(entry) : std::next(entry);
  }
}

std::optional<instant> stream::next_due() const {
  std::optional<instant> next;
  if (const auto* oldest = log_.oldest(); oldest != nullptr && config_.max_age.count() > 0) {
    next = oldest->stored_at + config_.max_age;
  }
  for (const auto& [name, reader] : consumers_) {
    if (const auto due = reader->next_due(); due && (!next || *due < *next)) {
      next = due;
    }
  }
  return next;
}

void stream::restarted(instant now) {
  // Consumers in memory are gone, and so are the ids of messages that are.
  for (auto entry = consumers_.begin(); entry != consumers_.end();) {
    if (entry->second->config().memory_storage
        && !how_.is(mutation::restart_keeps_consumers_in_memory)) {
      entry = consumers_.erase(entry);
    } else {
      entry->second->restarted(now);
      ++entry;
    }
  }
  recently_settled_.clear();
  if (!how_.is(mutation::restart_keeps_every_id)) {
    rebuild_duplicates();
  }
}

void stream::killed(std::chrono::nanoseconds unsynced, instant now) {
  if (how_.is(mutation::kill_loses_the_newest_message)) {
    drop(log_.last_sequence());
  }
  if (how_.is(mutation::kill_keeps_every_settlement)) {
    recently_settled_.clear();
  }
  for (auto& forgotten : recently_settled_) {
    if (now - forgotten.at > unsynced || log_.find(forgotten.entry.sequence) != nullptr) {
      continue;
    }
    const auto sequence = forgotten.entry.sequence;
    log_.restore(std::move(forgotten.entry));
    if (auto* reader = find_consumer(forgotten.consumer)) {
      reader->message_restored(sequence, now);
    }
  }
  restarted(now);
}

void stream::rebuild_duplicates() {
  duplicates_.clear();
  for (const auto& [sequence, entry] : log_.entries()) {
    if (const auto id = jetstream::header(entry.headers, "Nats-Msg-Id"); !id.empty()) {
      duplicates_.remember(std::string{id}, sequence, entry.stored_at);
    }
  }
}

json::value stream::information(const std::string& subjects_filter) const {
  const auto* oldest = log_.oldest();
  json::value state{
    {"messages", log_.size()},
    {"bytes", log_.bytes()},
    {"first_seq", log_.first_sequence()},
    {"first_ts", oldest == nullptr ? "0001-01-01T00:00:00Z" : to_text(oldest->stored_at)},
    {"last_seq", log_.last_sequence()},
    {"last_ts",
     log_.last_sequence() == 0 ? "0001-01-01T00:00:00Z" : to_text(log_.last_stored_at())}};
  if (log_.subject_count() > 0) {
    state["num_subjects"] = log_.subject_count();
  }
  if (!subjects_filter.empty() && !how_.is(mutation::description_ignores_the_subjects)) {
    if (const auto counts = log_.counts(subjects_filter); !counts.empty()) {
      state["subjects"] = counts;
    }
  }
  if (log_.size() > 0) {
    const auto deleted = log_.last_sequence() - log_.first_sequence() + 1 - log_.size();
    if (deleted > 0) {
      state["num_deleted"] = deleted;
    }
  }
  state["consumer_count"] = consumers_.size();
  return {{"config", to_json(config_)}, {"created", to_text(created_)}, {"state", state}};
}

} // namespace nats_mcp::simulation
