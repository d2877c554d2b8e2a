// SPDX-License-Identifier: MIT
#include "actors/coordination/request_desk.hpp"

#include "protocol/coordination/streams.hpp"
#include "protocol/limits.hpp"
#include "protocol/limits/coordination.hpp"

#include <utility>
#include <variant>

namespace nats_mcp {

using coordination::request_handling;

request_desk::request_desk(surroundings around)
  : around_{std::move(around)} {
  // nop
}

// -- taking requests ---------------------------------------------------------------------------

void request_desk::go_on() {
  unplaced_in_a_row_ = 0;
  look_at_unplaced();
  pull_more();
}

void request_desk::look_at_unplaced() {
  const auto now = around_.now();
  if (unplaced_.size() == 0 || in_hand_ >= limits::items_in_hand_max || !around_.may_act()
      || now - looked_for_room_at_ < limits::room_look_interval) {
    return;
  }
  looked_for_room_at_ = now;
  around_.workers->update();
  unplaced_.look([this](const auto& kind) { return around_.workers->places_for(kind); }, now,
                 [this](const std::string& id) { return look_at(id); });
}

bool request_desk::has_room() const noexcept {
  return in_hand_ <= limits::items_in_hand_max / 2
         && unplaced_in_a_row_ < limits::unplaced_in_a_row_max;
}

void request_desk::pull_more() {
  if (!pulling_ && has_room() && around_.may_act()) {
    pull(portion::one_awaited);
  }
}

void request_desk::pull(portion how_much) {
  const auto consumer = coordination::requests_consumer();
  jetstream::pull wanted;
  wanted.stream = consumer.stream;
  wanted.consumer = consumer.name;
  wanted.deadline = around_.now() + limits::requests_silence_max;
  wanted.late_handed_back_for = limits::late_delivery_max;
  if (how_much == portion::one_awaited) {
    wanted.expires = limits::requests_wait;
    wanted.deadline += limits::requests_wait;
  } else if (how_much == portion::all_there) {
    wanted.batch = static_cast<std::uint32_t>(limits::items_in_hand_max - in_hand_);
    wanted.bytes_max = limits::requests_bytes_max;
  }
  pulling_ = true;
  const auto asked_at = around_.scripts->clock();
  around_.pull(std::move(wanted),
               [this, how_much, asked_at](const result<jetstream::pull_result>& got) {
                 pulling_ = false;
                 if (got) {
                   for (const auto& delivery : got->deliveries) {
                     take(delivery, asked_at);
                   }
                 }
                 pulled(how_much, got);
               });
}

void request_desk::pulled(portion how_much, const result<jetstream::pull_result>& got) {
  problem_ = got ? std::string{} : got.error().message;
  if (!got) {
    return; // NATS is away: the next round tries again
  }
  using jetstream::pull_end;
  if (got->end == pull_end::consumer_gone || got->end == pull_end::no_responders) {
    around_.lost();
    return;
  }
  if (pulling_ || !around_.may_act()) {
    return;
  }
  if (got->deliveries.empty() && how_much == portion::all_there
      && got->end == pull_end::bytes_full) {
    pull(portion::one); // larger than the bound: alone
  } else if (!got->deliveries.empty() && has_room()) {
    pull(portion::all_there);
  } else if (got->end != pull_end::disconnected) {
    pull_more();
  }
}

void request_desk::take(jetstream::delivery delivery, monotonic_time asked_at) {
  const work::open_delivery handle{delivery.ack_subject, limits::request_ack_wait, asked_at};
  if (!around_.may_act()) {
    around_.scripts->hand_back(handle);
    return;
  }
  request_handling::request what;
  what.delivery = std::move(delivery);
  what.handle = handle;
  run(std::move(what));
}

// -- without a request -------------------------------------------------------------------------

bool request_desk::look_at(const std::string& item_id) {
  if (!around_.may_act() || in_hand_ >= limits::items_in_hand_max) {
    return false;
  }
  if (!items_in_hand_.contains(item_id)) {
    request_handling::request what;
    what.item_id = item_id;
    what.preferred_worker = unplaced_.preferred_worker(item_id);
    run(std::move(what));
  }
  return true;
}

monotonic_time request_desk::looked_at(const std::string& item_id) const {
  const auto known = looked_at_.find(item_id);
  return known == looked_at_.end() ? monotonic_time::min() : known->second;
}

void request_desk::forget_unless(const std::function<bool(const std::string&)>& is_open) {
  std::erase_if(looked_at_, [&](const auto& one) { return !is_open(one.first); });
  unplaced_.remove_unless(is_open);
}

void request_desk::forget() {
  looked_at_.clear();
  unplaced_.clear();
}

// -- one item ----------------------------------------------------------------------------------

void request_desk::run(request_handling::request what) {
  what.term = around_.term();
  what.assign_timeout = around_.assign_timeout;
  what.retry_after = unplaced_.retry_after();
  what.choose = [this](const coordination::assignment_request& request,
                       const std::vector<std::string>& not_these) {
    return around_.workers->choose(request, not_these);
  };
  what.is_gone = [this](const std::string& guid) { return around_.agents->is_gone(guid); };
  const auto script =
    std::make_shared<request_handling>(std::move(what), around_.scripts->world(around_.self));
  ++in_hand_;
  ++items_in_hand_[script->item_id()];
  around_.scripts->run<request_handling>(
    script, around_.now() + limits::work_request_max,
    [this](const request_handling& one) { decided(one); },
    [this](const request_handling& one) { over(one); });
}

void request_desk::decided(const request_handling& script) {
  const auto& id = script.item_id();
  const auto& end = *script.end();
  if (!end) {
    around_.workers->not_given(id);
    return;
  }
  looked_at_.insert_or_assign(id, around_.now());
  if (std::holds_alternative<request_handling::unplaced>(*end)) {
    ++unplaced_in_a_row_;
    unplaced_.add(id, script.kind(), around_.now());
  } else {
    unplaced_in_a_row_ = 0;
    unplaced_.remove(id);
  }
  if (const auto* given = std::get_if<request_handling::assigned>(&*end);
      given != nullptr && given->is_new) {
    ++done_.assignments;
    done_.reassignments += given->record.generation > 1 ? 1 : 0;
    return; // counted as its worker's until the view shows it
  }
  around_.workers->not_given(id);
  if (const auto* outranked = std::get_if<request_handling::outranked>(&*end)) {
    around_.outranked(outranked->by_term);
  }
}

void request_desk::over(const request_handling& script) {
  const auto mine = items_in_hand_.find(script.item_id());
  if (mine != items_in_hand_.end() && --mine->second == 0) {
    items_in_hand_.erase(mine);
  }
  unplaced_.looked_at(script.item_id(), around_.now());
  if (--in_hand_ == 0) {
    around_.idle();
  }
  pull_more();
}

} // namespace nats_mcp
