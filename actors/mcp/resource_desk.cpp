// SPDX-License-Identifier: MIT
#include "actors/mcp/resource_desk.hpp"

#include "protocol/limits.hpp"
#include "protocol/tools/resources.hpp"

#include <utility>

namespace nats_mcp {

resource_desk::resource_desk(asking_actor<session_actor>* owner, dispatch_options parts,
                             read_done on_read)
  : owner_{owner}
  , parts_{std::move(parts)}
  , on_read_{std::move(on_read)} {
  // nop
}

// -- reading -----------------------------------------------------------------------------------

void resource_desk::read(call_id call, const std::string& uri) {
  if (const auto& problems = parts_.configuration->problems; !problems.empty()) {
    on_read_(call, tl::make_unexpected(config::unusable(problems)));
  } else if (uri == tools::inbox_uri) {
    read_inbox_now(call);
  } else if (uri == tools::agents_uri) {
    read_agents(call);
  } else if (const auto channel = tools::channel_of(uri)) {
    read_channel_now(call, *channel);
  } else {
    on_read_(call, fail(ec::not_found, "Resource not found: " + uri + '.'));
  }
}

void resource_desk::read_inbox_now(call_id call) {
  read_inbox request;
  request.call = call;
  request.arguments.limit = limits::inbox_shown_max;
  request.deadline = deadline();
  request.peek = true;
  ask_for_text<tools::read_direct_messages_result>(call, parts_.inbox, std::move(request), "inbox");
}

void resource_desk::read_agents(call_id call) {
  ask_for_text<tools::discover_agents_result>(call, parts_.registry, discover{{}, deadline()},
                                              "registry");
}

void resource_desk::read_channel_now(call_id call, const std::string& channel) {
  tools::read_messages_arguments arguments;
  arguments.channel = channel;
  arguments.limit = limits::channel_messages_shown;
  ask_for_text<tools::read_messages_result>(
    call, parts_.channels, read_channel{std::move(arguments), deadline()}, "channels");
}

template <class Result, class Receiver, class Message>
void resource_desk::ask_for_text(call_id call, const Receiver& whom, Message message,
                                 std::string part) {
  ask<Result>(
    owner_, whom, std::move(message), std::move(part),
    [this, call](const Result& outcome) { on_read_(call, tools::render(outcome)); },
    [this, call](const error& why) { on_read_(call, tl::make_unexpected(why)); });
}

monotonic_time resource_desk::deadline() const {
  return owner_->clock().now() + parts_.configuration->value.call_timeout;
}

// -- watching ----------------------------------------------------------------------------------

void resource_desk::watch(const std::set<std::string>& uris) {
  channels_.clear();
  for (const auto& uri : uris) {
    if (auto channel = tools::channel_of(uri)) {
      channels_.insert(std::move(*channel));
    }
  }
  agents_ = uris.count(std::string{tools::agents_uri}) != 0;
  say_again();
}

void resource_desk::say_again() const {
  // Messages to nobody are dropped: a test, or a tree without the part.
  if (parts_.channels) {
    owner_->send(parts_.channels, observe_channels{channels_});
  }
  if (parts_.registry) {
    owner_->send(parts_.registry, observe_agents{agents_});
  }
}

} // namespace nats_mcp
