// SPDX-License-Identifier: MIT
// What the scripted session did and was told, as facts for the checkers of the simulation
// (tests/simulation/checkers): they judge here as they do there.
#pragma once

#include "tests/fault/actors/actor_stage.hpp"
#include "tests/fault/actors/script_player.hpp"
#include "tests/simulation/checkers/checker.hpp"
#include "tests/simulation/checkers/coordination_checkers.hpp"
#include "tests/simulation/checkers/mail_history.hpp"
#include "tests/simulation/checkers/work_history.hpp"

#include <cstddef>
#include <map>

namespace nats_mcp::fault {

class session_facts {
public:
  /// @param of, asked outlive the facts.
  session_facts(actor_stage& of, const std::map<std::size_t, asked_request>& asked);

  /// Every checker there is; they judge what this object holds.
  [[nodiscard]] simulation::checkers check() const;

private:
  using request = simulation::request_record;
  using facts = simulation::call_facts;

  void tell(const request& one, const facts& call, const asked_request& what);
  void tell_send(const request& one, const facts& call, const json::value& asked);
  void tell_read(const request& one, const facts& call, const json::value& asked);
  void tell_wait(const request& one, const facts& call, const json::value& asked);
  void tell_mail_send(const request& one, const facts& call, const json::value& asked);
  void tell_mail_read(const request& one, const facts& call, const json::value& asked);
  void tell_identity(const request& one, const json::value& asked);
  void tell_offer(const request& one, const facts& call, const json::value& asked);
  void tell_claim(const request& one, const facts& call, const json::value& asked);
  void tell_deed(const request& one, const facts& call, const asked_request& what);
  void tell_look(const request& one, const facts& call);
  void tell_letters(const request& one, const facts& call);
  void tell_when_waits_were_over();
  void tell_stored();
  void forget_assignments();

  actor_stage& stage_;
  simulation::channel_history channels_;
  simulation::mail_history mail_;
  simulation::work_history work_;
  /// The same without the records of what coordinators see to.
  simulation::work_history uncoordinated_;
  simulation::coordination_history coordination_;
  /// When each wait's time was over; those of channels and those of mail.
  std::vector<monotonic_time> channel_waits_over_;
  std::vector<monotonic_time> mail_waits_over_;
};

} // namespace nats_mcp::fault
