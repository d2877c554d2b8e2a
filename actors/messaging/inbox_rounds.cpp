// SPDX-License-Identifier: MIT
// How the inbox comes to its mail: when a round of requests begins, what its end means for those
// who read or wait, and what is unread. The rest of the class is in inbox_actor.cpp.
#include "protocol/limits.hpp"

#include "actors/messaging/inbox_actor.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

using purpose = messaging::mail_source::purpose;

} // namespace

// -- rounds ------------------------------------------------------------------------------------

void inbox_state::go_on() {
  if (!registered() || feed_.busy() || confirming_) {
    return;
  }
  const bool something = announced_ || count_wanted_ || readers_.any(reader_stage::wants_look);
  if (something && now() >= sure_until_) {
    confirm_first();
    return;
  }
  const auto by_ourselves = now() + limits::mail_request_max;
  if (const auto wanted = readers_.begin_look()) {
    // What was announced may come too late for this look: it stays announced.
    begin({purpose::fetch, std::max(wanted->batch, readers_.batch_for_waiting())},
          wanted->deadline);
    return;
  }
  if (std::exchange(announced_, false)) {
    if (readers_.any(reader_stage::waiting)) {
      begin({purpose::announced, readers_.batch_for_waiting()}, by_ourselves);
      return;
    }
    count_soon();
  }
  if (count_wanted_) {
    begin({purpose::count, limits::mail_batch_max}, by_ourselves);
  }
}

void inbox_state::confirm_first() {
  confirming_ = true;
  const auto over = [this] {
    confirming_ = false;
    sure_until_ = std::max(sure_until_, now() + limits::mail_request_max);
    go_on();
  };
  ask<agent_identity>(
    self_, options_.registry, confirm_identity{now() + limits::mail_request_max}, "registry",
    [over](const agent_identity&) { over(); },
    // Lost: the registry tells, and there is nothing left to do. Or NATS is away: as the requests
    // that follow will find out.
    [over](const error&) { over(); });
}

void inbox_state::begin(messaging::mail_source::round what, monotonic_time deadline) {
  round_ = what.why;
  round_deadline_ = deadline;
  if (what.why == purpose::count) {
    count_wanted_ = false;
    counted_at_ = now();
  }
  feed_.begin(what, deadline, [this](const result<void>& outcome) { round_over(outcome); });
}

void inbox_state::round_over(const result<void>& outcome) {
  if (!outcome) {
    look_failed(outcome.error());
  }
  settler_.looked();
  serve(reader_stage::looking);
  serve(reader_stage::waiting);
  for (const auto id : readers_.at(reader_stage::looking)) {
    auto& reader = *readers_.find(id);
    if (reader.time_over) {
      reader.in_vain = true;
      confirm(id);
    } else {
      keep_waiting(id, reader);
    }
  }
  if (round_ == purpose::count && feed_.pending() > 0 && mail_.room() > 0) {
    for (const auto id : readers_.at(reader_stage::waiting)) {
      look_again(*readers_.find(id)); // its hint was lost, or came too early
    }
  }
  if (round_ == purpose::announced && readers_.any(reader_stage::waiting)) {
    recounts_left_ = limits::mail_recounts_max;
    count_soon();
  } else if (round_ == purpose::count && feed_.pending() == 0 && recounts_left_ > 0
             && readers_.any(reader_stage::waiting)) {
    --recounts_left_;
    count_soon();
  }
  tell_unread();
  go_on();
}

void inbox_state::look_failed(const error& why) {
  for (const auto id : readers_.at(reader_stage::looking)) {
    auto& reader = *readers_.find(id);
    if (readers_.found(reader) > 0) {
      continue; // it is shown what there is
    }
    if (ran_out_of_time(why) && reader.deadline > round_deadline_) {
      reader.stage = reader_stage::wants_look;
    } else {
      fail(id, why);
    }
  }
}

// -- what is unread ----------------------------------------------------------------------------

void inbox_state::hint(const jetstream::core_message& message) {
  if (subscription_ != message.id) {
    // Left behind by an incarnation of this actor that is gone.
    self_->send(options_.gateway, unsubscribe{message.id});
    return;
  }
  announced_ = true;
  go_on();
}

void inbox_state::connection_changed(const jetstream::connection_event& event) {
  connected_ = event.state == jetstream::connection_state::connected;
  if (!connected_) {
    return;
  }
  const bool again = epoch_ && *epoch_ != event.epoch;
  epoch_ = event.epoch;
  if (again) {
    feed_.distrust(); // the server may have forgotten messages that consumers remember
  }
  if (!registered() || (!again && (feed_.trusted() || feed_.busy()))) {
    return;
  }
  count_wanted_ = true; // hints may have been missed
  go_on();
}

void inbox_state::count_soon() {
  if (registered() && !std::exchange(count_armed_, true)) {
    const auto earliest = now() + limits::mail_count_delay;
    const auto due =
      counted_at_ ? std::max(earliest, *counted_at_ + limits::mail_count_interval) : earliest;
    self_->delayed_send(self_, due - now(), inbox_timer{inbox_moment::count, {}, 0});
  }
}

void inbox_state::timer(const inbox_timer& due) {
  switch (due.due) {
    case inbox_moment::wait_over:
      time_over(reader_id{due.generation});
      break;
    case inbox_moment::renew:
      settler_.renew(due);
      break;
    case inbox_moment::acknowledge:
      settler_.acknowledge_again(due);
      break;
    case inbox_moment::count:
      count_armed_ = false;
      count_wanted_ = registered();
      go_on();
      break;
  }
}

void inbox_state::back_to_unread() {
  serve(reader_stage::waiting);
  tell_unread();
}

std::uint64_t inbox_state::unread() const {
  return feed_.pending() + mail_.unread() + mail_.in_answers();
}

void inbox_state::tell_unread() {
  const bool known = !registered() || feed_.trusted();
  if (known && options_.session && told_ != unread()) {
    told_ = unread();
    self_->send(options_.session, unread_mail{*told_});
  }
}

} // namespace nats_mcp
