// SPDX-License-Identifier: MIT
#include "tests/support/gateway_filter.hpp"

#include "actors/request.hpp"
#include "actors/streams/script_runner.hpp"
#include "actors/supervision/actor_shell.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace jetstream;

std::string line_of(const publish& what) { return "publish " + what.subject; }
std::string line_of(const api_request& what) { return "api " + what.verb; }
std::string line_of(const get_last& what) { return "get last " + what.subject; }
std::string line_of(const pull& what) { return "pull " + what.consumer; }
std::string line_of(const kv_get& what) { return "get " + what.bucket + " " + what.key; }
std::string line_of(const kv_put& what) { return "put " + what.bucket + " " + what.key; }
std::string line_of(const kv_delete& what) { return "delete " + what.bucket + " " + what.key; }
std::string line_of(const core_subscribe& what) { return "subscribe " + what.subject; }
std::string line_of(const kv_watch& what) { return "watch " + what.bucket + " " + what.filter; }
std::string line_of(const settle& what) {
  switch (what.kind) {
    case ack_kind::ack:
      return "settle ack";
    case ack_kind::nak:
      return "settle nak";
    case ack_kind::in_progress:
      return "settle in progress";
    case ack_kind::term:
      break;
  }
  return "settle term";
}

class gateway_filter_state {
public:
  gateway_filter_state(asking_actor<gateway_actor>* self, gateway_actor behind,
                       std::shared_ptr<gateway_filter> filter)
    : self_{self}
    , behind_{std::move(behind)}
    , filter_{std::move(filter)} {
    // nop
  }

  gateway_actor::behavior_type make_behavior() {
    return {
      [this](const publish& what) { return pass_on(what); },
      [this](const api_request& what) { return pass_on(what); },
      [this](const get_last& what) { return pass_on(what); },
      [this](const pull& what) { return pass_on(what); },
      [this](const settle& what) {
        filter_->settled.push_back(what);
        return pass_on(what);
      },
      [this](const kv_get& what) { return pass_on(what); },
      [this](const kv_put& what) { return pass_on(what); },
      [this](const kv_delete& what) { return pass_on(what); },
      [this](const core_subscribe& what) { return pass_on(what); },
      [this](const kv_watch& what) { return pass_on(what); },
      [this](const unsubscribe& what) {
        filter_->asked.emplace_back("unsubscribe");
        self_->send(behind_, what);
      },
      [this](const observe_connection& what) { self_->send(behind_, what); },
      [this](const gateway_status_query& what) { return ask_behind(what, {}); },
      [this](const ping_server& what) { return ask_behind(what, {}); },
      [this](const close_gateway& what) { return ask_behind(what, {}); },
      [](const transport_events&) {},
      [](const gateway_tick&) {},
      [](const gateway_flush&) {},
      [this](const await_watch& what) { return ask_behind(what, {}); },
    };
  }

private:
  template <class Command>
  caf::result<reply_to<Command>> pass_on(const Command& what) {
    const auto line = line_of(what);
    filter_->asked.push_back(line);
    if (auto refused = filter_->refuses ? filter_->refuses(line) : std::nullopt) {
      return to_caf(*refused);
    }
    return ask_behind(what, filter_->loses_answer ? filter_->loses_answer(line) : std::nullopt);
  }

  template <class Command>
  caf::result<reply_to<Command>> ask_behind(const Command& what, std::optional<error> instead) {
    using reply = reply_to<Command>;
    auto promise = self_->make_response_promise<reply>();
    const auto guarded = std::make_shared<guarded_promise<reply>>(promise, "gateway");
    ask<reply>(
      self_, behind_, what, "gateway",
      [guarded, instead](reply got) {
        if (instead) {
          guarded->fail(*instead);
        } else {
          guarded->deliver(std::move(got));
        }
      },
      [guarded](const error& why) { guarded->fail(why); });
    return promise;
  }

  asking_actor<gateway_actor>* self_;
  gateway_actor behind_;
  std::shared_ptr<gateway_filter> filter_;
};

} // namespace

gateway_actor spawn_gateway_filter(caf::actor_system& system, gateway_actor behind,
                                   std::shared_ptr<gateway_filter> filter) {
  return spawn_shell<gateway_actor, gateway_filter_state>(system, "gateway", message_probe{},
                                                          std::move(behind), std::move(filter));
}

} // namespace nats_mcp::testing
