// SPDX-License-Identifier: MIT
#include "actors/work/lane_search.hpp"

#include "protocol/limits.hpp"
#include "protocol/overloaded.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

error connection_lost() {
  return {ec::nats_unreachable,
          "The connection to NATS was lost while work was looked for. Nothing was claimed; try"
          " again.",
          0};
}

} // namespace

/// One that may be taken.
struct lane_search::candidate {
  open_lane from;
  jetstream::delivery delivery;
  work::open_delivery handle;
};

struct lane_search::operation {
  request what;
  searched done;
  /// Lanes of one kind (one's own first) and one priority, the most urgent first; only those that
  /// may still have something.
  std::vector<std::vector<work::lane>> tiers;
  std::vector<work::waiting_lane> waiting;
  /// Questions that are not answered.
  std::size_t open = 0;
  std::vector<candidate> candidates;
  std::optional<error> failure;
  std::size_t passed_on = 0;

  [[nodiscard]] bool wanted() const { return what.wanted(); }
  /// Nothing is left in that lane.
  void exhausted(const work::lane& where) {
    if (!tiers.empty()) {
      std::erase(tiers.front(), where);
    }
  }
};

lane_search::lane_search(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void lane_search::look(request what, searched done) {
  const auto looking = std::make_shared<operation>();
  looking->what = std::move(what);
  looking->done = std::move(done);
  if (lanes_in_all_ <= work::lanes_asked_for_at_once_max) {
    looking->open = 1;
    ask_for_lanes(looking, work::any_token);
    return;
  }
  looking->open = looking->what.tokens.size() + 1;
  ask_for_lanes(looking, looking->what.personal_token);
  for (const auto& token : looking->what.tokens) {
    ask_for_lanes(looking, token);
  }
}

// -- which lanes -------------------------------------------------------------------------------

void lane_search::ask_for_lanes(const operation_ptr& looking, std::string_view token) {
  around_.api(work::waiting_lanes_request(work::any_scope, token, looking->what.deadline),
              [this, looking](const result<jetstream::api_reply>& reply) {
                const auto lanes =
                  reply ? work::parse_waiting_lanes(reply->body)
                        : result<work::waiting_lanes>{tl::make_unexpected(reply.error())};
                if (lanes) {
                  const auto& found = lanes->asked_for;
                  looking->waiting.insert(looking->waiting.end(), found.begin(), found.end());
                  lanes_in_all_ = lanes->in_all.value_or(found.empty() ? 0 : unknown);
                } else {
                  looking->failure = lanes.error();
                }
                if (--looking->open == 0) {
                  lanes_known(looking);
                }
              });
}

void lane_search::lanes_known(const operation_ptr& looking) {
  if (looking->failure) {
    finish(*looking, tl::make_unexpected(*looking->failure));
    return;
  }
  auto& waiting = looking->waiting;
  const auto is_among = [](const std::vector<std::string>& some, const std::string& one) {
    return std::find(some.begin(), some.end(), one) != some.end();
  };
  std::erase_if(waiting, [&](const work::waiting_lane& one) {
    const auto& [scope, token, priority] = one.where;
    const bool own = token == looking->what.personal_token;
    return !is_among(looking->what.scopes, scope)
           || (!own && !is_among(looking->what.tokens, token));
  });
  const auto rank = [&](const work::waiting_lane& one) {
    const bool personal = one.where.token == looking->what.personal_token;
    return std::pair{personal, one.where.priority};
  };
  std::stable_sort(waiting.begin(), waiting.end(),
                   [&](const auto& left, const auto& right) { return rank(left) > rank(right); });
  for (auto one = waiting.begin(); one != waiting.end(); ++one) {
    if (one == waiting.begin() || rank(*one) != rank(*std::prev(one))) {
      looking->tiers.emplace_back();
    }
    looking->tiers.back().push_back(one->where);
  }
  go_on(looking);
}

void lane_search::go_on(const operation_ptr& looking) {
  auto& tiers = looking->tiers;
  while (!tiers.empty() && tiers.front().empty()) {
    tiers.erase(tiers.begin());
  }
  const bool too_many = looking->passed_on > limits::deliveries_passed_on_max;
  if (!looking->wanted() || too_many) {
    finish(*looking, nothing{too_many});
  } else if (tiers.empty()) {
    wait_for_announced(looking);
  } else {
    const auto lanes = tiers.front();
    looking->open = lanes.size();
    for (const auto& one : lanes) {
      ask_lane(looking, one, {});
    }
  }
}

void lane_search::wait_for_announced(const operation_ptr& looking) {
  const auto where = std::exchange(looking->what.announced, std::nullopt);
  if (!where) {
    finish(*looking, nothing{});
    return;
  }
  looking->open = 1;
  ask_lane(looking, *where, {limits::work_announced_max});
}

// -- deliveries --------------------------------------------------------------------------------

void lane_search::ask_lane(const operation_ptr& looking, const work::lane& where, pull_terms how) {
  around_.lanes->open(where, looking->what.deadline,
                      [this, looking, how](const result<open_lane>& lane) {
                        if (lane) {
                          pull(looking, *lane, how);
                        } else {
                          looking->failure = lane.error();
                          lane_done(looking);
                        }
                      });
}

void lane_search::pull(const operation_ptr& looking, const open_lane& from, pull_terms how) {
  const auto patience = limits::lane_silence_max + how.expires;
  jetstream::pull wanted;
  wanted.stream = from.stream;
  wanted.consumer = from.consumer;
  wanted.expires = how.expires;
  wanted.deadline = std::min(looking->what.deadline, around_.now() + patience);
  wanted.late_handed_back_for = limits::late_delivery_max;
  const auto asked_at = around_.scripts->clock();
  around_.pull(std::move(wanted),
               [this, looking, from, how, asked_at](result<jetstream::pull_result> got) {
                 pulled(looking, from, how, asked_at, std::move(got));
               });
}

void lane_search::pulled(const operation_ptr& looking, const open_lane& from, pull_terms how,
                         monotonic_time asked_at, result<jetstream::pull_result> got) {
  using jetstream::pull_end;
  if (!got) {
    looking->failure = got.error();
    lane_done(looking);
    return;
  }
  for (auto& delivery : got->deliveries) {
    // When it was delivered is not known; not before it was asked for.
    work::open_delivery handle{delivery.ack_subject, from.ack_wait, asked_at};
    looking->candidates.push_back({from, std::move(delivery), std::move(handle)});
  }
  if (got->deliveries.empty()) {
    // Servers before 2.10 say nothing at all for a consumer that is gone.
    const bool gone = got->end == pull_end::no_responders || got->end == pull_end::consumer_gone
                      || got->end == pull_end::silence;
    if (gone) {
      around_.lanes->forget(from.where);
      if (!std::exchange(how.again, true)) {
        ask_lane(looking, from.where, how);
        return;
      }
    } else if (got->end == pull_end::disconnected) {
      looking->failure = connection_lost();
    }
    looking->exhausted(from.where);
  }
  lane_done(looking);
}

void lane_search::lane_done(const operation_ptr& looking) {
  if (--looking->open > 0) {
    return;
  }
  auto found = std::exchange(looking->candidates, {});
  const auto failure = std::exchange(looking->failure, std::nullopt);
  std::sort(found.begin(), found.end(), [](const candidate& left, const candidate& right) {
    return left.delivery.stream_sequence < right.delivery.stream_sequence;
  });
  const bool takes = !found.empty() && looking->wanted();
  // Only the oldest is ours to think about; the others are for whoever asks next.
  for (auto one = found.begin() + (takes ? 1 : 0); one != found.end(); ++one) {
    around_.scripts->hand_back(one->handle);
  }
  if (takes) {
    take(looking, std::move(found.front()));
  } else if (failure) {
    finish(*looking, tl::make_unexpected(*failure));
  } else {
    go_on(looking);
  }
}

// -- taking ------------------------------------------------------------------------------------

void lane_search::take(const operation_ptr& looking, candidate what) {
  const auto& asked = looking->what;
  work::delivery_handling::request handling;
  handling.where = what.from.where;
  handling.delivery = std::move(what.delivery);
  handling.handle = what.handle;
  handling.why = work::delivery_handling::purpose::take;
  handling.taker.id = make_uuid(around_.random);
  handling.taker.worker = asked.worker;
  handling.taker.session_id = asked.session_id;
  handling.taker.lease =
    std::min(asked.hold, std::chrono::duration_cast<std::chrono::milliseconds>(what.from.ack_wait));
  const auto claim_id = handling.taker.id;
  const auto script = std::make_shared<work::delivery_handling>(
    std::move(handling), around_.scripts->world(asked.worker));
  around_.scripts->run<work::delivery_handling>(
    script, asked.deadline,
    [this, looking, claim_id, handle = what.handle](const work::delivery_handling& run) {
      decided(looking, claim_id, handle, *run.end());
    });
}

void lane_search::decided(const operation_ptr& looking, const std::string& claim_id,
                          const work::open_delivery& handle,
                          const result<work::delivery_handling::outcome>& end) {
  using handling = work::delivery_handling;
  if (!end) {
    around_.scripts->hand_back(handle); // nothing came of it; somebody else may have more luck
    finish(*looking, tl::make_unexpected(end.error()));
    return;
  }
  std::visit(overloaded{
               [&](const handling::taken_item& item) {
                 finish(*looking, taken{item.found, item.handle, claim_id});
               },
               [&](const handling::passed_on&) {
                 ++looking->passed_on;
                 go_on(looking);
               },
               [&](const handling::buried&) {
                 ++looking->passed_on;
                 go_on(looking);
               },
               [&](const handling::doubtful& item) {
                 finish(*looking, doubtful{item.item_id, claim_id, handle, item.why});
               },
             },
             *end);
}

void lane_search::finish(operation& looking, result<finding> outcome) {
  const auto done = std::exchange(looking.done, {});
  done(std::move(outcome));
}

} // namespace nats_mcp
