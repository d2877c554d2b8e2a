// SPDX-License-Identifier: MIT
#include "actors/work/record_sweep.hpp"

#include "protocol/jetstream/bucket.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/limits.hpp"
#include "protocol/work/streams.hpp"

#include "actors/work/sweep_errors.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace nats_mcp {

record_sweep::record_sweep(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void record_sweep::begin(const agent_identity& who, ended done) {
  if (left_out_ > 0) {
    --left_out_;
    done();
    return;
  }
  ++number_;
  who_ = who;
  done_ = std::move(done);
  unsure_.clear();
  untended_.clear();
  found_any_ = false;
  if (place_) {
    read();
  } else {
    find_place();
  }
}

void record_sweep::abandon() noexcept {
  ++number_;
  done_ = {};
}

// -- what lies there ---------------------------------------------------------------------------

void record_sweep::find_place() {
  // Agents that start together do not look at the same records.
  around_.api(
    jetstream::stream_info_request(jetstream::stream_of_bucket(work::items_bucket), soon()),
    if_current<const result<jetstream::api_reply>&>([this](
                                                      const result<jetstream::api_reply>& reply) {
      const auto info = reply ? jetstream::parse_stream_info(reply->body)
                              : result<jetstream::stream_info>{tl::make_unexpected(reply.error())};
      if (!info) {
        finish(); // there never was any work
        return;
      }
      place_ = 1 + around_.random() % std::max<std::uint64_t>(info->extent.last_sequence, 1);
      read();
    }));
}

void record_sweep::read() {
  page_reader::request what;
  what.stream = jetstream::stream_of_bucket(work::items_bucket);
  what.filters = {jetstream::subject_of_key(work::items_bucket, ">")};
  what.start_sequence = *place_;
  what.bounds = {limits::upkeep_records_max, limits::upkeep_bytes_max};
  what.deadline = soon();
  around_.pages->start(std::move(what), if_current<const result<work::stream_page>&>(
                                          [this](const result<work::stream_page>& page) {
                                            if (page) {
                                              page_read(*page);
                                            } else {
                                              finish();
                                            }
                                          }));
}

void record_sweep::page_read(const work::stream_page& page) {
  next_place_ = page.next.value_or(1);
  if (page.messages.empty()) {
    turn_page();
    return;
  }
  around_.time->know(soon(), if_current<const result<agents::server_clock>&>(
                               [this, page](const result<agents::server_clock>& known) {
                                 if (known) {
                                   sort_out(page);
                                 } else {
                                   give_up();
                                 }
                               }));
}

void record_sweep::sort_out(const work::stream_page& page) {
  const auto server_now = around_.time->time().now(around_.scripts->clock());
  for (const auto& message : page.messages) {
    const auto found = work::record_of(message);
    if (!found) {
      continue;
    }
    const auto& item = found->record.item;
    if (around_.reach == work_reach::own && item.scope != work::public_scope
        && item.scope != around_.project_id) {
      continue;
    }
    switch (work::upkeep_of(*found, server_now, around_.letters_kept_for)) {
      case work::upkeep::none:
        break;
      case work::upkeep::bury:
      case work::upkeep::queue:
      case work::upkeep::check_letter:
        untended_.push_back(item.id);
        break;
      case work::upkeep::check_message:
        unsure_[work::lane_of(item)].push_back({item.id, found->record.queue_sequence});
        break;
    }
  }
  look_at_lanes();
}

// -- whether their messages are there ----------------------------------------------------------

void record_sweep::look_at_lanes() {
  if (unsure_.empty()) {
    tend();
  } else {
    look_at(unsure_.begin()->first);
  }
}

void record_sweep::look_at(const work::lane& where) {
  around_.api(work::lane_stream_request(where, soon()),
              if_current<const result<jetstream::api_reply>&>(
                [this, where](const result<jetstream::api_reply>& reply) {
                  auto facts = reply ? work::read_stream_facts(where, reply->body)
                                     : result<work::lane_facts>{tl::make_unexpected(reply.error())};
                  if (!facts) {
                    unsure_.erase(where);
                    failed(facts.error(), &record_sweep::look_at_lanes);
                    return;
                  }
                  around_.api(
                    work::lane_consumer_request(where, soon()),
                    if_current<const result<jetstream::api_reply>&>(
                      [this, where, facts = *facts](const result<jetstream::api_reply>& answer) {
                        auto all = facts;
                        if (const auto added = work::add_consumer_facts(all, answer); !added) {
                          unsure_.erase(where);
                          failed(added.error(), &record_sweep::look_at_lanes);
                          return;
                        }
                        compare(where, all);
                      }));
                }));
}

void record_sweep::compare(const work::lane& where, const work::lane_facts& facts) {
  const auto node = unsure_.extract(where);
  for (const auto& one : node.mapped()) {
    if (work::is_gone(one.queue_sequence, facts)) {
      untended_.push_back(one.item_id);
    }
  }
  look_at_lanes();
}

// -- what is done about it ---------------------------------------------------------------------

void record_sweep::tend() {
  if (untended_.empty()) {
    turn_page();
    return;
  }
  around_.streams->ensure(soon(),
                          if_current<const result<void>&>([this](const result<void>& there) {
                            if (there) {
                              tend_next();
                            } else {
                              give_up();
                            }
                          }));
}

void record_sweep::tend_next() {
  if (untended_.empty()) {
    turn_page();
    return;
  }
  const auto item_id = std::move(untended_.front());
  untended_.pop_front();
  around_.scripts->run<work::record_upkeep>(
    std::make_shared<work::record_upkeep>(item_id, around_.letters_kept_for,
                                          around_.scripts->world({who_.guid, who_.handle})),
    soon(),
    [](const work::record_upkeep&) {
      // What it was decided to be is written where it belongs.
    },
    [this, number = number_](const work::record_upkeep& script) {
      if (number != number_) {
        return;
      }
      if (const auto& end = *script.end(); !end) {
        failed(end.error(), &record_sweep::tend_next);
      } else {
        found_any_ = found_any_ || *end != work::record_upkeep::outcome::nothing_to_do;
        tend_next();
      }
    });
}

void record_sweep::failed(const error& why, void (record_sweep::*then)()) {
  if (concerns_all(why)) {
    give_up();
  } else {
    (this->*then)();
  }
}

void record_sweep::turn_page() {
  place_ = next_place_;
  repeats_ = 0;
  pause_ = found_any_ ? 0 : std::min(2 * pause_ + 1, limits::upkeep_pause_max);
  left_out_ = pause_;
  finish();
}

void record_sweep::give_up() {
  if (++repeats_ > limits::upkeep_repeats_max) {
    place_ = next_place_;
    repeats_ = 0;
  }
  finish();
}

void record_sweep::finish() {
  ++number_;
  std::exchange(done_, {})();
}

monotonic_time record_sweep::soon() const { return around_.now() + limits::work_request_max; }

template <class Answer>
std::function<void(Answer)> record_sweep::if_current(std::function<void(Answer)> then) const {
  return [this, number = number_, then = std::move(then)](Answer answer) {
    if (number == number_) {
      then(answer);
    }
  };
}

} // namespace nats_mcp
