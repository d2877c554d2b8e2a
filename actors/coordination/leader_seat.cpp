// SPDX-License-Identifier: MIT
#include "actors/coordination/leader_seat.hpp"

#include "protocol/coordination/leader_entry.hpp"
#include "protocol/limits/coordination.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

leader_seat::leader_seat(coordination::leadership::identity self, surroundings around)
  : core_{std::move(self)}
  , around_{std::move(around)} {
  // nop
}

void leader_seat::step() {
  if (core_.has_resigned()) {
    if (const auto done = std::exchange(resigned_, {})) {
      done();
    }
    return;
  }
  if (!prepared_) {
    prepare();
    return;
  }
  if (auto what = core_.next(around_.clock())) {
    ask(std::move(*what)); // what comes next follows from the answer
  } else {
    plan();
  }
}

void leader_seat::outranked(std::uint64_t by_term) {
  core_.outranked(by_term, around_.clock());
  step();
}

void leader_seat::stand_down() {
  core_.stand_down(around_.clock());
  step();
}

void leader_seat::resign(std::function<void()> done) {
  resigned_ = std::move(done);
  core_.resign(around_.clock());
  step();
}

void leader_seat::prepare() {
  if (std::exchange(preparing_, true)) {
    return;
  }
  around_.prepare(around_.now() + limits::leader_request_max, [this](const result<void>& there) {
    preparing_ = false;
    prepared_ = there.has_value();
    if (prepared_) {
      step();
    } else {
      problem_ = there.error().message;
      around_.wake_after(limits::leader_retry_pause);
    }
  });
}

void leader_seat::ask(coordination::leadership::command what) {
  const bool is_lookup = std::holds_alternative<jetstream::kv_get>(what);
  std::visit([&](auto& one) { one.deadline = around_.now() + limits::leader_request_max; }, what);
  around_.commands(std::move(what), [this, is_lookup](const result<answer>& got) {
    answered(is_lookup, got);
    around_.told();
    step();
  });
}

void leader_seat::answered(bool is_lookup, const result<answer>& got) {
  const auto now = around_.clock();
  const bool is_told = got || got.error().code == ec::conflict || got.error().code == ec::not_found;
  problem_ = is_told ? std::string{} : got.error().message;
  if (!got && got.error().code == ec::not_found) {
    prepared_ = false; // somebody has deleted the bucket: made anew before anything is written
    around_.forget();
  }
  if (is_lookup) {
    if (got) {
      look_at(std::get<jetstream::kv_lookup>(*got));
    }
    core_.on_lookup(got.map([](const answer& one) { return std::get<jetstream::kv_lookup>(one); }),
                    now);
  } else {
    core_.on_write(got.map([](const answer& one) { return std::get<jetstream::kv_revision>(one); }),
                   now);
  }
}

void leader_seat::look_at(const jetstream::kv_lookup& found) {
  if (found.entry && found.entry->operation == jetstream::kv_operation::put
      && coordination::read_leader_entry(found.entry->value).entry.guid.empty()) {
    around_.unreadable(*found.entry);
  }
}

void leader_seat::plan() {
  const auto due = core_.due();
  if (due != monotonic_time::max()) {
    around_.wake_after(std::max<std::chrono::nanoseconds>(due - around_.clock(), {}));
  }
}

} // namespace nats_mcp
