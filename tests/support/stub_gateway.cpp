// SPDX-License-Identifier: MIT
#include "tests/support/stub_gateway.hpp"

#include "actors/supervision/guarded_promise.hpp"

#include <utility>
#include <vector>

namespace nats_mcp::testing {

namespace {

class stub_gateway_state {
public:
  stub_gateway_state(gateway_actor::pointer self, std::shared_ptr<gateway_script> script)
    : self_{self}
    , script_{std::move(script)} {
    // nop
  }

  gateway_actor::behavior_type make_behavior() {
    using namespace jetstream;
    return {
      [this](const publish& what) -> caf::result<publish_receipt> {
        script_->published.push_back(what);
        if (script_->holds_publishes) {
          auto promise = self_->make_response_promise<publish_receipt>();
          held_.emplace_back(promise, "gateway");
          return promise;
        }
        return follow<publish_receipt>(script_->on_publish, what);
      },
      [this](const api_request& what) -> caf::result<api_reply> {
        script_->api_requests.push_back(what);
        return follow<api_reply>(script_->on_api_request, what);
      },
      [](const get_last&) -> caf::result<stored_message> { return not_scripted(); },
      [this](const pull& what) -> caf::result<pull_result> {
        script_->pulls.push_back(what);
        if (script_->holds_pull && script_->holds_pull(what)) {
          auto promise = self_->make_response_promise<pull_result>();
          held_pulls_.emplace_back(what, guarded_promise<pull_result>{promise, "gateway"});
          return promise;
        }
        return follow<pull_result>(script_->on_pull, what);
      },
      [this](const settle& what) -> caf::result<settled> {
        script_->settled.push_back(what);
        return script_->on_settle ? follow<settled>(script_->on_settle, what) : settled{};
      },
      [this](const kv_get& what) -> caf::result<kv_lookup> {
        return follow<kv_lookup>(script_->on_kv_get, what);
      },
      [this](const kv_put& what) -> caf::result<kv_revision> {
        return follow<kv_revision>(script_->on_kv_put, what);
      },
      [this](const kv_delete& what) -> caf::result<kv_revision> {
        return follow<kv_revision>(script_->on_kv_delete, what);
      },
      [this](const core_subscribe& what) { return subscribe(what); },
      [this](const kv_watch& what) -> caf::result<subscribed> {
        return follow<subscribed>(script_->on_kv_watch, what);
      },
      [this](const unsubscribe& what) { script_->unsubscribed.push_back(what.id); },
      [this](const observe_connection& what) {
        script_->connection_observers.push_back(what.listener);
      },
      [this](const gateway_status_query&) { return script_->status; },
      [this](const ping_server&) -> caf::result<gateway_status> { return script_->status; },
      [](const close_gateway&) { return gateway_closed{}; },
      [this](const transport_events&) { answer_held_publishes(); },
      [this](const gateway_tick&) {
        for (auto& [what, promise] : std::exchange(held_pulls_, {})) {
          promise.deliver(*script_->on_pull(what));
        }
      },
      [](const gateway_flush&) {
        // The stub writes nothing.
      },
      [this](const await_watch& what) -> caf::result<watch_is_current> {
        return follow<watch_is_current>(script_->on_await_watch, what);
      },
    };
  }

private:
  caf::result<subscribed> subscribe(const core_subscribe& what) {
    if (script_->subscriptions_refused > 0) {
      --script_->subscriptions_refused;
      return to_caf({ec::crashed, "The gateway failed.", 0});
    }
    script_->subscriptions.push_back(what);
    return subscribed{};
  }

  void answer_held_publishes() {
    const auto first = script_->published.size() - held_.size();
    auto held = std::exchange(held_, {});
    for (std::size_t i = 0; i < held.size(); ++i) {
      held[i].deliver(*script_->on_publish(script_->published[first + i]));
    }
  }

  static caf::error not_scripted() {
    return to_caf({ec::unavailable, "The test did not script this.", 0});
  }

  template <class Reply, class Script, class Command>
  static caf::result<Reply> follow(const Script& script, const Command& what) {
    if (!script) {
      return not_scripted();
    }
    auto reply = script(what);
    if (!reply) {
      return to_caf(reply.error());
    }
    return std::move(*reply);
  }

  gateway_actor::pointer self_;
  std::shared_ptr<gateway_script> script_;
  /// The newest publishes, not answered yet.
  std::vector<guarded_promise<jetstream::publish_receipt>> held_;
  std::vector<std::pair<jetstream::pull, guarded_promise<jetstream::pull_result>>> held_pulls_;
};

} // namespace

gateway_actor spawn_stub_gateway(caf::actor_system& system,
                                 std::shared_ptr<gateway_script> script) {
  return spawn_shell<gateway_actor, stub_gateway_state>(system, "gateway", message_probe{},
                                                        std::move(script));
}

} // namespace nats_mcp::testing
