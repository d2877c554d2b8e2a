// SPDX-License-Identifier: MIT
// Agents on computers of their own that write to each other, also to those who are away, and read
// their mail: all of it, some of it, waiting for it, changing their mind.
#pragma once

#include "tests/simulation/checkers/mail_history.hpp"
#include "tests/simulation/workloads/workload.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nats_mcp::simulation {

class mail_workload final : public workload {
public:
  [[nodiscard]] world_rhythm rhythm() const override;
  void set_up(config::configuration& settings, dice& chance) override;
  void settle(config::configuration& settings, std::size_t agent) const override;
  void step(agent& who) override;
  void prove(agent& who) override;
  [[nodiscard]] bool proved(const agent& who) const override;
  [[nodiscard]] checkers check(const request_history& requests, server& nats) override;

private:
  // What was asked of a request, by its number; the answers stand in the request history.
  struct asked_send {
    std::string text;
    std::string type;
  };
  struct asked_read {
    std::string type;
    std::string sender_guid;
  };
  struct asked_wait {
    std::chrono::milliseconds timeout{0};
  };
  using asked = std::variant<asked_send, asked_read, asked_wait>;

  /// One agent, as far as the workload knows.
  struct place {
    /// The process that was told to register, and whether it said that it did.
    std::size_t registering = ~std::size_t{0};
    bool registered = false;
    std::string guid;
    bool goes_by_both = false;
    /// Of the proof: a call is open, since when nothing happened, how often it has registered
    /// again, it wrote to itself, its inbox was empty.
    bool under_way = false;
    std::optional<monotonic_time> since{};
    unsigned returned = 0;
    bool wrote = false;
    bool done = false;
  };

  [[nodiscard]] bool is_registered(const agent& who) const;
  void register_itself(agent& who, const std::string& handle, agent::heard then);
  /// Goes by another name from now on, or by its first one again.
  void rename(agent& who);
  void deregister(agent& who);
  void send(agent& who);
  void send_to(agent& who, json::value recipient, agent::heard then);
  void read(agent& who);
  void wait(agent& who);
  void change_mind(agent& who);
  void ask_something(agent& who);
  /// Writes to everybody as what he is now.
  void greet(agent& who);
  void prove_returning(agent& who);
  void prove_sending(agent& who);
  void prove_reading(agent& who);
  /// Whether it is news that the agent has lost its place; then it registers again.
  void note_failure(const request_record& answered);

  void tell(const request_record& request, const call_facts& call, const asked_send& what);
  void tell(const request_record& request, const call_facts& call, const asked_read& what);
  void tell(const request_record& request, const call_facts& call, const asked_wait& what);
  void tell_identities(const request_history& requests);
  void tell_when_waits_were_over(const request_history& requests);

  std::map<std::size_t, place> places_;
  std::map<std::size_t, asked> asked_;
  /// Requests that make a process an agent, or end that.
  std::vector<std::size_t> changes_;
  std::uint64_t texts_ = 0;
  /// Who registered last.
  std::optional<std::size_t> newcomer_;
  mail_history history_;
  /// When the time of each wait of `history_` was over.
  std::vector<monotonic_time> waits_over_;
};

} // namespace nats_mcp::simulation
