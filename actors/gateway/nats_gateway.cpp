// SPDX-License-Identifier: MIT
#include "actors/gateway/nats_gateway.hpp"

#include "protocol/jetstream/sentences.hpp"

#include "actors/gateway/gateway_state.hpp"
#include "actors/io_worker.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace nats_mcp {

namespace {

constexpr const char* part_name = "gateway";

const gateway_checkpoint* known(const checkpoint& last) { return last.as<gateway_checkpoint>(); }

/// Wakes the gateway from the connection's thread. Holds it weakly: a dead gateway is not kept.
std::function<void()> waking(const gateway_state::pointer self) {
  return [weak = caf::weak_actor_ptr{self->ctrl()}] {
    if (auto strong = weak.lock()) {
      send_from_outside(caf::actor_cast<gateway_actor>(std::move(strong)), transport_events{});
    }
  };
}

} // namespace

gateway_state::gateway_state(pointer self, nats_gateway_options choice, checkpoint last,
                             supervisor_actor supervisor)
  : self_{self}
  , options_{std::move(choice)}
  , supervisor_{std::move(supervisor)}
  , receiver_{options_.connection->attach(waking(self))}
  , requests_{options_.connection, receiver_}
  , subscriptions_{options_.connection, options_.random, receiver_, known(last)} {
  if (auto current = options_.connection->current()) {
    on(std::move(*current));
  }
  take_events();
  end_turn();
}

gateway_state::~gateway_state() { options_.connection->detach(receiver_); }

// -- commands ----------------------------------------------------------------------------------

template <class T>
caf::result<T> gateway_state::accept(jetstream::exchange conversation) {
  auto promise = self_->template make_response_promise<T>();
  guarded_promise<T> guarded{promise, part_name};
  if (!closing_) {
    requests_.submit(std::move(conversation), std::move(guarded), now());
    need_connection();
  } else {
    guarded.fail({ec::unavailable, jetstream::closing_sentence(conversation.description()), 0});
  }
  end_turn();
  return promise;
}

template <class Begin>
caf::result<subscribed> gateway_state::follow(const std::string& what, Begin begin) {
  auto promise = self_->make_response_promise<subscribed>();
  guarded_promise<subscribed> guarded{promise, part_name};
  if (!closing_) {
    begin(std::move(guarded));
    need_connection();
  } else {
    guarded.fail({ec::unavailable, jetstream::closing_sentence(what), 0});
  }
  end_turn();
  return promise;
}

gateway_actor::behavior_type gateway_state::make_behavior() {
  using namespace jetstream;
  return {
    [this](publish& command) { return accept<publish_receipt>(exchange{std::move(command)}); },
    [this](api_request& command) { return accept<api_reply>(exchange{std::move(command)}); },
    [this](get_last& command) { return accept<stored_message>(exchange{std::move(command)}); },
    [this](pull& command) { return accept<pull_result>(exchange{std::move(command)}); },
    [this](settle& command) { return accept<settled>(exchange{std::move(command)}); },
    [this](kv_get& command) { return accept<kv_lookup>(exchange{std::move(command)}); },
    [this](kv_put& command) { return accept<kv_revision>(exchange{std::move(command)}); },
    [this](kv_delete& command) {
      return accept<kv_revision>(exchange{std::move(command), make_uuid(options_.random)});
    },
    [this](core_subscribe& command) {
      return follow("subscription", [&](guarded_promise<subscribed> promise) {
        subscriptions_.subscribe(command, std::move(promise), requests_, now());
      });
    },
    [this](kv_watch& command) {
      return follow("watch", [&](guarded_promise<subscribed> promise) {
        subscriptions_.watch(command, std::move(promise), requests_, now());
      });
    },
    [this](const unsubscribe& command) {
      subscriptions_.unsubscribe(command.id, requests_);
      end_turn();
    },
    [this](const observe_connection& command) {
      subscriptions_.observe(command.listener);
      caf::anon_send(command.listener, current_event());
      end_turn();
    },
    [this](const gateway_status_query&) { return status(); },
    [this](const ping_server& command) { return ping(command); },
    [this](const close_gateway& command) { return close(command); },
    [this](const transport_events&) {
      take_events();
      end_turn();
    },
    [this](const gateway_tick& tick) {
      if (tick.generation == tick_generation_) {
        const auto at = now();
        tick_at_.reset();
        requests_.tick(at);
        handle_finished(); // why a request ended says more than that whoever waited has no time
                           // left
        subscriptions_.tick(requests_, at);
        if (check_ends_ && *check_ends_ <= at) {
          announce_ready(); // Nobody may be allowed to ask; whoever asks for more will hear.
        }
        end_turn();
      }
    },
    [this](const gateway_flush&) {
      flush_sent_ = false;
      options_.connection->flush();
    },
    [this](const await_watch& command) -> caf::result<watch_is_current> {
      auto promise = self_->make_response_promise<watch_is_current>();
      subscriptions_.await(command, {promise, part_name}, requests_, now());
      end_turn();
      return promise;
    },
  };
}

