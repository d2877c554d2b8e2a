// SPDX-License-Identifier: MIT
// What the tests of assignments share: leaders that see to the boss's item, and Ann and Bob who can
// do it, against the server in memory, in whatever order the test says.
#pragma once

#include "protocol/coordination/request_handling.hpp"
#include "protocol/coordination/submission.hpp"

#include "tests/unit/protocol/coordination/coordination_server.hpp"
#include "tests/unit/protocol/work/playing.hpp"
#include "tests/unit/protocol/work/spoken_commands.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::coordination {

using work::player;
using work::strictness;
using work::told;

inline constexpr std::chrono::milliseconds assign_timeout = 60s;
/// After so long everybody knows that an assignment is over.
inline constexpr std::chrono::milliseconds assignment_over = assign_timeout + work::server_time_lag;

/// A leader, or one that believes it is.
class leader {
public:
  leader(coordination_server& server, std::uint64_t number, std::uint64_t term)
    : server_{&server}
    , as_worker_{server, 500 + number}
    , term_{term} {
    // nop
  }

  /// Those who come into question, the best first.
  std::vector<std::string> staff;
  /// Those of them that are gone.
  std::set<std::string> gone;

  // A script under way keeps asking its leader who is there.
  leader(const leader&) = delete;
  leader& operator=(const leader&) = delete;
  ~leader() = default;

  /// Takes the next request; nothing if none is free.
  [[nodiscard]] std::shared_ptr<request_handling> pull() const {
    auto got = server_->deliver_request();
    return got ? std::make_shared<request_handling>(request_of(std::move(*got), {}),
                                                    as_worker_.world())
               : nullptr;
  }
  /// Looks at an item without its request.
  [[nodiscard]] std::shared_ptr<request_handling> look_at(const std::string& item_id) const {
    return std::make_shared<request_handling>(request_of(std::nullopt, item_id),
                                              as_worker_.world());
  }
  /// Takes the next request and sees to it with nobody in between. @returns what it came to.
  template <class Outcome>
  std::optional<Outcome> handle() const {
    return outcome_of<Outcome>(*as_worker_.run(pull()));
  }
  template <class Outcome>
  static std::optional<Outcome> outcome_of(const request_handling& script) {
    const auto& end = script.end();
    const auto* got = end && *end ? std::get_if<Outcome>(&**end) : nullptr;
    return got == nullptr ? std::nullopt : std::optional{*got};
  }

  [[nodiscard]] const work::party& self() const noexcept { return as_worker_.self(); }

private:
  [[nodiscard]] request_handling::request request_of(std::optional<jetstream::delivery> got,
                                                     std::string item_id) const {
    request_handling::request out;
    if (got) {
      out.handle = {got->ack_subject, request_wait, server_->clock()};
    }
    out.delivery = std::move(got);
    out.item_id = std::move(item_id);
    out.term = term_;
    out.assign_timeout = assign_timeout;
    out.choose = [this](const assignment_request& request, const auto& not_these) {
      return choose(request, not_these);
    };
    out.is_gone = [this](const std::string& guid) { return gone.contains(guid); };
    return out;
  }
  [[nodiscard]] std::optional<std::string> choose(const assignment_request& request,
                                                  const std::vector<std::string>& not_these) const {
    const auto may = [&](const std::string& guid) {
      return !gone.contains(guid)
             && std::find(not_these.begin(), not_these.end(), guid) == not_these.end();
    };
    const auto& preferred = request.preferred_worker;
    if (std::find(staff.begin(), staff.end(), preferred) != staff.end() && may(preferred)) {
      return preferred;
    }
    const auto first = std::find_if(staff.begin(), staff.end(), may);
    return first == staff.end() ? std::nullopt : std::optional{*first};
  }

  coordination_server* server_;
  work::worker as_worker_;
  std::uint64_t term_;
};

/// A server, people, leaders, and the item it is about.
struct scenery {
  coordination_server server;
  work::worker boss{server, 0};
  work::worker ann{server, 1};
  work::worker bob{server, 2};
  leader anna{server, 1, 10};
  /// Leads after Anna.
  leader bert{server, 2, 20};
  assignment_request request;

  scenery() {
    request.item = work::some_item(server);
    request.item.offered_by = boss.self();
    anna.staff = bert.staff = {ann.self().guid, bob.self().guid};
  }

  [[nodiscard]] work::lane lane_of(const work::worker& who) const {
    return {request.item.scope, "AGENT-" + who.self().guid, request.item.priority};
  }
  [[nodiscard]] work::item_record record() const { return server.record(request.item.id)->record; }
  [[nodiscard]] std::string worker() const {
    const auto guid = record().item.assigned_to;
    return guid == ann.self().guid ? "ann" : guid == bob.self().guid ? "bob" : guid;
  }

  [[nodiscard]] std::shared_ptr<submission>
  submitting(submission::novelty novelty = submission::novelty::certain) const {
    return std::make_shared<submission>(request, novelty, boss.world());
  }
  void submit() { (void)boss.run(submitting()); }
  /// It is Ann's to claim.
  void give_to_ann() {
    submit();
    (void)anna.handle<request_handling::assigned>();
  }
  [[nodiscard]] work::delivery_handling::taken_item held_by_ann() {
    give_to_ann();
    return *ann.claim(lane_of(ann));
  }
};

/// Takes and completes whatever is free in a lane.
inline void work_off(const work::worker& who, const work::lane& from) {
  while (const auto script = who.pull(from)) {
    (void)who.run(script);
    if (const auto got = work::worker::taken(*script)) {
      (void)who.run(who.complete(*got));
    }
  }
}

/// Time goes by, Bert leads, and everybody works, until nothing is left.
inline void finish_everything(scenery& on) {
  for (int round = 0; round < 400 && (on.server.requests() > 0 || !on.server.queued().empty());
       ++round) {
    while (const auto script = on.bert.pull()) {
      (void)on.boss.run(script);
    }
    work_off(on.ann, on.lane_of(on.ann));
    work_off(on.bob, on.lane_of(on.bob));
    work_off(on.bob, work::lane_of(on.request.item));
    on.server.pass(16s);
  }
}

/// Empty when all is well, else what is not. @pre everything is finished
inline std::string judge(const scenery& on, strictness how = strictness::nothing_open) {
  if (!on.server.complaint().empty()) {
    return on.server.complaint();
  }
  if (on.server.requests() > 0) {
    return "a request is left";
  }
  if (!on.server.queued().empty()) {
    return "something is left in the queue";
  }
  for (const auto& record : on.server.records()) {
    const bool is_dead = record.state == work::item_state::dead;
    if (!is_over(record.state) || is_dead != (on.server.letter(record.item) != nullptr)) {
      return "an item is " + std::string{to_text(record.state)};
    }
    if (how == strictness::nothing_open && !on.server.knows_task(record.item)) {
      return "an item is not found by its task";
    }
  }
  return {};
}

/// Plays a story in every order. @param tell sets it up and gives the players. @param then looks at
/// the end, once everything is finished. @returns empty, or what went wrong.
template <class Tell, class Then>
[[nodiscard]] std::string in_every_order(Tell tell, Then then) {
  work::every_order order;
  do {
    const auto on = std::make_unique<scenery>();
    if (!order.play(on->server, tell(*on))) {
      continue;
    }
    finish_everything(*on);
    if (auto verdict = judge(*on); !verdict.empty()) {
      return verdict;
    }
    then(*on);
  } while (order.another());
  return {};
}
template <class Tell>
[[nodiscard]] std::string in_every_order(Tell tell) {
  return in_every_order(tell, [](const scenery&) {});
}

} // namespace nats_mcp::coordination
