// SPDX-License-Identifier: MIT
#include "actors/messaging/inbox_actor.hpp"

#include "protocol/limits.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

namespace {

error cancelled() { return {ec::cancelled, "The wait was cancelled.", 0}; }

error not_registered(const std::string& lost_because) {
  if (!lost_because.empty()) {
    return {ec::conflict, lost_because, 0};
  }
  return {ec::not_found,
          "This agent is no longer registered, so its inbox cannot be read. Nothing was lost: call"
          " register_agent, then read again.",
          0};
}

} // namespace

inbox_state::inbox_state(asking_actor<inbox_actor>* self, inbox_options options)
  : self_{self}
  , options_{std::move(options)}
  , listener_{options_.listener ? options_.listener : gateway_listener_actor{inbox_actor{self}}}
  , mail_{messaging::held_mail::bounds{}}
  , streams_{make_api_caller(self, options_.gateway)}
  , sender_{{self, options_.gateway, options_.registry, &streams_,
             messaging::inbox_stream(options_.replicas), options_.child_id, options_.world}}
  , settler_{{.owner = self,
              .gateway = options_.gateway,
              .mail = &mail_,
              .sure =
                [this](const std::string& inbox) { return connected_ && feed_.trusted(inbox); },
              .look =
                [this] {
                  if (connected_) { // else the next connection is looked at anyway
                    count_soon();
                  }
                },
              .unheard = [this] { feed_.distrust(); },
              .released =
                [this] {
                  if (feed_.pending() > 0 && readers_.any(reader_stage::waiting)) {
                    count_soon(); // what somebody waits for may lie behind what was held
                  }
                }}}
  , feed_{{self, options_.gateway, &streams_, &mail_, messaging::inbox_stream(options_.replicas),
           [this] { return readers_.demand(); },
           [this](const std::vector<std::uint64_t>& read_before) {
             settler_.acknowledge(read_before);
             settler_.keep(feed_.ack_wait());
           }}}
  , readers_{&mail_} {
  self_->send(options_.registry, identity_wanted{});
}

inbox_actor::behavior_type inbox_state::make_behavior() {
  return {
    [this](send_direct& request) { return sender_.send(std::move(request)); },
    [this](read_inbox& request) { return read(std::move(request)); },
    [this](const direct_messages_shown& shown) {
      settler_.acknowledge(mail_.shown(shown.call));
      tell_unread();
    },
    [this](const direct_messages_not_shown& lost) {
      if (mail_.not_shown(lost.call)) {
        back_to_unread();
      }
    },
    [this](const inbox_readers_gone&) {
      for (const auto id : readers_.all()) {
        fail(id, cancelled());
      }
      told_.reset(); // a new session knows nothing
      (void)mail_.none_shown();
      tell_unread();
    },
    [this](const wait_for_mail& request) { return wait(request); },
    [this](const cancel_mail_wait& withdrawn) { cancel(withdrawn.call); },
    [this](const identity_changed& changed) {
      sure_until_ = changed.sure_until;
      identity_is(changed.now, changed.lost_because);
    },
    [this](const inbox_timer& due) { timer(due); },
    [this](const jetstream::core_message& message) { hint(message); },
    [](const jetstream::kv_change&) {
      // The inbox watches no bucket.
    },
    [](const jetstream::kv_watch_event&) {
      // The inbox watches no bucket.
    },
    [this](const jetstream::connection_event& event) { connection_changed(event); },
  };
}

// -- who this is -------------------------------------------------------------------------------

void inbox_state::identity_is(const agent_identity& now, const std::string& lost_because) {
  const bool same = now.guid == identity_.guid && now.session_id == identity_.session_id;
  identity_ = now;
  if (same) {
    if (feed_.serve_former(identity_.former_guids)) {
      count_wanted_ = registered();
      go_on();
    }
    return;
  }
  unsubscribe_all();
  mail_.begin_anew();
  settler_.forget();
  feed_.serve(identity_.guid);
  (void)feed_.serve_former(identity_.former_guids);
  announced_ = false;
  if (registered()) {
    subscribe();
    for (const auto id : readers_.all()) {
      look_again(*readers_.find(id));
    }
    count_wanted_ = true;
    go_on();
    return;
  }
  for (const auto id : readers_.all()) {
    fail(id, not_registered(lost_because));
  }
  tell_unread();
}

void inbox_state::subscribe() {
  self_->send(options_.gateway, observe_connection{listener_});
  const auto id = jetstream::subscription_id{options_.world.random()};
  subscription_ = id;
  ask<subscribed>(
    self_, options_.gateway,
    core_subscribe{id,
                   messaging::inbox_pattern(identity_.guid),
                   {},
                   listener_,
                   now() + limits::mail_request_max},
    "gateway", [](const subscribed&) {},
    [this, id](const error&) {
      // A wait still ends right without hints; the next reader tries again.
      if (subscription_ == id) {
        subscription_.reset();
      }
    });
}

void inbox_state::unsubscribe_all() {
  if (const auto id = std::exchange(subscription_, std::nullopt)) {
    self_->send(options_.gateway, unsubscribe{*id});
  }
}

// -- readers -----------------------------------------------------------------------------------

