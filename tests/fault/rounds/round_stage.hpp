// SPDX-License-Identifier: MIT
// Who takes part in the rounds: NATS, agents and coordinators as processes of the shipped binaries,
// each behind a network of its own that can be broken.
#pragma once

#include "tests/fault/rounds/round_member.hpp"
#include "tests/fault/rounds/round_nats.hpp"
#include "tests/fault/rounds/talk_checker.hpp"
#include "tests/fault/rounds/talk_history.hpp"
#include "tests/fault/work_checker.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/temporary_directory.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class round_stage {
public:
  struct options {
    round_nats::kind nats = round_nats::kind::one;
    std::size_t agents = 4;
    std::size_t coordinators = 2;
    std::uint64_t seed = 1;
    /// With `small_disk`; outlives the stage.
    const small_disk* disk = nullptr;
  };

  /// Starts NATS; waits until it takes something.
  explicit round_stage(const options& choice);
  round_stage(const round_stage&) = delete;
  round_stage& operator=(const round_stage&) = delete;
  ~round_stage();

  /// Everybody begins.
  void start();
  /// Waits until every agent has said something and looked into its inbox, and a coordinator leads.
  /// @returns who has not, a sentence each.
  [[nodiscard]] std::vector<std::string> recover(std::chrono::milliseconds within);
  /// Ends the work, hears what is left, and judges it all. @returns what is wrong.
  [[nodiscard]] std::vector<std::string> finish();

  // -- what can be done to whom

  [[nodiscard]] round_nats& nats() noexcept { return nats_; }
  [[nodiscard]] std::size_t agents() const noexcept { return members_.size(); }
  [[nodiscard]] std::size_t coordinators() const noexcept { return coordinators_.size(); }
  /// Those whose network can be broken: agents, then coordinators.
  [[nodiscard]] std::size_t lines() const noexcept { return lines_.size(); }
  [[nodiscard]] const std::string& line_name(std::size_t number) const;
  void kill_agent(std::size_t number);
  void signal_agent(std::size_t number, int signal);
  void kill_coordinator(std::size_t number) { coordinators_.at(number).reset(); }
  void start_coordinator(std::size_t number);
  void signal_coordinator(std::size_t number, int signal);
  void break_line(std::size_t number, const tcp_proxy::behaviour& how);
  void cut_line(std::size_t number);

  [[nodiscard]] talk_history& talk() noexcept { return talk_; }
  [[nodiscard]] work_history& work() noexcept { return work_; }
  /// In words, what there is in the end; after `finish`.
  [[nodiscard]] std::string summary() const;
  void write_history(const std::filesystem::path& file) const;

private:
  struct line {
    std::string name;
    /// One for each node.
    std::vector<std::unique_ptr<tcp_proxy>> proxies;
  };

  line make_line(const std::string& name);
  [[nodiscard]] static std::string servers(const line& through);
  void make_member(std::size_t number, const std::vector<std::string>& everybody);
  void hear_the_rest(std::vector<std::string>& violations);
  void judge(std::vector<std::string>& violations);

  options options_;
  std::mt19937_64 chance_;
  round_nats nats_;
  std::vector<line> lines_;
  temporary_directory folder_;
  talk_history talk_;
  work_history work_;
  std::vector<std::unique_ptr<round_member>> members_;
  std::vector<std::unique_ptr<server_process>> coordinators_;
  talk_record record_;
  work_content items_;
};

} // namespace nats_mcp::testing
