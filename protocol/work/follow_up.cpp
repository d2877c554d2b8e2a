// SPDX-License-Identifier: MIT
#include "protocol/work/follow_up.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/notices.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::work {

using jetstream::ack_kind;

follow_up::follow_up(item_record record, std::optional<item_record> before,
                     std::optional<open_delivery> handle)
  : record_{std::move(record)}
  , before_{std::move(before)}
  , handle_{std::move(handle)} {
  switch (record_.state) {
    case item_state::pending:
    case item_state::claimed:
      // The delivery cannot wait. Nor can the notice: ahead of what whoever made the change does
      // upon its answer, and ahead of what the next one does with an item that was given back.
      rounds_ = {{step::notice, step::settlement}};
      break;
    case item_state::completed:
      rounds_ = {{step::notice}, {step::settlement}};
      break;
    case item_state::dead:
      rounds_ = {{step::letter}, {step::notice}, {step::settlement}};
      break;
    case item_state::cancelled:
      rounds_ = {{step::removal}, {step::notice}, {step::settlement}};
      break;
    case item_state::discarded:
      rounds_ = {{step::settlement}};
      break;
  }
}

std::vector<work_command> follow_up::next(const script_world& world) {
  std::vector<work_command> out;
  asked_.clear();
  for (; out.empty() && at_ < rounds_.size(); ++at_) {
    for (const auto what : rounds_[at_]) {
      if (auto command = command_of(what, world)) {
        out.push_back(std::move(*command));
        asked_.push_back(what);
      }
    }
  }
  return out;
}

std::optional<work_command> follow_up::command_of(step what, const script_world& world) {
  switch (what) {
    case step::letter:
      return dead_letter_message(record_);
    case step::notice:
      return tell(world);
    case step::removal:
      if (record_.queue_sequence == 0) {
        return std::nullopt; // whoever gets the delivery finds the item cancelled
      }
      return delete_message_request(work_stream_name, record_.queue_sequence, monotonic_time{});
    case step::settlement:
      return settle(world);
  }
  return std::nullopt;
}

std::optional<work_command> follow_up::tell(const script_world& world) const {
  auto message =
    notice_of_change(before_ ? &*before_ : nullptr, record_, world.self, world.wall_clock());
  if (!message) {
    return std::nullopt;
  }
  message->deadline = world.deadline_clock() + limits::work_notice_max;
  return std::move(*message);
}

std::optional<work_command> follow_up::settle(const script_world& world) {
  if (!handle_) {
    return std::nullopt;
  }
  std::optional<jetstream::settle> out;
  if (record_.state == item_state::claimed) {
    extended_at_ = world.clock();
    return settlement(*handle_, ack_kind::in_progress, {}, world);
  }
  if (record_.state == item_state::pending) {
    std::chrono::milliseconds rest{0};
    if (record_.not_before && world.server_time.known()) {
      rest = std::max(rest, *record_.not_before - world.server_time.now(world.clock()));
    }
    out = settlement(*handle_, ack_kind::nak, rest, world);
  } else {
    if (is_unreadable(record_)) {
      out = settlement(*handle_, ack_kind::term, {}, world);
    }
    if (!out) {
      out = settlement(*handle_, ack_kind::ack, {}, world);
    }
  }
  handle_.reset();
  return out;
}

void follow_up::on_answers(const std::vector<result<work_answer>>& answers) {
  for (std::size_t each = 0; each < asked_.size(); ++each) {
    on_answer(asked_[each], answers.at(each));
  }
}

void follow_up::on_answer(step what, const result<work_answer>& answer) {
  switch (what) {
    case step::letter:
      is_letter_stored_ = answer.has_value();
      if (!answer) {
        failure_ = answer.error();
        at_ = rounds_.size();
      }
      return;
    case step::notice:
      notice_lost_ = !answer;
      return;
    case step::removal:
      return; // gone already, or not permitted: then it goes when it is delivered
    case step::settlement:
      if (handle_ && answer) {
        handle_->since = extended_at_;
      }
      return;
  }
}

bool follow_up::owes_letter() const noexcept {
  return record_.state == item_state::dead && !is_letter_stored_;
}

} // namespace nats_mcp::work
