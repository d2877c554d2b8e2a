// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/stream.hpp"

#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::simulation {

namespace {

constexpr std::string_view id_header = "Nats-Msg-Id";
constexpr std::string_view expected_header = "Nats-Expected-Last-Subject-Sequence";
constexpr std::string_view rollup_header = "Nats-Rollup";
constexpr int store_failed = 10077;

/// Longer than any test's idea of what had not reached the disk.
constexpr auto settled_kept = std::chrono::seconds{2};

granted<void> wrong_sequence(std::uint64_t last) {
  return refuse(400, 10071, "wrong last sequence: " + std::to_string(last));
}

} // namespace

stream::stream(stream_config config, behaviour how, const outlet& out, instant now)
  : config_{std::move(config)}
  , how_{how}
  , out_{out}
  , created_{now}
  , log_{config_.storage} {
  // nop
}

bool stream::owns(std::string_view subject) const {
  return std::any_of(config_.subjects.begin(), config_.subjects.end(),
                     [&](const auto& pattern) { return matches(pattern, subject); });
}

granted<stored_at_sequence> stream::publish(const jetstream::outgoing& message, instant now) {
  const std::string id{jetstream::header(message.headers, id_header)};
  const auto size = wire_size(message.headers) + message.payload.size();
  if (config_.max_message_size && size > *config_.max_message_size) {
    return refuse(400, 10054, "message size exceeds maximum allowed");
  }
  if (how_.order == check_order::expected_sequence_first) {
    if (const auto expected = check_expectations(message); !expected) {
      return tl::make_unexpected(expected.error());
    }
  }
  if (!id.empty()) {
    if (const auto before = duplicates_.find(id, now, config_.duplicate_window)) {
      return stored_at_sequence{*before, true};
    }
  }
  if (const auto expected = check_expectations(message); !expected) {
    return tl::make_unexpected(expected.error());
  }
  const auto rollup = jetstream::header(message.headers, rollup_header);
  if (!rollup.empty() && !config_.allow_rollup) {
    return refuse(500, 10111, "rollup not permitted");
  }
  const auto stored_at = how_.is(mutation::time_stands_still) ? created_ : now;
  log_entry entry{0, message.subject, message.headers, message.payload, stored_at};
  if (const auto room = check_room(entry); !room) {
    return tl::make_unexpected(room.error());
  }
  const auto sequence = log_.append(std::move(entry));
  if (!id.empty()) {
    duplicates_.remember(id, sequence, now);
  }
  if (!rollup.empty()) {
    purge({rollup == "all" ? std::string{} : message.subject, sequence, 0});
  }
  enforce_limits(message.subject);
  if (const auto* stored = log_.find(sequence)) {
    const auto copy = *stored;
    for (const auto& [name, reader] : consumers_) {
      reader->message_stored(copy, now);
    }
  }
  return stored_at_sequence{sequence, false};
}

granted<void> stream::check_expectations(const jetstream::outgoing& message) const {
  if (const auto name = jetstream::header(message.headers, "Nats-Expected-Stream");
      !name.empty() && name != config_.name) {
    return refuse(400, 10060, "expected stream does not match");
  }
  const auto expected = jetstream::header(message.headers, expected_header);
  if (expected.empty()) {
    return {};
  }
  const auto* newest = log_.last_of(message.subject);
  const auto last = newest == nullptr ? 0 : newest->sequence;
  std::uint64_t wanted = 0;
  const auto [end, failure] =
    std::from_chars(expected.data(), expected.data() + expected.size(), wanted);
  const auto readable = failure == std::errc{} && end == expected.data() + expected.size();
  return readable && wanted == last ? granted<void>{} : wrong_sequence(last);
}

granted<void> stream::check_room(const log_entry& entry) const {
  if (config_.discard != discard_kind::newest) {
    return {};
  }
  const auto of_subject = log_.count(entry.subject, 0);
  // At its subject's limit a message takes the place of the subject's oldest.
  const auto replaces =
    config_.max_messages_per_subject && of_subject >= *config_.max_messages_per_subject;
  if (replaces && config_.discard_new_per_subject) {
    return refuse(503, store_failed, "maximum messages per subject exceeded");
  }
  if (config_.max_messages && log_.size() >= *config_.max_messages && !replaces) {
    return refuse(503, store_failed, "maximum messages exceeded");
  }
  // nats-server 2.9 compares without a record's overhead, so a message may be admitted that does
  // not fit; the oldest goes then, discard policy or not.
  const auto content = how_.is(mutation::only_what_fits_is_admitted)
                         ? stored_size(entry, config_.storage)
                         : wire_size(entry.headers) + entry.payload.size();
  if (config_.max_bytes && log_.bytes() + content >= *config_.max_bytes) {
    const auto* oldest = replaces ? log_.next_of(entry.subject, 0) : nullptr;
    if (oldest == nullptr
        || log_.size_of(oldest->sequence) <= stored_size(entry, config_.storage)) {
      return refuse(503, store_failed, "maximum bytes exceeded");
    }
  }
  return {};
}

