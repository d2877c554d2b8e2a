// SPDX-License-Identifier: MIT
// A history of work made by hand, for the tests of its checkers: Anna offers, Ben and Carl do it.
// Every deed stores what it should and is answered with what it did; a test then spoils one thing.
#pragma once

#include "tests/simulation/checkers/work_history.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace nats_mcp::simulation {

using namespace std::chrono_literals;

class work_story : public ::testing::Test {
protected:
  static constexpr std::size_t anna = 0;
  static constexpr std::size_t ben = 1;
  static constexpr std::size_t carl = 2;
  static constexpr auto lease = 1'000ms;

  work_story() {
    for (const auto* name : {"anna", "ben", "carl"}) {
      const auto number = history_.processes.size();
      history_.processes.push_back({number, false, false, session_of(number)});
      history_.agents[guid_of(number)] = number;
      history_.living.insert(guid_of(number));
      names_.emplace_back(name);
    }
  }

  static std::string guid_of(std::size_t agent) { return "guid " + std::to_string(agent); }
  static std::string session_of(std::size_t agent) { return "session " + std::to_string(agent); }
  [[nodiscard]] work::party party_of(std::size_t agent) const {
    return {guid_of(agent), names_.at(agent)};
  }

  // -- time ------------------------------------------------------------------------------------

  stored_when next() {
    pass(1ms);
    return {++order_, now_};
  }
  void pass(std::chrono::milliseconds time) {
    now_ += time;
    wall_ += time;
  }
  call_facts begin(std::size_t agent) { return {agent, agent, ++order_, {}, true}; }
  call_facts& answer(call_facts& call) {
    call.answered = ++order_;
    return call;
  }

  // -- what is stored --------------------------------------------------------------------------

  /// The record as it is now, to be changed and stored again.
  work::item_record& change(const std::string& item) {
    auto& records = history_.journal.records[item];
    records.push_back(records.back());
    records.back().when = next();
    records.back().stamp = wall_;
    return records.back().record;
  }
  item_stored& newest(const std::string& item) { return history_.journal.records[item].back(); }

  void put_into_queue(const work::work_item& item, std::uint64_t generation = 1) {
    history_.journal.queued.push_back({next(), ++sequence_, {item, generation}});
    history_.journal.still_queued.insert(sequence_);
  }
  void take_from_queue() { history_.journal.still_queued.erase(sequence_); }

  void write_letter(const std::string& item) {
    const auto& record = newest(item).record;
    history_.journal.letters.push_back({next(),
                                        ++letters_,
                                        {record.item, record.generation, record.reason,
                                         record.attempts_begun, wall_, record.attempts}});
    history_.journal.letters_left.insert(letters_);
  }

  // -- deeds -----------------------------------------------------------------------------------

  /// Anna offers a task; the item is called after it.
  work_offer& offer(const std::string& task) {
    work_offer one{begin(anna), {}, {}, "item " + task, false, false};
    auto& item = one.wanted;
    item.id = one.item;
    item.task_id = task;
    item.capability = "c++";
    item.description = "do " + task;
    item.offered_by = party_of(anna);
    put_into_queue(item);
    work::item_record record;
    record.item = item;
    record.queue_sequence = sequence_;
    history_.journal.records[item.id].push_back({next(), wall_, record});
    answer(one.call);
    history_.offers.push_back(one);
    return history_.offers.back();
  }

  /// The record of a claim; whoever holds the item is overtaken.
  work::item_record& take(std::size_t agent, const std::string& item) {
    auto& record = change(item);
    if (record.held) {
      record.attempts.back().end = work::attempt_end::lease_over;
    }
    record.state = work::item_state::claimed;
    record.held = {"claim " + std::to_string(order_), party_of(agent), session_of(agent), lease};
    ++record.attempts_begun;
    record.not_before = {};
    work::attempt begun;
    begun.number = record.attempts_begun;
    begun.worker = party_of(agent);
    record.attempts.push_back(std::move(begun));
    return record;
  }