void gateway_state::need_connection() {
  if (state_ != jetstream::connection_state::connected && !check_ends_) {
    options_.connection->connect();
    if (state_ == jetstream::connection_state::idle) {
      change_state(jetstream::connection_state::connecting, {});
    }
  }
}

caf::result<jetstream::gateway_status> gateway_state::ping(const ping_server& command) {
  auto promise = self_->make_response_promise<jetstream::gateway_status>();
  guarded_promise<jetstream::gateway_status> guarded{promise, part_name};
  if (!closing_) {
    pings_.push_back({std::move(guarded), command.deadline});
    requests_.submit(jetstream::exchange{jetstream::fence{command.deadline}},
                     internal_purpose{internal_purpose::kind::measure, {}, pings_.size()}, now());
    need_connection();
  } else {
    guarded.fail({ec::unavailable, jetstream::closing_sentence("round trip"), 0});
  }
  end_turn();
  return promise;
}

caf::result<gateway_closed> gateway_state::close(const close_gateway& command) {
  auto promise = self_->make_response_promise<gateway_closed>();
  closed_ = {promise, part_name};
  const bool written = state_ == jetstream::connection_state::connected && !closing_;
  closing_ = true;
  if (written) {
    // When this comes back the server has read everything written before it.
    requests_.submit(jetstream::exchange{jetstream::fence{command.deadline}},
                     internal_purpose{internal_purpose::kind::close, {}, 0}, now());
    end_turn();
  } else {
    finish_close();
  }
  return promise;
}

void gateway_state::finish_close() {
  requests_.end_all();
  options_.connection->close();
  change_state(jetstream::connection_state::disconnected,
               {ec::unavailable, jetstream::closing_sentence("request"), 0});
  closed_.deliver({});
}

jetstream::gateway_status gateway_state::status() const {
  jetstream::gateway_status report;
  report.state = state_;
  report.server = made_.server;
  report.server_version = made_.server_version;
  if (identified_epoch_ == made_.epoch && !identity_.version.empty()) {
    report.server_version = identity_.version;
  }
  report.reconnects = made_.epoch > 0 ? made_.epoch - 1 : 0;
  report.round_trip = round_trip_;
  report.in_flight = requests_.in_flight();
  report.queued = requests_.queued();
  report.max_payload_bytes = made_.max_payload_bytes;
  report.reason = reason_;
  return report;
}

gateway_actor spawn_nats_gateway(caf::local_actor* spawner, nats_gateway_options choice,
                                 const checkpoint& last, supervisor_actor supervisor,
                                 message_probe probe) {
  return spawn_shell<gateway_actor, gateway_state>(*spawner, part_name, std::move(probe),
                                                   std::move(choice), last, std::move(supervisor));
}

} // namespace nats_mcp