void stream::enforce_limits(const std::string& subject) {
  if (config_.max_messages_per_subject && !subject.empty()) {
    while (log_.count(subject, 0) > *config_.max_messages_per_subject) {
      drop(log_.next_of(subject, 0)->sequence);
    }
  }
  while ((config_.max_messages && log_.size() > *config_.max_messages)
         || (config_.max_bytes && log_.bytes() > *config_.max_bytes)) {
    drop(log_.oldest()->sequence);
  }
}

void stream::drop(std::uint64_t sequence) {
  if (log_.remove(sequence)) {
    for (const auto& [name, reader] : consumers_) {
      reader->message_removed(sequence);
    }
  }
}

granted<void> stream::remove(std::uint64_t sequence) {
  if (config_.deny_delete) {
    return refuse(500, 10057, "message delete not permitted");
  }
  if (sequence > log_.last_sequence()) {
    return refuse(500, 10057, "stream store EOF");
  }
  if (log_.find(sequence) == nullptr) {
    return refuse(400, 10043, "sequence " + std::to_string(sequence) + " not found");
  }
  drop(sequence);
  return {};
}

std::uint64_t stream::purge(const purge_request& request) {
  auto doomed = log_.sequences(request.filter.empty() ? std::string_view{">"} : request.filter);
  if (request.below > 0) {
    doomed.erase(std::lower_bound(doomed.begin(), doomed.end(), request.below), doomed.end());
  }
  const auto kept = std::min<std::uint64_t>(request.keep, doomed.size());
  doomed.resize(doomed.size() - kept);
  for (const auto sequence : doomed) {
    drop(sequence);
  }
  return doomed.size();
}

void stream::settle(const delivery_name& delivery, std::string_view payload, instant now) {
  auto* reader = find_consumer(delivery.consumer);
  if (reader == nullptr || is_ignored(delivery, payload, *reader)) {
    return;
  }
  const auto* entry = log_.find(delivery.stream_sequence);
  settled done{entry == nullptr ? log_entry{} : *entry, delivery.consumer, now};
  if (!reader->settle(delivery.stream_sequence, payload, now)
      || config_.retention == retention_kind::limits || entry == nullptr
      || how_.is(mutation::acknowledged_work_stays)) {
    return;
  }
  while (!recently_settled_.empty() && now - recently_settled_.front().at > settled_kept) {
    recently_settled_.pop_front();
  }
  recently_settled_.push_back(std::move(done));
  drop(delivery.stream_sequence);
}

bool stream::is_ignored(const delivery_name& delivery, std::string_view payload,
                        const consumer& of) const {
  const auto count = of.ledger().count(delivery.stream_sequence);
  if (count == 0) {
    return how_.is(mutation::ack_of_an_undelivered_message_harmless);
  }
  if (delivery.delivery_count >= count) {
    return false;
  }
  return (how_.is(mutation::late_ack_harmless) && payload.starts_with("+ACK"))
         || (how_.is(mutation::late_nak_harmless) && payload.starts_with("-NAK"))
         || (how_.is(mutation::late_in_progress_harmless) && payload.starts_with("+WPI"));
}

granted<void> stream::update(stream_config config, instant now) {
  if (const auto allowed = check_update(config_, config); !allowed) {
    return allowed;
  }
  config_ = std::move(config);
  if (config_.max_messages_per_subject) {
    for (const auto& [subject, count] : log_.counts(">")) {
      enforce_limits(subject);
    }
  }
  enforce_limits({});
  expire(now);
  return {};
}

void stream::expire(instant now) {
  if (config_.max_age.count() == 0) {
    return;
  }
  while (const auto* oldest = log_.oldest()) {
    if (now - oldest->stored_at < config_.max_age) {
      return;
    }
    drop(oldest->sequence);
  }
}

} // namespace nats_mcp::simulation