  work_claim& claim(std::size_t agent, const std::string& item) {
    work_claim one;
    one.call = begin(agent);
    const auto& record = take(agent, item);
    one.capabilities = {"c++", "cobol"};
    one.project = "p";
    one.item = item;
    one.task = record.item.task_id;
    one.description = record.item.description;
    one.attempt = record.attempts_begun;
    one.attempts_max = record.attempts_max;
    answer(one.call);
    history_.claims.push_back(std::move(one));
    return history_.claims.back();
  }

  work_act& act(std::size_t agent, work_deed what, const std::string& item,
                const std::string& text = {}) {
    work_act one{begin(agent), what, item, text, false, false, false};
    history_.acts.push_back(one);
    return history_.acts.back();
  }

  work_act& report(std::size_t agent, const std::string& item, const std::string& note) {
    auto& one = act(agent, work_deed::report, item, note);
    change(item).attempts.back().note = note;
    answer(one.call);
    return one;
  }

  work_act& complete(std::size_t agent, const std::string& item, const std::string& summary) {
    auto& one = act(agent, work_deed::complete, item, summary);
    auto& record = end_attempt(item, work::attempt_end::completed);
    record.state = work::item_state::completed;
    record.summary = summary;
    take_from_queue();
    answer(one.call);
    return one;
  }

  /// For another try, or for good.
  work_act& fail_at(std::size_t agent, const std::string& item, const std::string& why,
                    bool retryable) {
    auto& one = act(agent, work_deed::fail, item, why);
    one.tried_again = retryable;
    auto& record = end_attempt(item, work::attempt_end::failed);
    record.attempts.back().error = why;
    if (retryable) {
      record.state = work::item_state::pending;
    } else {
      record.state = work::item_state::dead;
      record.reason = why;
      write_letter(item);
      take_from_queue();
    }
    answer(one.call);
    return one;
  }

  work_act& release(std::size_t agent, const std::string& item) {
    auto& one = act(agent, work_deed::release, item);
    auto& record = end_attempt(item, work::attempt_end::released);
    record.state = work::item_state::pending;
    --record.attempts_begun;
    answer(one.call);
    return one;
  }

  work_act& cancel(std::size_t agent, const std::string& item, const std::string& reason) {
    auto& one = act(agent, work_deed::cancel, item, reason);
    auto& record = end_attempt(item, work::attempt_end::cancelled);
    record.state = work::item_state::cancelled;
    record.reason = reason;
    take_from_queue();
    answer(one.call);
    return one;
  }

  /// Of a dead item; the attempts it had stay counted.
  work_act& retry(std::size_t agent, const std::string& item) {
    auto& one = act(agent, work_deed::retry, item);
    auto& record = change(item);
    record.state = work::item_state::pending;
    record.attempts_max = record.attempts_begun + 1;
    record.queue_sequence = 0;
    put_into_queue(record.item, ++record.generation);
    change(item).queue_sequence = sequence_;
    history_.journal.letters_left.clear();
    answer(one.call);
    return one;
  }

  work_act& discard(std::size_t agent, const std::string& item) {
    auto& one = act(agent, work_deed::discard, item);
    change(item).state = work::item_state::discarded;
    history_.journal.letters_left.clear();
    answer(one.call);
    return one;
  }

  template <class Checker>
  [[nodiscard]] std::size_t found() const {
    return Checker{history_}.violations().size();
  }

  work_history history_;
  order_number order_ = 0;

private:
  work::item_record& end_attempt(const std::string& item, work::attempt_end how) {
    auto& record = change(item);
    if (std::exchange(record.held, std::nullopt)) {
      record.attempts.back().end = how;
    }
    return record;
  }

  std::vector<std::string> names_;
  std::uint64_t sequence_ = 0;
  std::uint64_t letters_ = 0;
  monotonic_time now_{};
  wall_time wall_{};
};

} // namespace nats_mcp::simulation
