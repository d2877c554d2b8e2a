// SPDX-License-Identifier: MIT
// Agents of several users, projects and computers that come and go under few handles, so that they
// compete for GUIDs; they change who may see them and what they say of themselves, look for each
// other, and write to each other, so that one hears who speaks.
#pragma once

#include "tests/simulation/checkers/registry_history.hpp"
#include "tests/simulation/workloads/workload.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

class registry_workload final : public workload {
public:
  [[nodiscard]] world_rhythm rhythm() const override;
  void set_up(config::configuration& settings, dice& chance) override;
  void settle(config::configuration& settings, std::size_t agent) const override;
  [[nodiscard]] process_identity process_of(std::size_t agent) const override;
  void step(agent& who) override;
  void prove(agent& who) override;
  [[nodiscard]] bool proved(const agent& who) const override;
  [[nodiscard]] checkers check(const request_history& requests, server& nats) override;

private:
  struct asked_registration {
    std::string handle;
    bool first = false;
  };
  struct asked_look {
    bool complete = false;
    /// It goes to the entries themselves, not to a view of them.
    bool exact = false;
  };

  /// How far the proof of one agent has come.
  enum class stage : std::uint8_t { registering, describing, settled, looking, done };
  struct proof {
    stage at = stage::registering;
    bool under_way = false;
    /// What it wants to be in the end.
    bool stays = true;
    std::string guid;
    std::string status;
    monotonic_time since{};
  };

  void register_itself(agent& who, agent::heard then);
  void look_around(agent& who);
  void look_up(agent& who);
  void describe_itself(agent& who);
  void rename_itself(agent& who);
  void write_to_somebody(agent& who);
  void change_mind(agent& who);

  void prove_registered(agent& who);
  void prove_described(agent& who);
  void prove_seen(agent& who);
  [[nodiscard]] bool all_settled(monotonic_time now) const;

  void tell_registration(const request_record& request, const asked_registration& what);
  void tell_look(const request_record& request, const asked_look& what);
  [[nodiscard]] std::string returning_key_of(std::size_t agent, const std::string& handle) const;

  /// Which of the places in the world the first agent has.
  std::size_t first_place_ = 0;
  std::map<std::size_t, asked_registration> registrations_;
  std::map<std::size_t, asked_look> looks_;
  /// Direct messages by text: the process that was asked to send it.
  std::map<std::string, std::size_t> senders_;
  std::map<std::size_t, proof> proofs_;
  /// Processes that have registered.
  std::set<std::size_t> knows_time_;
  /// Every GUID somebody was told of.
  std::vector<std::string> guids_;
  /// Processes that were told to register.
  std::set<std::size_t> registered_;
  std::uint64_t tasks_ = 0;
  std::uint64_t texts_ = 0;
  registry_history history_;
};

} // namespace nats_mcp::simulation
