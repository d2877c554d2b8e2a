// SPDX-License-Identifier: MIT
// Everything that runs in a soak: nats-server, two coordinators of which one lasts and serves an
// open page, agents that last and agents that are killed; and the faults that are done to them.
#pragma once

#include "tests/fault/soak_member.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace nats_mcp::testing {

/// Somebody who looks at the coordinator's page all the time.
class soak_page {
public:
  explicit soak_page(int port);
  soak_page(const soak_page&) = delete;
  soak_page& operator=(const soak_page&) = delete;
  ~soak_page();

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// How often the stream of events ended although nobody wanted it to.
  [[nodiscard]] unsigned ends() const noexcept { return ends_; }

private:
  std::atomic<std::size_t> bytes_{0};
  std::atomic<unsigned> ends_{0};
  std::atomic<bool> stopping_{false};
  httplib::Client client_;
  std::thread reading_;
};

class soak_stage {
public:
  struct options {
    unsigned lasting = 3;
    unsigned killed = 2;
    std::uint64_t seed = 1;
  };

  explicit soak_stage(const options& choice);
  soak_stage(const soak_stage&) = delete;
  soak_stage& operator=(const soak_stage&) = delete;
  ~soak_stage();

  /// What is done before nats-server is killed and after it was started again.
  void around_kills(std::function<void()> before, std::function<void()> after);

  /// Everybody begins, with the gate closed.
  void start();
  /// Nobody does anything any more; agents that last hear what is left.
  void finish();

  /// Does one more fault, unless its victim has to do with another one; heals those that are due.
  void break_something();
  void heal_what_is_due();
  void heal();

  /// By name, whoever lives as long as the soak.
  [[nodiscard]] std::map<std::string, pid_t> lasting_processes();
  [[nodiscard]] std::vector<std::string> lasting_members() const;
  [[nodiscard]] const std::map<std::string, unsigned>& faults() const noexcept { return faults_; }
  [[nodiscard]] std::size_t members() const noexcept { return members_.size(); }
  /// Gets `/metrics` as a monitoring system does, unless the coordinator stands still.
  void scrape();

  [[nodiscard]] soak_gate& gate() noexcept { return gate_; }
  [[nodiscard]] soak_ledger& ledger() noexcept { return ledger_; }
  [[nodiscard]] work_history& history() noexcept { return history_; }
  [[nodiscard]] nats_server& nats() noexcept { return nats_; }
  [[nodiscard]] std::uint16_t monitoring_port() const noexcept { return monitoring_port_; }
  [[nodiscard]] const soak_page& page() const { return *page_; }

  static constexpr std::chrono::milliseconds lease{1500};

private:
  struct wound {
    std::chrono::milliseconds until;
    std::function<void()> heal;
  };

  void start_other_coordinator();
  void start_page();
  [[nodiscard]] unsigned number_below(unsigned bound);
  /// @param victim nobody is hurt twice at once
  void hurt(const std::string& victim, const std::string& how, std::chrono::milliseconds span,
            const std::function<void()>& now, std::function<void()> later);

  options options_;
  std::mt19937_64 chance_;
  std::uint16_t monitoring_port_ = unused_port();
  nats_server nats_;
  temporary_directory folder_;
  soak_ledger ledger_;
  soak_gate gate_;
  work_history history_;
  std::unique_ptr<server_process> coordinator_;
  std::unique_ptr<server_process> other_coordinator_;
  int page_port_ = 0;
  std::unique_ptr<soak_page> page_;
  std::vector<std::unique_ptr<soak_member>> members_;
  std::function<void()> before_kill_ = [] {};
  std::function<void()> after_start_ = [] {};
  std::map<std::string, wound> wounds_;
  std::map<std::string, unsigned> faults_;
};

} // namespace nats_mcp::testing
