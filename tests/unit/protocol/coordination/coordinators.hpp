// SPDX-License-Identifier: MIT
// Coordinators that want to lead, and the network between them and NATS: it carries what they ask,
// loses it, loses the answer, or brings it late, as the test says. Each has a clock of its own;
// all run equally fast.
#pragma once

#include "protocol/coordination/leadership.hpp"
#include "protocol/coordination/streams.hpp"

#include "tests/support/counting_random.hpp"
#include "tests/support/key_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::coordination {

using namespace std::chrono_literals;

/// One process, and what it has asked.
class coordinator_process {
public:
  coordinator_process(std::uint64_t number, std::chrono::milliseconds clock_ahead)
    : random_{testing::counting_from(number << 40U)}
    , guid_{make_uuid(random_)}
    , machine_{{guid_, "host-" + std::to_string(number), random_}}
    , ahead_{clock_ahead} {
    // nop
  }

  [[nodiscard]] monotonic_time clock(std::chrono::milliseconds passed) const {
    return monotonic_time{} + ahead_ + passed;
  }
  [[nodiscard]] bool acts(std::chrono::milliseconds passed) const {
    return machine_.may_act(clock(passed));
  }
  [[nodiscard]] leadership& machine() noexcept { return machine_; }
  [[nodiscard]] const leadership& machine() const noexcept { return machine_; }
  [[nodiscard]] const std::string& guid() const noexcept { return guid_; }

  /// What is on its way to NATS.
  std::optional<leadership::command> asked;
  /// What is on its way back.
  std::optional<result<std::uint64_t>> written;
  std::optional<result<jetstream::kv_lookup>> found;

  void ask(std::chrono::milliseconds passed) {
    if (auto what = machine_.next(clock(passed))) {
      asked = std::move(what);
    }
  }
  void hear(std::chrono::milliseconds passed) {
    if (auto answer = std::exchange(written, std::nullopt)) {
      machine_.on_write(answer->map([](auto revision) { return jetstream::kv_revision{revision}; }),
                        clock(passed));
    }
    if (auto answer = std::exchange(found, std::nullopt)) {
      machine_.on_lookup(*answer, clock(passed));
    }
  }
  /// The request is over: nobody knows what became of it, or nothing did.
  void give_up(ec why) {
    if (std::holds_alternative<jetstream::kv_get>(*asked)) {
      found = fail(why, "no answer");
    } else {
      written = fail(why, "no answer");
    }
    asked.reset();
  }

private:
  random_source random_;
  std::string guid_;
  leadership machine_;
  std::chrono::milliseconds ahead_;
};

/// NATS, and the coordinators at it.
class coordinators {
public:
  explicit coordinators(std::size_t count) {
    for (std::size_t at = 0; at < count; ++at) {
      // Their clocks have nothing to do with each other.
      start(std::chrono::hours{static_cast<int>(at) * 31});
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return processes_.size(); }
  coordinator_process& operator[](std::size_t at) { return processes_[at]; }

  void ask(std::size_t who) { processes_[who].ask(passed_); }
  void hear(std::size_t who) { processes_[who].hear(passed_); }
  /// What was asked reaches NATS.
  void serve(std::size_t who) {
    auto& process = processes_[who];
    if (process.asked) {
      const auto what = *std::exchange(process.asked, std::nullopt);
      if (const auto* get = std::get_if<jetstream::kv_get>(&what)) {
        process.found = store.get(*get);
      } else {
        process.written = put(std::get<jetstream::kv_put>(what));
      }
    }
  }
  /// It reaches NATS, and the answer is lost.
  void lose_answer(std::size_t who) {
    auto& process = processes_[who];
    if (process.asked) {
      if (const auto* what = std::get_if<jetstream::kv_put>(&*process.asked)) {
        (void)put(*what);
      }
      process.give_up(ec::unknown_outcome);
    }
  }
  /// Given up; a write may reach NATS later.
  void be_late(std::size_t who) {
    auto& process = processes_[who];
    if (process.asked) {
      if (const auto* what = std::get_if<jetstream::kv_put>(&*process.asked)) {
        late_.push_back(*what);
      }
      process.give_up(ec::unknown_outcome);
    }
  }
  void never_send(std::size_t who) {
    if (processes_[who].asked) {
      processes_[who].give_up(ec::timeout);
    }
  }
  void late_ones_arrive() {
    for (const auto& what : std::exchange(late_, {})) {
      (void)put(what);
    }
  }
  /// Killed; another one starts in its place. What it had sent may still arrive.
  void kill(std::size_t who) {
    be_late(who);
    processes_[who] = coordinator_process{++started_, std::chrono::hours{7}};
  }

  void pass(std::chrono::milliseconds time) {
    passed_ += time;
    store.pass(time);
  }
  [[nodiscard]] std::chrono::milliseconds passed() const noexcept { return passed_; }

  /// All of `who` are well connected for so long: what they ask is answered at once.
  void run(std::chrono::milliseconds time, const std::vector<std::size_t>& who,
           std::chrono::milliseconds each = 50ms) {
    for (const auto until = passed_ + time; passed_ < until; pass(each)) {
      settle(who);
    }
    settle(who);
  }
  void run(std::chrono::milliseconds time) {
    std::vector<std::size_t> all;
    for (std::size_t at = 0; at < size(); ++at) {
      all.push_back(at);
    }
    run(time, all);
  }

  /// Who acts at this moment, by their own clocks.
  [[nodiscard]] std::vector<std::size_t> acting() const {
    std::vector<std::size_t> out;
    for (std::size_t at = 0; at < size(); ++at) {
      if (processes_[at].acts(passed_)) {
        out.push_back(at);
      }
    }
    return out;
  }

  testing::key_store store{coordinator_bucket};

private:
  void start(std::chrono::milliseconds clock_ahead) {
    processes_.emplace_back(++started_, clock_ahead);
  }
  result<std::uint64_t> put(const jetstream::kv_put& what) {
    return store.put(what).map([](const auto& written) { return written.revision; });
  }
  void settle(const std::vector<std::size_t>& who) {
    for (int round = 0; round < 4; ++round) {
      for (const auto at : who) {
        ask(at);
        serve(at);
        hear(at);
      }
    }
  }

  std::vector<coordinator_process> processes_;
  std::vector<jetstream::kv_put> late_;
  std::chrono::milliseconds passed_{0};
  std::uint64_t started_ = 0;
};

} // namespace nats_mcp::coordination
