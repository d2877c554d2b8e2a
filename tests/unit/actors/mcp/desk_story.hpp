// SPDX-License-Identifier: MIT
// The stage for resource desk tests: the three actors a resource may be of, each of which answers
// what the test says and keeps what it was asked.
#pragma once

#include "actors/mcp/resource_desk.hpp"
#include "actors/supervision/actor_shell.hpp"

#include "tests/support/deterministic.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

/// What the stubs answer and what they saw. Without an answer: `unavailable`.
struct desk_script {
  result<tools::read_direct_messages_result> inbox = fail(ec::unavailable, "The inbox is down.");
  result<tools::discover_agents_result> agents = fail(ec::unavailable, "The registry is down.");
  result<tools::read_messages_result> channel = fail(ec::unavailable, "The channels are down.");

  std::vector<read_inbox> inbox_reads;
  std::vector<discover> discoveries;
  std::vector<read_channel> channel_reads;
  std::vector<observe_channels> channels_observed;
  std::vector<observe_agents> agents_observed;
};

template <class T>
caf::result<T> scripted(const result<T>& outcome) {
  return outcome ? caf::result<T>{*outcome} : caf::result<T>{to_caf(outcome.error())};
}

template <class T>
caf::result<T> not_scripted() {
  return to_caf({ec::unavailable, "The test did not script this.", 0});
}

class desk_inbox {
public:
  desk_inbox(inbox_actor::pointer, std::shared_ptr<desk_script> script)
    : script_{std::move(script)} {
    // nop
  }

  inbox_actor::behavior_type make_behavior() {
    return {
      [](const send_direct&) { return not_scripted<tools::send_direct_message_result>(); },
      [this](const read_inbox& request) {
        script_->inbox_reads.push_back(request);
        return scripted(script_->inbox);
      },
      [](const direct_messages_shown&) { FAIL() << "a resource counted as read"; },
      [](const direct_messages_not_shown&) {},
      [](const inbox_readers_gone&) {},
      [](const wait_for_mail&) { return not_scripted<mail_news>(); },
      [](const cancel_mail_wait&) {},
      [](const identity_changed&) {},
      [](const inbox_timer&) {},
      [](const jetstream::core_message&) {},
      [](const jetstream::kv_change&) {},
      [](const jetstream::kv_watch_event&) {},
      [](const jetstream::connection_event&) {},
    };
  }

private:
  std::shared_ptr<desk_script> script_;
};

class desk_registry {
public:
  desk_registry(registry_actor::pointer, std::shared_ptr<desk_script> script)
    : script_{std::move(script)} {
    // nop
  }

  registry_actor::behavior_type make_behavior() {
    return {
      [](const register_as&) { return not_scripted<tools::register_agent_result>(); },
      [this](const discover& request) {
        script_->discoveries.push_back(request);
        return scripted(script_->agents);
      },
      [](const look_up_agent&) { return not_scripted<tools::get_agent_info_result>(); },
      [](const change_presence&) { return not_scripted<tools::update_presence_result>(); },
      [](const change_handle&) { return not_scripted<tools::set_handle_result>(); },
      [](const deregister&) { return not_scripted<tools::deregister_agent_result>(); },
      [](const find_recipient&) { return not_scripted<recipient_found>(); },
      [](const send_over&) {},
      [](const confirm_identity&) { return not_scripted<agent_identity>(); },
      [](const identity_wanted&) {},
      [](const beat_report&) {},
      [this](const observe_agents& wanted) { script_->agents_observed.push_back(wanted); },
      [](const say_goodbye&) { return goodbye_said{}; },
      [](const registry_timer&) {},
      [](const jetstream::core_message&) {},
      [](const jetstream::kv_change&) {},
      [](const jetstream::kv_watch_event&) {},
      [](const jetstream::connection_event&) {},
    };
  }

private:
  std::shared_ptr<desk_script> script_;
};

class desk_channels {
public:
  desk_channels(channels_actor::pointer, std::shared_ptr<desk_script> script)
    : script_{std::move(script)} {
    // nop
  }

  channels_actor::behavior_type make_behavior() {
    return {
      [](const send_to_channel&) { return not_scripted<tools::send_message_result>(); },
      [this](const read_channel& request) {
        script_->channel_reads.push_back(request);
        return scripted(script_->channel);
      },
      [](const messages_shown&) { FAIL() << "a resource counted as read"; },
      [](const wait_for_channels&) { return not_scripted<tools::wait_for_messages_result>(); },
      [](const cancel_wait&) {},
      [](const unread_query&) { return not_scripted<unread_channels>(); },
      [this](const observe_channels& wanted) { script_->channels_observed.push_back(wanted); },
      [](const wait_timer&) {},
      [](const jetstream::core_message&) {},
      [](const jetstream::kv_change&) {},
      [](const jetstream::kv_watch_event&) {},
      [](const jetstream::connection_event&) {},
    };
  }

private:
  std::shared_ptr<desk_script> script_;
};

} // namespace nats_mcp::testing
