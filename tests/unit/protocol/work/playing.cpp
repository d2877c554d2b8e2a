// SPDX-License-Identifier: MIT
#include "tests/unit/protocol/work/playing.hpp"

#include "protocol/limits.hpp"
#include "protocol/overloaded.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/record_upkeep.hpp"
#include "protocol/work/streams.hpp"

#include <utility>
#include <variant>

namespace nats_mcp::work {

namespace {

std::size_t combined(std::size_t left, std::size_t right) {
  return left ^ (right + 0x9e3779b97f4a7c15ULL + (left << 6U) + (left >> 2U));
}

std::string said(const result<work_answer>& answer) {
  if (!answer) {
    return "failed " + std::string{to_string(answer.error().code)};
  }
  return std::visit(
    overloaded{
      [](const jetstream::kv_lookup& it) {
        return it.entry ? std::to_string(it.entry->revision) + it.entry->value : std::string{};
      },
      [](const jetstream::kv_revision& it) { return std::to_string(it.revision); },
      [](const jetstream::publish_receipt& it) { return std::to_string(it.sequence); },
      [](const jetstream::settled&) { return std::string{"settled"}; },
      [](const jetstream::api_reply& it) { return it.body; },
      [](const jetstream::stored_message& it) { return std::to_string(it.sequence) + it.payload; },
    },
    *answer);
}

/// When it happens makes no difference to anybody.
bool is_nobody_elses(const work_command& what) {
  const auto* put = std::get_if<jetstream::kv_put>(&what);
  const auto* message = std::get_if<jetstream::publish>(&what);
  return (put != nullptr && put->bucket == tasks_bucket)
         || (message != nullptr && message->subject.starts_with("inbox."));
}

std::string judge_letter(const item_record& record, const jetstream::stored_message& letter) {
  const auto told = read_dead_letter(letter.subject, letter.payload, letter.stored_at);
  const bool same = told.generation == record.generation && told.history == record.attempts
                    && told.reason == record.reason && told.attempts == record.attempts_begun;
  return same ? "" : "the dead letter tells another story than the record";
}

std::string judge_record(const work_server& server, const item_record& record, strictness how) {
  const auto state = std::string{to_text(record.state)};
  const auto* letter = server.letter(record.item);
  const bool strict = how == strictness::nothing_open;
  if (record.state == item_state::dead) {
    return letter == nullptr ? "no dead letter of a dead item" : judge_letter(record, *letter);
  }
  if (letter != nullptr && strict) {
    return "a dead letter of an item that is " + state;
  }
  if (!is_over(record.state) && (strict || letter == nullptr)) {
    return "an item is " + state + " and nowhere";
  }
  const auto notice = queue_message_id(record.item.id, record.generation) + "-"
                      + std::to_string(record.attempts_begun) + "-work-complete";
  if (record.state == item_state::completed && strict && !server.notices().contains(notice)) {
    return "nobody was told of a completion";
  }
  const bool found = !strict || is_unreadable(record) || server.knows_task(record.item);
  return found ? "" : "an item is not found by its task";
}

} // namespace

// -- the stage and its players -------------------------------------------------------------------

stage::stage()
  : item{some_item(server)} {
  item.offered_by = boss.self();
}

delivery_handling::taken_item stage::held_by_ann() {
  offer();
  return *ann.claim(where());
}

void stage::kill() {
  const auto held = held_by_ann();
  (void)ann.run(ann.fail_it(held, hopeless()));
}

player::player(work_server& server, std::shared_ptr<work_script> script)
  : server_{&server}
  , talk_{std::move(script)} {
  // nop
}

player::player(work_server& server, std::vector<act> acts)
  : server_{&server}
  , acts_{std::move(acts)} {
  // nop
}

void player::step() {
  if (talk_ && !talk_->over()) {
    talk();
  } else {
    begin();
  }
  while (talk_ && !talk_->over() && is_nobody_elses(talk_->next())) {
    talk();
  }
}

void player::begin() {
  auto script = acts_[at_++]();
  heard_ = combined(heard_, script == nullptr ? 1 : 2);
  talk_.reset();
  if (script != nullptr) {
    talk_.emplace(std::move(script));
    if (at_ > 1 && !talk_->over()) {
      talk();
    }
  }
}

void player::talk() {
  auto answer = server_->carry_out(talk_->next());
  heard_ = combined(heard_, std::hash<std::string>{}(said(answer)));
  talk_->answer(std::move(answer), server_->clock());
}

player claiming(const worker& who, work_server& server, const lane& from) {
  return {server, std::vector<player::act>{[=, &who] { return who.pull(from); }}};
}

player claiming(const worker& who, work_server& server, const lane& from,
                std::shared_ptr<delivery_handling>& script) {
  return {server, std::vector<player::act>{[=, &who, &script] { return script = who.pull(from); }}};
}

namespace {

/// Pulls, then does something with what it got.
player holding(
  const worker& who, work_server& server, const lane& from,
  std::function<std::shared_ptr<work_script>(const delivery_handling::taken_item&)> what_then) {
  const auto script = std::make_shared<std::shared_ptr<delivery_handling>>();
  return {server, std::vector<player::act>{[=, &who] { return *script = who.pull(from); },
                                           [=]() -> std::shared_ptr<work_script> {
                                             const auto got =
                                               *script ? worker::taken(**script) : std::nullopt;
                                             return got ? what_then(*got) : nullptr;
                                           }}};
}

} // namespace

player working(const worker& who, work_server& server, const lane& from) {
  return holding(who, server, from, [&who](const auto& held) { return who.complete(held); });
}

player failing_at(const worker& who, work_server& server, const lane& from) {
  return holding(who, server, from,
                 [&who](const auto& held) { return who.fail_it(held, hopeless()); });
}

player passing(work_server& server, std::chrono::milliseconds time) {
  return {server, std::vector<player::act>{[=, &server] {
            server.pass(time);
            return nullptr;
          }}};
}

// -- orders and ends -----------------------------------------------------------------------------

bool every_order::play(const work_server& server, std::vector<player> players) {
  for (;;) {
    std::vector<player*> left;
    for (auto& one : players) {
      if (!one.over()) {
        left.push_back(&one);
      }
    }
    if (left.empty()) {
      return true;
    }
    if (order_.is_new()) {
      auto here = std::hash<std::string>{}(server.digest());
      for (const auto& one : players) {
        here = combined(here, one.heard());
      }
      if (!seen_.insert(here).second) {
        return false;
      }
    }
    left[order_.next(left.size())]->step();
  }
}

namespace {

/// What was offered under a key and not queued: a sweep does that.
void sweep_offers(stage& on, const worker& who) {
  for (const auto& record : on.server.records()) {
    if (record.state == item_state::pending && record.generation == 1
        && record.queue_sequence == 0) {
      on.server.pass(limits::upkeep_rest + server_time_lag);
      (void)who.run(std::make_shared<record_upkeep>(record.item.id, 168h, who.world()));
    }
  }
}

} // namespace

void finish_everything(stage& on) {
  const worker last{on.server, 99};
  sweep_offers(on, last);
  for (int round = 0; round < 400 && !on.server.queued().empty(); ++round) {
    const auto script = last.pull(on.where());
    if (script == nullptr) {
      on.server.pass(2s);
      continue;
    }
    (void)last.run(script);
    if (const auto got = worker::taken(*script)) {
      (void)last.run(last.complete(*got));
    }
  }
}

std::string judge(const stage& on, strictness how) {
  if (!on.server.complaint().empty()) {
    return on.server.complaint();
  }
  if (!on.server.queued().empty()) {
    return "something is left in the queue";
  }
  for (const auto& record : on.server.records()) {
    if (auto verdict = judge_record(on.server, record, how); !verdict.empty()) {
      return verdict;
    }
  }
  return {};
}

} // namespace nats_mcp::work
