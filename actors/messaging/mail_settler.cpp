// SPDX-License-Identifier: MIT
#include "actors/messaging/mail_settler.hpp"

#include "protocol/limits.hpp"

#include <string>
#include <utility>

namespace nats_mcp {

mail_settler::mail_settler(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void mail_settler::acknowledge(const std::vector<std::uint64_t>& sequences) {
  for (const auto sequence : sequences) {
    acknowledge_one(sequence);
  }
}

void mail_settler::acknowledge_one(std::uint64_t sequence) {
  const auto* to = around_.mail->receipt_of(sequence);
  if (to == nullptr || under_way_.contains(to->ack_subject)) {
    return;
  }
  if (!around_.sure(to->inbox)) {
    again_later();
    around_.look();
    return;
  }
  jetstream::settle what;
  what.ack_subject = to->ack_subject;
  what.kind = jetstream::ack_kind::ack;
  what.deadline = around_.owner->clock().now() + limits::mail_request_max;
  what.present_connection_only = true;
  under_way_.insert(to->ack_subject);
  ask<jetstream::settled>(
    around_.owner, around_.gateway, std::move(what), "gateway",
    [this, sequence, sent = to->ack_subject, generation = generation_](const jetstream::settled&) {
      if (generation != generation_) {
        return;
      }
      under_way_.erase(sent);
      const auto* now = around_.mail->receipt_of(sequence);
      if (now != nullptr && now->ack_subject == sent) { // else it was another delivery's
        around_.mail->acknowledged(sequence);
        around_.released();
      }
    },
    [this, sent = to->ack_subject, generation = generation_](const error&) {
      if (generation == generation_) {
        under_way_.erase(sent);
        again_later();
        around_.unheard();
        around_.look();
      }
    });
}

void mail_settler::again_later() {
  if (!std::exchange(again_armed_, true)) {
    around_.owner->delayed_send(around_.owner, limits::mail_acknowledge_again,
                                inbox_timer{inbox_moment::acknowledge, {}, generation_});
  }
}

void mail_settler::acknowledge_again(const inbox_timer& due) {
  if (due.generation == generation_) {
    again_armed_ = false;
    acknowledge(around_.mail->unacknowledged());
  }
}

void mail_settler::keep(std::chrono::nanoseconds ack_wait) {
  ack_wait_ = ack_wait;
  if (around_.mail->size() > 0 && !std::exchange(renewal_armed_, true)) {
    around_.owner->delayed_send(around_.owner, ack_wait_ / 3,
                                inbox_timer{inbox_moment::renew, {}, generation_});
  }
}

void mail_settler::renew(const inbox_timer& due) {
  if (due.generation != generation_) {
    return;
  }
  renewal_armed_ = false;
  const auto deadline = around_.owner->clock().now() + limits::mail_request_max;
  for (auto& to : around_.mail->to_renew()) {
    // One that gets lost is made up for by the next.
    ask<jetstream::settled>(
      around_.owner, around_.gateway,
      jetstream::settle{std::move(to),
                        jetstream::ack_kind::in_progress,
                        {},
                        jetstream::confirmation::none,
                        deadline,
                        true},
      "gateway", [](const jetstream::settled&) {}, [](const error&) {});
  }
  keep(ack_wait_);
}

void mail_settler::forget() {
  ++generation_;
  under_way_.clear();
  again_armed_ = false;
  renewal_armed_ = false;
}

} // namespace nats_mcp