caf::result<tools::read_direct_messages_result> inbox_state::read(read_inbox request) {
  auto promise = self_->make_response_promise<tools::read_direct_messages_result>();
  inbox_reader_entry reader;
  reader.call = request.call;
  reader.promise = inbox_reader_entry::shows_messages{promise, options_.child_id};
  reader.filter = {request.arguments.type, std::move(request.arguments.sender_guid)};
  reader.limit = static_cast<std::size_t>(request.arguments.limit);
  reader.peek = request.peek;
  reader.timeout = request.arguments.timeout;
  reader.deadline = request.deadline;
  arrive(std::move(reader));
  return promise;
}

caf::result<mail_news> inbox_state::wait(const wait_for_mail& request) {
  auto promise = self_->make_response_promise<mail_news>();
  inbox_reader_entry reader;
  reader.call = request.call;
  reader.promise = inbox_reader_entry::tells_news{promise, options_.child_id};
  reader.timeout = request.timeout;
  reader.deadline = request.deadline;
  arrive(std::move(reader));
  return promise;
}

void inbox_state::arrive(inbox_reader_entry reader) {
  reader.since = now();
  reader.request_timeout = reader.deadline - reader.since;
  reader.time_over = reader.timeout.count() == 0;
  const auto id = readers_.add(std::move(reader));
  if (!registered()) {
    confirm(id); // it may be, and we have not heard of it yet
    return;
  }
  if (!subscription_) {
    subscribe();
  }
  readers_.find(id)->stage = reader_stage::wants_look;
  serve(reader_stage::wants_look);
  go_on();
}

void inbox_state::cancel(call_id call) {
  for (const auto id : readers_.of(call)) {
    fail(id, cancelled());
  }
  if (mail_.not_shown(call)) {
    back_to_unread();
  }
}

void inbox_state::confirm(reader_id id) {
  auto& reader = *readers_.find(id);
  reader.stage = registered() ? reader_stage::confirming : reader_stage::arrived;
  ask<agent_identity>(
    self_, options_.registry,
    confirm_identity{std::max(reader.deadline, now() + reader.request_timeout)}, "registry",
    [this, id](const agent_identity& who) { confirmed(id, who); },
    [this, id](const error& why) { fail(id, why); });
}

void inbox_state::confirmed(reader_id id, const agent_identity& who) {
  identity_is(who, {});
  auto* reader = readers_.find(id);
  if (reader == nullptr) {
    return;
  }
  if (reader->stage != reader_stage::confirming) {
    // It arrived before we knew who this is, or its messages were another agent's.
    if (reader->stage == reader_stage::arrived) {
      look_again(*reader);
      go_on();
    }
    return;
  }
  const messaging::mail_portion most{reader->limit};
  const bool shows = std::holds_alternative<inbox_reader_entry::shows_messages>(reader->promise);
  auto messages = !shows || reader->peek ? mail_.peek(reader->filter, most)
                                         : mail_.take(reader->call, reader->filter, most);
  if (messages.empty() && !reader->in_vain) {
    // Another reader was faster.
    look_again(*reader);
    go_on();
    return;
  }
  answer(id, std::move(messages));
}

void inbox_state::answer(reader_id id, std::vector<tools::direct_message> messages) {
  auto done = readers_.take(id);
  const auto beyond = feed_.pending() + mail_.unread();
  if (auto* news = std::get_if<inbox_reader_entry::tells_news>(&done->promise)) {
    news->deliver({messages.empty() ? 0 : beyond});
    return;
  }
  const auto left = done->peek ? beyond - messages.size() : beyond;
  // What lies behind all that can be held at once may match as well.
  const bool stopped =
    done->filter.wants_some() && messages.size() < done->limit && mail_.room() == 0;
  std::get<inbox_reader_entry::shows_messages>(done->promise)
    .deliver({std::move(messages), left, stopped ? feed_.pending() : 0});
}

void inbox_state::fail(reader_id id, const error& why) {
  if (auto done = readers_.take(id)) {
    done->fail(why);
  }
}

void inbox_state::time_over(reader_id id) {
  if (auto* reader = readers_.find(id)) {
    reader->time_over = true;
    if (reader->stage == reader_stage::waiting) {
      look_again(*reader); // one last time
      go_on();
    }
  }
}

void inbox_state::look_again(inbox_reader_entry& reader) const {
  if (reader.timer_armed) {
    reader.deadline = now() + reader.request_timeout;
  }
  reader.stage = reader_stage::wants_look;
}

void inbox_state::keep_waiting(reader_id id, inbox_reader_entry& reader) {
  reader.stage = reader_stage::waiting;
  if (!std::exchange(reader.timer_armed, true)) {
    const auto left = reader.since + reader.timeout - now();
    self_->delayed_send(
      self_, std::max(left, monotonic_time::duration{0}),
      inbox_timer{inbox_moment::wait_over, reader.call, static_cast<std::uint64_t>(id)});
  }
}

void inbox_state::serve(reader_stage stage) {
  for (const auto id : readers_.at(stage)) {
    const auto& reader = *readers_.find(id);
    const auto found = readers_.found(reader);
    // Who has not looked yet may get more by it.
    if (found >= reader.limit || (found > 0 && stage != reader_stage::wants_look)) {
      confirm(id);
    }
  }
}

inbox_actor spawn_inbox(caf::local_actor* parent, inbox_options options, checkpoint) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<inbox_actor, inbox_state>(*parent, name, probe, std::move(options));
}

} // namespace nats_mcp
