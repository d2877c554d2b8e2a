// SPDX-License-Identifier: MIT
// Offerers and workers under load, each a thread that drives the shipped binary as an agent would,
// starts it again when it was killed, and writes down what it did and what it was told.
#pragma once

#include "tests/fault/work_history.hpp"
#include "tests/integration/agent.hpp"

#include <atomic>
#include <csignal>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>

namespace nats_mcp::testing {

/// One member of the crew: a process at a time, and the thread that drives it.
class crew_member {
public:
  struct options {
    std::string name;
    std::string nats_url;
    std::map<std::string, std::string> environment;
    std::uint64_t seed = 0;
    /// Outlives the member.
    work_history& history;
    /// As in `agent::options`.
    std::string channel_members{};
    /// Between the end of a process and the next one.
    std::chrono::milliseconds pause{0};
  };

  explicit crew_member(options choice);
  crew_member(const crew_member&) = delete;
  crew_member& operator=(const crew_member&) = delete;
  virtual ~crew_member() = default;

  /// From now on, until `stop`.
  void start();
  /// Ends after what is under way; waits for it. Needed before the end of every member that was
  /// started.
  void stop();
  /// SIGKILL for the process it drives now, if there is one. Any thread.
  void kill() { signal(SIGKILL); }
  /// The same. @returns which life that was, as `who` has it; empty: there was no process. Any
  /// thread.
  std::string kill_life();
  /// Any signal for it. Any thread.
  void signal(int number);
  /// That of the process it drives now; nothing while there is none. Any thread.
  [[nodiscard]] std::optional<pid_t> pid();

protected:
  /// What it does, again and again, while its process lives.
  virtual void act() = 0;
  /// What a new process does first. Registers.
  virtual void begin();
  /// Its process gave no answer: it was killed, or something is wrong with it.
  virtual void lost(const std::string& /*why*/) {}
  [[nodiscard]] bool stopping() const noexcept { return stopping_; }

  struct order {
    deed what;
    std::string_view tool;
    json::value arguments;
    std::string task{};
    std::string item{};
    std::string token{};
  };
  /// Calls the tool and writes down what came of it. @returns the answer; nothing when none came.
  std::optional<tool_outcome> carry_out(const order& what);
  [[nodiscard]] static verdict verdict_of(const tool_outcome& outcome);

  [[nodiscard]] bool one_in(unsigned count) { return number_below(count) == 0; }
  [[nodiscard]] unsigned number_below(unsigned bound);
  /// Another one with every process.
  [[nodiscard]] std::string who() const;
  [[nodiscard]] agent& process() { return *process_; }
  [[nodiscard]] work_history& history() { return options_.history; }
  [[nodiscard]] const std::string& name() const noexcept { return options_.name; }

private:
  void run();
  void ensure_process();

  options options_;
  std::mt19937_64 chance_;
  std::mutex process_mutex_;
  std::unique_ptr<agent> process_;
  unsigned life_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Offers items, takes some of them back, retries dead letters.
class crew_offerer final : public crew_member {
public:
  using crew_member::crew_member;

  /// Tasks that were offered under an idempotency key. Call after `stop`.
  [[nodiscard]] const std::set<std::string>& keyed_tasks() const noexcept { return keyed_; }

private:
  void act() override;
  void offer();
  void cancel();
  void retry();

  std::set<std::string> keyed_;
  std::vector<std::string> accepted_;
  unsigned tasks_ = 0;
  /// Offered without an answer: is offered again, as somebody would who has a key.
  std::optional<std::string> doubtful_task_;
  std::optional<std::string> doubtful_retry_;
};

/// Claims items and does with them what agents do, the careless ones too.
class crew_worker final : public crew_member {
public:
  using crew_member::crew_member;

  /// From now on everything that is claimed is completed.
  void be_diligent() noexcept { diligent_ = true; }

private:
  void act() override;
  void deal_with(const std::string& item, const std::string& task);
  void complete(const std::string& item, const std::string& task);
  void sleep_over(std::chrono::milliseconds span);

  std::atomic<bool> diligent_{false};
  unsigned completions_ = 0;
};

} // namespace nats_mcp::testing
