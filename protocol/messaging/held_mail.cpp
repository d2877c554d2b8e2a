// SPDX-License-Identifier: MIT
#include "protocol/messaging/held_mail.hpp"

#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/messaging/stranger_payload.hpp"

#include <algorithm>

namespace nats_mcp::messaging {

held_mail::held_mail(bounds most)
  : most_{most} {
  // nop
}

// -- what NATS does ----------------------------------------------------------------------------

held_mail::arrival held_mail::add(const jetstream::delivery& delivered, std::string_view inbox) {
  const auto sequence = delivered.stream_sequence;
  if (const auto held = entries_.find(sequence); held != entries_.end()) {
    if (held->second.stored_at == delivered.stored_at) {
      held->second.from.ack_subject = delivered.ack_subject;
      return held->second.at == stage::read ? arrival::read : arrival::known;
    }
    drop(sequence); // of a stream that is gone
  }
  entry fresh;
  fresh.from = {delivered.ack_subject, std::string{inbox}};
  fresh.stored_at = delivered.stored_at;
  if (remembered_.contains({sequence, delivered.stored_at})) {
    fresh.at = stage::read;
    entries_.emplace(sequence, std::move(fresh));
    return arrival::read;
  }
  fresh.bytes = delivered.payload.size();
  fresh.room = room_taken_by(delivered.payload);
  fresh.message = read_direct_message(delivered);
  bytes_ += fresh.bytes;
  unread_.insert(sequence);
  entries_.emplace(sequence, std::move(fresh));
  return arrival::unread;
}

void held_mail::acknowledged(std::uint64_t sequence) {
  const auto held = entries_.find(sequence);
  if (held != entries_.end() && held->second.at == stage::read) {
    drop(sequence);
  }
}

void held_mail::forget_unread(std::string_view inbox) {
  const auto doomed = unread_;
  for (const auto sequence : doomed) {
    if (entries_.at(sequence).from.inbox == inbox) {
      drop(sequence);
    }
  }
}

void held_mail::consumer_gone(std::string_view inbox) {
  std::vector<std::uint64_t> read;
  for (auto& [sequence, held] : entries_) {
    if (held.from.inbox == inbox) {
      held.from.ack_subject.clear();
      if (held.at == stage::read) {
        read.push_back(sequence);
      }
    }
  }
  for (const auto sequence : read) {
    drop(sequence); // it is remembered
  }
}

void held_mail::begin_anew() {
  for (const auto& [call, sequences] : answers_) {
    auto& former = former_answers_[call];
    for (const auto sequence : sequences) {
      former.emplace_back(sequence, entries_.at(sequence).stored_at);
    }
  }
  entries_.clear();
  unread_.clear();
  answers_.clear();
  in_answers_ = 0;
  bytes_ = 0;
}

// -- what readers do ---------------------------------------------------------------------------

std::vector<tools::direct_message> held_mail::take(call_id call, const mail_filter& wanted,
                                                   mail_portion most) {
  const auto chosen = select(wanted, most);
  std::vector<tools::direct_message> out;
  for (const auto sequence : chosen) {
    auto& held = entries_.at(sequence);
    held.at = stage::in_answer;
    out.push_back(held.message);
    unread_.erase(sequence);
  }
  if (!chosen.empty()) {
    auto& answer = answers_[call];
    answer.insert(answer.end(), chosen.begin(), chosen.end());
    in_answers_ += chosen.size();
  }
  return out;
}

std::vector<tools::direct_message> held_mail::peek(const mail_filter& wanted,
                                                   mail_portion most) const {
  std::vector<tools::direct_message> out;
  for (const auto sequence : select(wanted, most)) {
    out.push_back(entries_.at(sequence).message);
  }
  return out;
}

std::vector<std::uint64_t> held_mail::shown(call_id call) {
  std::vector<std::uint64_t> done;
  if (const auto former = former_answers_.extract(call); !former.empty()) {
    for (const auto& [sequence, stored_at] : former.mapped()) {
      remember({sequence, stored_at});
      const auto held = entries_.find(sequence);
      if (unread_.contains(sequence) && held->second.stored_at == stored_at) {
        unread_.erase(sequence); // it is this agent again, and was delivered it again
        if (set_read(sequence)) {
          done.push_back(sequence);
        }
      }
    }
  }
  if (const auto answer = answers_.extract(call); !answer.empty()) {
    in_answers_ -= answer.mapped().size();
    for (const auto sequence : answer.mapped()) {
      remember({sequence, entries_.at(sequence).stored_at});
      if (set_read(sequence)) {
        done.push_back(sequence);
      }
    }
  }
  return done;
}

bool held_mail::set_read(std::uint64_t sequence) {
  auto& held = entries_.at(sequence);
  held.at = stage::read;
  if (held.from.ack_subject.empty()) {
    drop(sequence); // acknowledged if it is ever delivered again
    return false;
  }
  held.message = {};
  bytes_ -= std::exchange(held.bytes, 0);
  return true;
}

bool held_mail::not_shown(call_id call) {
  former_answers_.erase(call);
  const auto answer = answers_.extract(call);
  if (answer.empty()) {
    return false;
  }
  put_back(answer.mapped());
  return true;
}

bool held_mail::none_shown() {
  former_answers_.clear();
  const auto answers = std::exchange(answers_, {});
  for (const auto& [call, sequences] : answers) {
    put_back(sequences);
  }
  return !answers.empty();
}

void held_mail::put_back(const std::vector<std::uint64_t>& sequences) {
  in_answers_ -= sequences.size();
  for (const auto sequence : sequences) {
    entries_.at(sequence).at = stage::unread;
    unread_.insert(sequence);
  }
}

// -- what is there -----------------------------------------------------------------------------

const held_mail::receipt* held_mail::receipt_of(std::uint64_t sequence) const {
  const auto held = entries_.find(sequence);
  const bool reachable = held != entries_.end() && !held->second.from.ack_subject.empty();
  return reachable ? &held->second.from : nullptr;
}

std::vector<std::uint64_t> held_mail::unacknowledged() const {
  std::vector<std::uint64_t> out;
  for (const auto& [sequence, held] : entries_) {
    if (held.at == stage::read) {
      out.push_back(sequence);
    }
  }
  return out;
}

std::vector<std::uint64_t> held_mail::unacknowledged(std::string_view inbox) const {
  auto out = unacknowledged();
  std::erase_if(out,
                [&](std::uint64_t sequence) { return entries_.at(sequence).from.inbox != inbox; });
  return out;
}

std::size_t held_mail::size(std::string_view inbox) const {
  return static_cast<std::size_t>(
    std::count_if(entries_.begin(), entries_.end(), [inbox](const auto& one) {
      return one.second.from.inbox == inbox && !one.second.from.ack_subject.empty();
    }));
}

std::size_t held_mail::not_read(std::string_view inbox) const {
  return size(inbox) - unacknowledged(inbox).size();
}

std::vector<std::string> held_mail::to_renew() const {
  std::vector<std::string> out;
  for (const auto& [sequence, held] : entries_) {
    if (held.at != stage::read && !held.from.ack_subject.empty()) {
      out.push_back(held.from.ack_subject);
    }
  }
  return out;
}

std::size_t held_mail::matching(const mail_filter& wanted, std::size_t most) const {
  std::size_t found = 0;
  for (auto next = unread_.begin(); next != unread_.end() && found < most; ++next) {
    found += wanted.admits(entries_.at(*next).message) ? 1 : 0;
  }
  return found;
}

std::size_t held_mail::room() const noexcept {
  return bytes_ >= most_.bytes ? 0 : most_.messages - std::min(entries_.size(), most_.messages);
}

std::size_t held_mail::bytes_room() const noexcept {
  return most_.bytes - std::min(bytes_, most_.bytes);
}

std::vector<std::uint64_t> held_mail::select(const mail_filter& wanted, mail_portion most) const {
  std::vector<std::uint64_t> out;
  std::size_t bytes = 0;
  for (auto next = unread_.begin(); next != unread_.end() && out.size() < most.messages; ++next) {
    const auto& held = entries_.at(*next);
    if (!wanted.admits(held.message)) {
      continue;
    }
    if (!out.empty() && bytes + held.room > most.bytes) {
      break;
    }
    bytes += held.room;
    out.push_back(*next);
  }
  return out;
}

void held_mail::remember(name read) {
  if (!remembered_.insert(read).second) {
    return;
  }
  remembered_order_.push_back(read);
  if (remembered_order_.size() > most_.remembered) {
    remembered_.erase(remembered_order_.front());
    remembered_order_.pop_front();
  }
}

void held_mail::drop(std::uint64_t sequence) {
  const auto held = entries_.find(sequence);
  bytes_ -= held->second.bytes;
  unread_.erase(sequence);
  if (held->second.at == stage::in_answer) {
    for (auto& [call, sequences] : answers_) {
      in_answers_ -= static_cast<std::size_t>(std::erase(sequences, sequence));
    }
  }
  entries_.erase(held);
}

} // namespace nats_mcp::messaging
