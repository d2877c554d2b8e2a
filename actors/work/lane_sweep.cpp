// SPDX-License-Identifier: MIT
#include "actors/work/lane_sweep.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/capability_token.hpp"

#include "actors/work/sweep_errors.hpp"

#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp {

namespace {

bool is_out_of_the_queue(const work::delivery_handling& script) {
  const auto& end = script.end();
  if (!end || !*end) {
    return false;
  }
  const auto* passed_on = std::get_if<work::delivery_handling::passed_on>(&**end);
  return std::holds_alternative<work::delivery_handling::buried>(**end)
         || (passed_on != nullptr && passed_on->for_good);
}

} // namespace

lane_sweep::lane_sweep(surroundings around)
  : around_{std::move(around)}
  , lanes_{around_.api, around_.lanes} {
  // nop
}

void lane_sweep::begin(const agent_identity& who, ended done) {
  ++number_;
  who_ = who;
  done_ = std::move(done);
  prepared_ = false;
  places_.clear();
  waiting_.clear();
  seen_before_ = std::exchange(seen_, {});
  if (around_.reach == work_reach::everything) {
    places_.emplace_back(work::any_scope, work::any_token);
    return go_on();
  }
  std::vector<std::string> tokens{work::personal_token(who.guid)};
  for (const auto& capability : who.capabilities) {
    tokens.push_back(work::capability_token(capability));
  }
  for (const auto& token : tokens) {
    places_.emplace_back(work::public_scope, token);
    if (!around_.project_id.empty()) {
      places_.emplace_back(around_.project_id, token);
    }
  }
  go_on();
}

void lane_sweep::abandon() noexcept {
  ++number_;
  done_ = {};
}

void lane_sweep::go_on() {
  if (!waiting_.empty()) {
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    open(next);
  } else if (!places_.empty()) {
    const auto next = std::move(places_.front());
    places_.pop_front();
    ask_for_lanes(next);
  } else {
    finish();
  }
}

void lane_sweep::ask_for_lanes(const place& where) {
  around_.api(work::waiting_lanes_request(where.first, where.second, soon()),
              if_current<const result<jetstream::api_reply>&>(
                [this](const result<jetstream::api_reply>& reply) {
                  if (!reply) {
                    failed(reply.error()); // no queue at all: nothing to look through
                    return;
                  }
                  const auto found = work::parse_waiting_lanes(reply->body);
                  if (!found) {
                    failed(found.error());
                    return;
                  }
                  for (const auto& lane : found->asked_for) {
                    waiting_.push_back(lane.where);
                  }
                  if (waiting_.empty() || std::exchange(prepared_, true)) {
                    go_on();
                  } else {
                    prepare();
                  }
                }));
}

void lane_sweep::prepare() {
  around_.streams->ensure(soon(),
                          if_current<const result<void>&>([this](const result<void>& there) {
                            if (there) {
                              learn_time();
                            } else {
                              finish();
                            }
                          }));
}

void lane_sweep::learn_time() {
  around_.time->know(soon(), if_current<const result<agents::server_clock>&>(
                               [this](const result<agents::server_clock>& known) {
                                 if (known) {
                                   go_on();
                                 } else {
                                   finish();
                                 }
                               }));
}

void lane_sweep::open(const work::lane& where) {
  lanes_.forget(where); // what it delivered since is what matters here
  lanes_.open(where, soon(),
              if_current<const result<open_lane>&>([this](const result<open_lane>& lane) {
                if (lane) {
                  opened(*lane);
                } else {
                  failed(lane.error());
                }
              }));
}

void lane_sweep::opened(const open_lane& lane) {
  const auto before = seen_before_.find(lane.where);
  seen_[lane.where] = lane.delivered;
  pulled_ = 0;
  if (before != seen_before_.end() && before->second != lane.delivered) {
    go_on(); // somebody is at work there
  } else {
    pull(lane, portion::batch);
  }
}

void lane_sweep::pull(const open_lane& lane, portion how_much) {
  jetstream::pull wanted;
  wanted.stream = lane.stream;
  wanted.consumer = lane.consumer;
  wanted.batch = how_much == portion::batch ? limits::sweep_batch_max : 1;
  wanted.bytes_max = how_much == portion::batch ? limits::sweep_bytes_max : 0;
  wanted.deadline = around_.now() + limits::lane_silence_max;
  wanted.late_handed_back_for = limits::late_delivery_max;
  around_.pull(std::move(wanted), [this, lane, how_much, asked_at = around_.scripts->clock(),
                                   number = number_](result<jetstream::pull_result> got) {
    const bool current = number == number_;
    if (current) {
      open_ = got ? got->deliveries.size() : 0;
      removed_ = 0;
    }
    for (auto& delivery : got ? got->deliveries : std::vector<jetstream::delivery>{}) {
      handle(lane, asked_at, delivery);
    }
    if (!current) {
      return;
    }
    if (got) {
      pulled(lane, how_much, *got);
    } else {
      failed(got.error());
    }
  });
}

void lane_sweep::pulled(const open_lane& lane, portion how_much,
                        const jetstream::pull_result& got) {
  seen_[lane.where] += got.deliveries.size();
  pulled_ += got.deliveries.size();
  if (!got.deliveries.empty()) {
    return; // it goes on when they are dealt with
  }
  if (how_much == portion::batch && got.end == jetstream::pull_end::bytes_full) {
    pull(lane, portion::one); // larger than the bound: alone
  } else {
    go_on();
  }
}

void lane_sweep::handle(const open_lane& lane, monotonic_time asked_at,
                        jetstream::delivery delivery) {
  work::delivery_handling::request what;
  what.where = lane.where;
  what.handle = {delivery.ack_subject, lane.ack_wait, asked_at};
  what.delivery = std::move(delivery);
  what.why = work::delivery_handling::purpose::sweep;
  around_.scripts->run<work::delivery_handling>(
    std::make_shared<work::delivery_handling>(std::move(what),
                                              around_.scripts->world({who_.guid, who_.handle})),
    soon(),
    [](const work::delivery_handling&) {
      // What it was decided to be is written where it belongs.
    },
    [this, lane, number = number_](const work::delivery_handling& script) {
      if (number != number_) {
        return;
      }
      removed_ += is_out_of_the_queue(script) ? 1 : 0;
      if (--open_ == 0) {
        dealt_with(lane);
      }
    });
}

void lane_sweep::dealt_with(const open_lane& lane) {
  // What is dead makes room for what lies behind it; what is free comes again at once.
  if (removed_ > 0 && pulled_ < limits::sweep_items_max) {
    pull(lane, portion::batch);
  } else {
    go_on();
  }
}

void lane_sweep::failed(const error& why) {
  if (concerns_all(why)) {
    finish();
  } else {
    go_on();
  }
}

void lane_sweep::finish() {
  ++number_;
  std::exchange(done_, {})();
}

monotonic_time lane_sweep::soon() const { return around_.now() + limits::work_request_max; }

template <class Answer>
std::function<void(Answer)> lane_sweep::if_current(std::function<void(Answer)> then) const {
  return [this, number = number_, then = std::move(then)](Answer answer) {
    if (number == number_) {
      then(answer);
    }
  };
}

} // namespace nats_mcp
