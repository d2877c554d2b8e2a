// SPDX-License-Identifier: MIT
// Agents that talk in channels: they send, read in all three ways, wait, change their mind, and ask
// for their state in between.
#pragma once

#include "tests/simulation/checkers/channel_history.hpp"
#include "tests/simulation/workloads/workload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace nats_mcp::simulation {

class channels_workload final : public workload {
public:
  void set_up(config::configuration& settings, dice& chance) override;
  void step(agent& who) override;
  void prove(agent& who) override;
  [[nodiscard]] bool proved(const agent& who) const override;
  [[nodiscard]] checkers check(const request_history& requests, server& nats) override;

private:
  // What was asked of a request, by its number; the answers stand in the request history.
  struct asked_send {
    std::string channel;
    std::string text;
  };
  struct asked_read {
    std::string channel;
    read_mode mode = read_mode::newest;
    std::uint64_t after = 0;
    std::uint64_t limit = 0;
  };
  struct asked_wait {
    std::vector<std::string> channels;
    std::chrono::milliseconds timeout{0};
  };
  using asked = std::variant<asked_send, asked_read, asked_wait>;

  /// How far the proof of one agent has come.
  struct proof {
    bool under_way = false;
    std::string channel;
    /// Where its message stands; 0 = not sent yet.
    std::uint64_t sequence = 0;
    bool done = false;
  };

  void name_itself(agent& who);
  [[nodiscard]] bool is_named(const agent& who) const;
  void send(agent& who, const std::string& channel, agent::heard then);
  void read(agent& who);
  void wait(agent& who);
  void change_mind(agent& who);
  void ask_something(agent& who);
  void prove_read(agent& who);
  [[nodiscard]] const std::string& some_channel(dice& chance) const;

  void tell(const request_record& request, const call_facts& call, const asked_send& what);
  void tell(const request_record& request, const call_facts& call, const asked_read& what);
  void tell(const request_record& request, const call_facts& call, const asked_wait& what);
  void tell_when_waits_were_over(const request_history& requests);
  void tell_stored(server& nats);

  std::string namespace_ = "demo";
  std::vector<std::string> channels_{"errors", "planning"};
  std::map<std::size_t, asked> asked_;
  /// By agent: the process in which it set its handle.
  std::map<std::size_t, std::size_t> named_in_;
  std::map<std::size_t, proof> proofs_;
  std::uint64_t texts_ = 0;
  channel_history history_;
  /// When the time of each wait of `history_` was over.
  std::vector<monotonic_time> waits_over_;
};

} // namespace nats_mcp::simulation
