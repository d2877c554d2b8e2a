// SPDX-License-Identifier: MIT
#include "tests/support/inbox_story.hpp"

#include "protocol/messaging/direct_message_codec.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

} // namespace

void inbox_story::SetUp() {
  const error late{ec::timeout, "The deadline was over before the question.", 0};
  script_->on_api_request = [this, late](const auto& what) -> result<jetstream::api_reply> {
    return what.deadline <= now() ? tl::make_unexpected(late) : nats_.api(what);
  };
  script_->on_pull = [this, late](const auto& what) -> result<jetstream::pull_result> {
    return what.deadline <= now() ? tl::make_unexpected(late) : nats_.pull(what);
  };
  script_->on_settle = [this](const auto& what) { return nats_.settle(what); };
  script_->on_publish = [](const jetstream::publish&) -> result<jetstream::publish_receipt> {
    return jetstream::publish_receipt{"AGENT_INBOX", 1, false};
  };
  script_->holds_pull = [this](const jetstream::pull& what) {
    return what.expires.count() > 0 && !nats_.can_deliver();
  };
  gateway_ = adopt(spawn_stub_gateway(system(), script_));
  registry_actor_ = adopt(spawn_stub_registry(system(), registry_));
  session_actor_ = adopt(spawn_stub_session(system(), session_));
  start();
  identity_is(me);
}

void inbox_story::start() {
  inbox_options options;
  options.child_id = "inbox";
  options.gateway = gateway_;
  options.registry = registry_actor_;
  options.session = session_actor_;
  options.world.wall_clock = [] { return story_time; };
  options.world.random = [bits = 1000 * (calls_ + 1)]() mutable { return ++bits; };
  inbox_ = adopt(
    spawn_shell<inbox_actor, inbox_state>(system(), "inbox", message_probe{}, std::move(options)));
  run();
}

void inbox_story::restart() {
  caf::anon_send_exit(inbox_, caf::exit_reason::kill);
  run();
  ++calls_;
  start();
  identity_is(registry_->identity.guid);
}

void inbox_story::store(const std::string& text, const std::string& from,
                        tools::message_type type) {
  messaging::direct_message_payload payload;
  payload.id = "id of " + text;
  payload.sender_guid = from;
  payload.sender_handle = from == ann ? "ann" : "bob";
  payload.recipient_guid = me;
  payload.type = type;
  payload.content = text;
  payload.timestamp = story_time;
  (void)nats_.store(messaging::inbox_subject(me, from), messaging::write_direct_message(payload));
}

void inbox_story::hint() {
  const auto& subscription = script_->subscriptions.back();
  tell(inbox_, jetstream::core_message{subscription.id, subscription.subject, "{}"});
}

void inbox_story::deliver(const std::string& text, const std::string& from) {
  store(text, from);
  hint();
}

void inbox_story::identity_is(const std::string& guid, const std::string& lost_because) {
  registry_->identity.guid = guid;
  registry_->identity.handle = "me";
  registry_->identity.session_id = guid.empty() ? "" : "session";
  tell(inbox_, identity_changed{registry_->identity, lost_because, monotonic_time::max()});
}

read_inbox inbox_story::read(std::int64_t limit, std::chrono::milliseconds timeout) const {
  read_inbox out;
  out.call = call_id{++calls_};
  out.arguments.limit = limit;
  out.arguments.timeout = timeout;
  out.deadline = now() + 5s;
  return out;
}

wait_for_mail inbox_story::wait(std::chrono::milliseconds timeout) const {
  return {call_id{++calls_}, timeout, now() + 5s};
}

send_direct inbox_story::send(const std::string& text) const {
  send_direct out;
  out.arguments.recipient_handle = "bob";
  out.arguments.message = text;
  out.deadline = now() + 5s;
  return out;
}

strings inbox_story::read_and_show(std::int64_t limit) {
  const auto request = read(limit);
  const auto got = texts(ask(inbox_, request));
  was_shown(request.call);
  return got;
}

strings inbox_story::texts(const result<shown>& read) {
  if (!read) {
    return {"failed: " + read.error().message};
  }
  strings out;
  for (const auto& message : read->messages) {
    out.push_back(message.content);
  }
  return out;
}

std::size_t inbox_story::requests(const std::string& verb_prefix) const {
  const auto& all = script_->api_requests;
  return static_cast<std::size_t>(std::count_if(
    all.begin(), all.end(), [&](const auto& one) { return one.verb.starts_with(verb_prefix); }));
}

} // namespace nats_mcp::testing
