// SPDX-License-Identifier: MIT
// How agents that write to each other come to an end: all mail is read that anybody can read.
#include "protocol/json/member.hpp"

#include "tests/simulation/workloads/agent_world.hpp"
#include "tests/simulation/workloads/mail_workload.hpp"

namespace nats_mcp::simulation {

// Everybody writes to all others as what they are now. Then it waits until that is stored and
// whoever is gone was silent for long enough; registers once more, so that it is who it was before
// its last kill, under each of its names; gives itself time to find the inboxes of its former
// GUIDs; and reads until there is nothing.
void mail_workload::prove(agent& who) {
  auto& state = places_[who.number()];
  if (state.under_way || state.done) {
    return;
  }
  if (!state.since) {
    state.since = who.now();
    greet(who);
  }
  const auto waited = who.now() - *state.since;
  if (!is_registered(who) || !state.registered) {
    if (!is_registered(who)) {
      register_itself(who, handle_of(who.number()), {});
    }
  } else if (state.returned < (state.goes_by_both ? 2U : 1U)) {
    if (waited >= agents_settle_within) {
      prove_returning(who);
    }
  } else if (waited < agents_settle_within) {
    return; // it looks for former inboxes now and then
  } else if (!state.wrote) {
    prove_sending(who);
  } else {
    prove_reading(who);
  }
}

void mail_workload::greet(agent& who) {
  for (const auto& [number, state] : places_) {
    if (number != who.number() && !state.guid.empty() && state.returned == 0) {
      send_to(who, {{"recipientGuid", state.guid}}, {});
    }
  }
}

void mail_workload::prove_returning(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  // First under the name that led elsewhere.
  const bool as_other = state.goes_by_both && state.returned == 0;
  register_itself(who, as_other ? other_handle_of(who.number()) : handle_of(who.number()),
                  [&state, &who](const request_record& answered) {
                    state.under_way = false;
                    state.returned += answered.success() == nullptr ? 0 : 1;
                    state.since = who.now();
                  });
}

void mail_workload::prove_sending(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  send_to(who, {{"recipientGuid", state.guid}}, [this, &state](const request_record& answered) {
    state.under_way = false;
    state.wrote = answered.success() != nullptr;
    if (!state.wrote) {
      note_failure(answered); // it may have been replaced while it stood still
      state.returned = 0;
      state.since.reset();
    }
  });
}

void mail_workload::prove_reading(agent& who) {
  auto& state = places_[who.number()];
  state.under_way = true;
  const auto request =
    who.call("read_direct_messages", {{"limit", 100}}, [&state](const request_record& answered) {
      state.under_way = false;
      if (const auto* success = answered.success()) {
        const auto* messages = json::find(success->content, "messages");
        state.done = messages != nullptr && messages->empty();
      }
    });
  asked_[request] = asked_read{};
}

bool mail_workload::proved(const agent& who) const {
  const auto found = places_.find(who.number());
  return found != places_.end() && found->second.done;
}

} // namespace nats_mcp::simulation
