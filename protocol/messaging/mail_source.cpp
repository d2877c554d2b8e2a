// SPDX-License-Identifier: MIT
#include "protocol/messaging/mail_source.hpp"

#include "protocol/limits.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace nats_mcp::messaging {

jetstream::durable_consumer inbox_reader(std::string_view guid) {
  jetstream::durable_consumer out;
  out.stream = inbox_stream_name;
  out.name = inbox_consumer(guid);
  out.filter_subject = inbox_pattern(guid);
  out.ack_wait = limits::inbox_ack_wait;
  out.max_ack_pending = limits::inbox_ack_pending_max;
  out.inactive_threshold = limits::inbox_reader_idle_max;
  return out;
}

mail_source::mail_source(const held_mail* held)
  : held_{held} {
  // nop
}

mail_step mail_source::begin(round what) {
  round_ = what;
  announced_ = what.why == purpose::announced;
  alone_ = false;
  acknowledged_ = false;
  may_remake_ = true;
  remakes_left_ = remakes_max;
  troubles_ = 0;
  doubted_ = false;
  if (!checked_) {
    announced_ = false; // by the time the consumer is known, so is the message
    return mail_step::ensure_stream;
  }
  return what.why == purpose::count ? mail_step::describe : pull_again();
}

mail_step mail_source::stream_is_there() const noexcept { return mail_step::describe; }

mail_step mail_source::stream_missing() {
  return in_trouble() == mail_step::give_up ? mail_step::give_up : mail_step::ensure_stream_again;
}

mail_step mail_source::consumer_missing() noexcept { return removed(); }

mail_step mail_source::removed() noexcept {
  // In answers, read, or unread as long as it could not be asked.
  counts_held_ = counts_held_ || held_->size() > 0;
  return mail_step::make;
}

mail_step mail_source::described(const jetstream::consumer_state& state, unsettled_mail ours) {
  if (std::exchange(doubted_, false)) { // what was told may be of before
    return ++troubles_ > limits::mail_troubles_max ? mail_step::give_up : mail_step::describe;
  }
  checked_ = true;
  know_pending(state.pending);
  if (state.ack_wait.count() > 0) {
    ack_wait_ = state.ack_wait;
  }
  const bool lost = state.ack_pending > ours.at_most;
  const bool in_doubt = !lost && state.ack_pending > ours.at_least;
  if (in_doubt && !std::exchange(acknowledged_, true)) {
    // An acknowledgement that is under way, or a lost delivery behind one whose answer was lost.
    return mail_step::acknowledge;
  }
  if (lost ? remakes_left_ > 0 : in_doubt && may_remake_) {
    // Delivered to a process that is gone, or lost on the way to this one.
    remakes_left_ -= lost ? 1U : 0U;
    may_remake_ = false;
    return mail_step::remove;
  }
  if (lost && pending_ == 0 && round_.why != purpose::count) {
    return mail_step::give_up; // it cannot be said that there is nothing
  }
  // What a consumer that was made anew counts as pending though it is held has to be fetched.
  const bool only_counts = round_.why == purpose::count && !counts_held_;
  return only_counts || pending_ == 0 ? mail_step::finish : pull_again();
}

mail_source::pull_terms mail_source::next_pull() const {
  if (announced_) {
    return {1, limits::mail_announced_max, 0};
  }
  if (alone_) {
    return {1, {}, 0};
  }
  const auto wanted = round_.why == purpose::count ? limits::mail_batch_max : round_.batch;
  return {static_cast<std::uint32_t>(std::clamp<std::size_t>(wanted, 1, held_->room())),
          {},
          held_->bytes_room()};
}

mail_step mail_source::pulled(jetstream::pull_end end, std::size_t count, std::uint64_t pending,
                              mail_demand demand) {
  using jetstream::pull_end;
  const bool was_announced = std::exchange(announced_, false);
  alone_ = false;
  if (count > 0) {
    know_pending(pending);
  } else if (pending_ > 0) {
    allow_remake(); // delivered perhaps, and lost on the way, while the end of the pull came
  }
  switch (end) {
    case pull_end::no_messages:
      know_pending(0);
      return came_to_the_end(count, demand);
    case pull_end::expired:
      return was_announced ? mail_step::finish : came_to_the_end(count, demand);
    case pull_end::batch_full:
      return came_to_the_end(count, demand);
    case pull_end::bytes_full:
      if (demand == mail_demand::met && !counts_held_) {
        return mail_step::finish;
      }
      alone_ = count == 0;
      return pull_again();
    case pull_end::consumer_gone:
    case pull_end::no_responders:
    case pull_end::silence:
    case pull_end::disconnected: {
      const auto next = in_trouble();
      return demand == mail_demand::met ? mail_step::finish : next;
    }
  }
  return mail_step::finish;
}

mail_step mail_source::came_to_the_end(std::size_t count, mail_demand demand) {
  if (demand == mail_demand::met && !counts_held_) {
    return mail_step::finish;
  }
  if (count > 0 && pending_ > 0) {
    return pull_again();
  }
  if (demand != mail_demand::nothing_yet) {
    return mail_step::finish;
  }
  // "Nothing there" is said only after it was made sure that nothing was lost on the way.
  return ++troubles_ > limits::mail_troubles_max ? mail_step::give_up : mail_step::describe;
}

void mail_source::allow_remake() noexcept {
  may_remake_ = true;
  remakes_left_ = std::max(remakes_left_, 1U);
}

void mail_source::know_pending(std::uint64_t pending) noexcept {
  pending_ = pending;
  counts_held_ = counts_held_ && pending > 0;
}

mail_step mail_source::pull_again() const {
  return held_->room() == 0 ? mail_step::finish : mail_step::pull;
}

mail_step mail_source::in_trouble() {
  checked_ = false;
  announced_ = false;
  alone_ = false;
  allow_remake(); // what was pulled in vain may be out again
  return ++troubles_ > limits::mail_troubles_max ? mail_step::give_up : mail_step::ensure_stream;
}

} // namespace nats_mcp::messaging
