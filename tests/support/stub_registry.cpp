// SPDX-License-Identifier: MIT
#include "tests/support/stub_registry.hpp"

#include "actors/error_bridge.hpp"

#include <utility>

namespace nats_mcp::testing {

namespace {

caf::error not_scripted() { return to_caf({ec::unavailable, "The test did not script this.", 0}); }

template <class T>
caf::result<T> answer(const result<T>& outcome) {
  if (!outcome) {
    return to_caf(outcome.error());
  }
  return *outcome;
}

result<agent_identity> who(registry_script& script) {
  ++script.confirmations;
  if (script.refusal) {
    return tl::make_unexpected(*script.refusal);
  }
  if (script.identity.guid.empty()) {
    return fail(ec::not_found, "This agent is not registered. Call register_agent first.");
  }
  return script.identity;
}

} // namespace

registry_actor spawn_stub_registry(caf::actor_system& system,
                                   std::shared_ptr<registry_script> script) {
  using namespace tools;
  return system.spawn([script](registry_actor::pointer self) -> registry_actor::behavior_type {
    return {
      [script, self](const register_as& what) -> caf::result<register_agent_result> {
        script->registrations.push_back(what);
        script->held_registrations.push_back(self->make_response_promise<register_agent_result>());
        return script->held_registrations.back();
      },
      [](const discover&) -> caf::result<discover_agents_result> { return not_scripted(); },
      [](const look_up_agent&) -> caf::result<get_agent_info_result> { return not_scripted(); },
      [](const change_presence&) -> caf::result<update_presence_result> { return not_scripted(); },
      [](const change_handle&) -> caf::result<set_handle_result> { return not_scripted(); },
      [](const deregister&) -> caf::result<deregister_agent_result> { return not_scripted(); },
      [script](const find_recipient& whom) -> caf::result<recipient_found> {
        script->searches.push_back(whom);
        return answer<recipient_found>(who(*script).and_then([&](const agent_identity& sender) {
          return script->recipient.map([&](const agent_summary& recipient) {
            recipient_found found{sender, recipient};
            found.send = script->searches.size();
            return found;
          });
        }));
      },
      [script](const send_over& send) { script->sends_over.push_back(send.send); },
      [script](const confirm_identity&) -> caf::result<agent_identity> {
        return answer<agent_identity>(who(*script));
      },
      [script](const identity_wanted&) { ++script->identities_wanted; },
      [](const beat_report&) {},
      [](const observe_agents&) {},
      [](const say_goodbye&) { return goodbye_said{}; },
      [script](const registry_timer&) {
        auto oldest = script->held_registrations.front();
        script->held_registrations.erase(script->held_registrations.begin());
        if (script->registration) {
          oldest.deliver(*script->registration);
        } else {
          oldest.deliver(to_caf(script->registration.error()));
        }
      },
      [](const jetstream::core_message&) {},
      [](const jetstream::kv_change&) {},
      [](const jetstream::kv_watch_event&) {},
      [](const jetstream::connection_event&) {},
    };
  });
}

} // namespace nats_mcp::testing
