// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/message_log.hpp"

#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// What a record of nats-server's stores has besides subject, headers and payload.
constexpr std::size_t file_record_overhead = 30;
constexpr std::size_t file_header_overhead = 4;
constexpr std::size_t memory_record_overhead = 16;

} // namespace

std::size_t wire_size(const jetstream::headers& headers) {
  if (headers.empty()) {
    return 0;
  }
  std::size_t size = std::string_view{"NATS/1.0\r\n\r\n"}.size();
  for (const auto& [name, value] : headers) {
    size += name.size() + value.size() + std::string_view{": \r\n"}.size();
  }
  return size;
}

std::size_t stored_size(const log_entry& entry, storage_kind storage) {
  const auto content = entry.subject.size() + wire_size(entry.headers) + entry.payload.size();
  if (storage == storage_kind::memory) {
    return content + memory_record_overhead;
  }
  return content + file_record_overhead + (entry.headers.empty() ? 0 : file_header_overhead);
}

template <class Visit>
void message_log::each(std::string_view pattern, Visit visit) const {
  if (is_literal(pattern)) {
    if (const auto found = by_subject_.find(pattern); found != by_subject_.end()) {
      visit(found->first, found->second);
    }
    return;
  }
  for (const auto& [subject, sequences] : by_subject_) {
    if (matches(pattern, subject)) {
      visit(subject, sequences);
    }
  }
}

std::uint64_t message_log::append(log_entry entry) {
  entry.sequence = ++last_sequence_;
  last_stored_at_ = entry.stored_at;
  restore(std::move(entry));
  return last_sequence_;
}

void message_log::restore(log_entry entry) {
  bytes_ += stored_size(entry, storage_);
  auto& sequences = by_subject_[entry.subject];
  sequences.insert(std::lower_bound(sequences.begin(), sequences.end(), entry.sequence),
                   entry.sequence);
  const auto sequence = entry.sequence;
  entries_.emplace(sequence, std::move(entry));
}

bool message_log::remove(std::uint64_t sequence) {
  const auto found = entries_.find(sequence);
  if (found == entries_.end()) {
    return false;
  }
  bytes_ -= stored_size(found->second, storage_);
  const auto subject = by_subject_.find(found->second.subject);
  auto& sequences = subject->second;
  sequences.erase(std::lower_bound(sequences.begin(), sequences.end(), sequence));
  if (sequences.empty()) {
    by_subject_.erase(subject);
  }
  entries_.erase(found);
  return true;
}

const log_entry* message_log::find(std::uint64_t sequence) const {
  const auto found = entries_.find(sequence);
  return found == entries_.end() ? nullptr : &found->second;
}

const log_entry* message_log::oldest() const {
  return entries_.empty() ? nullptr : &entries_.begin()->second;
}

const log_entry* message_log::last_of(std::string_view pattern) const {
  std::uint64_t newest = 0;
  each(pattern,
       [&](const auto&, const auto& sequences) { newest = std::max(newest, sequences.back()); });
  return find(newest);
}

const log_entry* message_log::next_of(std::string_view pattern, std::uint64_t from) const {
  if (pattern == ">") {
    const auto next = entries_.lower_bound(from);
    return next == entries_.end() ? nullptr : &next->second;
  }
  std::uint64_t oldest = 0;
  each(pattern, [&](const auto&, const auto& sequences) {
    const auto next = std::lower_bound(sequences.begin(), sequences.end(), from);
    if (next != sequences.end() && (oldest == 0 || *next < oldest)) {
      oldest = *next;
    }
  });
  return find(oldest);
}

std::uint64_t message_log::count(std::string_view pattern, std::uint64_t from) const {
  std::uint64_t total = 0;
  each(pattern, [&](const auto&, const auto& sequences) {
    const auto next = std::lower_bound(sequences.begin(), sequences.end(), from);
    total += static_cast<std::uint64_t>(sequences.end() - next);
  });
  return total;
}

std::map<std::string, std::uint64_t> message_log::counts(std::string_view pattern) const {
  std::map<std::string, std::uint64_t> out;
  each(pattern,
       [&](const auto& subject, const auto& sequences) { out.emplace(subject, sequences.size()); });
  return out;
}

std::vector<std::uint64_t> message_log::newest_of_each(std::string_view pattern) const {
  std::vector<std::uint64_t> out;
  each(pattern, [&](const auto&, const auto& sequences) { out.push_back(sequences.back()); });
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::uint64_t> message_log::sequences(std::string_view pattern) const {
  std::vector<std::uint64_t> out;
  each(pattern, [&](const auto&, const auto& sequences) {
    out.insert(out.end(), sequences.begin(), sequences.end());
  });
  std::sort(out.begin(), out.end());
  return out;
}

std::uint64_t message_log::first_sequence() const noexcept {
  if (!entries_.empty()) {
    return entries_.begin()->first;
  }
  return last_sequence_ == 0 ? 0 : last_sequence_ + 1;
}

std::size_t message_log::size_of(std::uint64_t sequence) const {
  const auto* entry = find(sequence);
  return entry == nullptr ? 0 : stored_size(*entry, storage_);
}

} // namespace nats_mcp::simulation
