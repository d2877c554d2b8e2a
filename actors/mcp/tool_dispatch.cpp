// SPDX-License-Identifier: MIT
#include "actors/mcp/tool_dispatch.hpp"

#include "protocol/limits.hpp"
#include "protocol/tools/catalog.hpp"
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/status_tools.hpp"

#include "actors/mcp/status_report.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

tool_dispatch::tool_dispatch(asking_actor<session_actor>* owner, dispatch_options options,
                             memory last, answered on_answer, memory_changed on_change)
  : owner_{owner}
  , options_{std::move(options)}
  , memory_{std::move(last)}
  , on_answer_{std::move(on_answer)}
  , on_change_{std::move(on_change)} {
  // nop
}

const std::map<std::string_view, tool_dispatch::handler>& tool_dispatch::handlers() {
  static const std::map<std::string_view, handler> table{
    {"set_handle", &tool_dispatch::set_handle},
    {"get_my_handle", &tool_dispatch::my_handle},
    {"list_channels", &tool_dispatch::list_channels},
    {"send_message", &tool_dispatch::send_message},
    {"read_messages", &tool_dispatch::read_messages},
    {"wait_for_messages", &tool_dispatch::wait_for_messages},
    {"server_status", &tool_dispatch::server_status},
  };
  return table;
}

std::vector<std::string_view> tool_dispatch::tool_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : handlers()) {
    names.push_back(name);
  }
  return names;
}

void tool_dispatch::start(call_id call, std::string_view tool, const json::value& arguments) {
  if (!options_.configuration->problems.empty()) {
    fail(call, config::unusable(options_.configuration->problems));
    return;
  }
  // The session let only tools of the catalog through; a test holds the two tables together.
  (this->*handlers().at(tool))(call, arguments);
}

void tool_dispatch::cancel(call_id call) {
  unread_reads_.erase(call);
  if (waits_.erase(call) > 0) {
    owner_->send(options_.channels, cancel_wait{call});
  }
}

void tool_dispatch::delivered(call_id call) {
  const auto read = unread_reads_.extract(call);
  if (!read.empty() && read.mapped()) {
    // Remembered here as well: the channels may be down just now.
    memory_.shown[read.mapped()->channel] = read.mapped()->position;
    on_change_();
    owner_->send(options_.channels, *read.mapped());
  }
}

std::vector<tool_dispatch::progress> tool_dispatch::waiting(monotonic_time now) const {
  std::vector<progress> out;
  for (const auto& [call, entry] : waits_) {
    out.push_back({call, std::chrono::duration_cast<std::chrono::milliseconds>(now - entry.since),
                   entry.total});
  }
  return out;
}

// -- identity ----------------------------------------------------------------------------------

void tool_dispatch::set_handle(call_id call, const json::value& arguments) {
  if (auto wanted = decode<tools::set_handle_arguments>(call, arguments)) {
    memory_.who.handle = std::move(wanted->handle);
    on_change_();
    succeed(call, tools::set_handle_result{memory_.who.handle});
  }
}

void tool_dispatch::my_handle(call_id call, const json::value& arguments) {
  if (decode<tools::get_my_handle_arguments>(call, arguments)) {
    succeed(call, tools::get_my_handle_result{memory_.who.handle});
  }
}

// -- channels ----------------------------------------------------------------------------------

void tool_dispatch::list_channels(call_id call, const json::value& arguments) {
  if (decode<tools::list_channels_arguments>(call, arguments)) {
    tools::list_channels_result out;
    for (const auto& channel : options_.configuration->value.channels) {
      out.channels.push_back({channel.name, channel.description});
    }
    succeed(call, out);
  }
}

void tool_dispatch::send_message(call_id call, const json::value& arguments) {
  auto decoded = decode<tools::send_message_arguments>(call, arguments);
  if (!decoded) {
    return;
  }
  if (memory_.who.handle.empty()) {
    fail(call, tools::no_handle());
    return;
  }
  ask_channels<tools::send_message_result>(
    call, send_to_channel{memory_.who, std::move(*decoded), deadline()});
}

void tool_dispatch::read_messages(call_id call, const json::value& arguments) {
  auto decoded = decode<tools::read_messages_arguments>(call, arguments);
  if (!decoded) {
    return;
  }
  read_channel request{std::move(*decoded), deadline()};
  if (request.arguments.unread && !request.arguments.after) {
    if (unread_reads_.size() >= limits::calls_in_flight_max) {
      unread_reads_.erase(unread_reads_.begin()); // its answer was too long for a line: never shown
    }
    unread_reads_[call];
    if (const auto last = memory_.shown.find(request.arguments.channel);
        last != memory_.shown.end()) {
      request.shown = last->second;
    }
  }
  ask_channels<tools::read_messages_result>(call, std::move(request));
}

void tool_dispatch::note_outcome(call_id call, const tools::read_messages_result& outcome) {
  // A call that was withdrawn meanwhile shows nobody anything.
  if (const auto read = unread_reads_.find(call); read != unread_reads_.end()) {
    read->second = messages_shown{outcome.channel, outcome.next_after};
  }
}

void tool_dispatch::wait_for_messages(call_id call, const json::value& arguments) {
  if (auto decoded = decode<tools::wait_for_messages_arguments>(call, arguments)) {
    waits_[call] = {owner_->clock().now(), decoded->timeout};
    ask_channels<tools::wait_for_messages_result>(
      call, wait_for_channels{call, std::move(*decoded), deadline(), memory_.shown});
  }
}

// -- status ------------------------------------------------------------------------------------

void tool_dispatch::server_status(call_id call, const json::value& arguments) {
  if (!decode<tools::server_status_arguments>(call, arguments)) {
    return;
  }
  // Asking how NATS is never connects; only an existing connection is measured.
  ask<jetstream::gateway_status>(
    owner_, options_.gateway, gateway_status_query{}, "gateway",
    [this, call](jetstream::gateway_status now) {
      if (now.state != jetstream::connection_state::connected) {
        status_of_actors(call, now, {});
        return;
      }
      ask<jetstream::gateway_status>(
        owner_, options_.gateway, ping_server{deadline()}, "gateway",
        [this, call](const jetstream::gateway_status& measured) {
          status_of_channels(call, measured);
        },
        [this, call, now = std::move(now)](const error& why) mutable {
          now.reason = why;
          status_of_actors(call, now, {});
        });
    },
    [this, call](const error& why) {
      jetstream::gateway_status unknown;
      unknown.reason = why;
      status_of_actors(call, unknown, {});
    });
}

void tool_dispatch::status_of_channels(call_id call, const jetstream::gateway_status& nats) {
  // NATS answers right now; a status does not wait for more than that.
  const auto until = std::min(deadline(), owner_->clock().now() + limits::status_count_max);
  ask<unread_channels>(
    owner_, options_.channels, unread_query{until}, "channels",
    [this, call, nats](unread_channels unread) { status_of_actors(call, nats, std::move(unread)); },
    [this, call, nats](const error&) { status_of_actors(call, nats, {}); });
}

void tool_dispatch::status_of_actors(call_id call, const jetstream::gateway_status& nats,
                                     std::optional<unread_channels> unread) {
  const auto report = [this, call, nats, unread = std::move(unread)](const tree_status& tree) {
    succeed(call, status_report({options_.server_version, memory_.who, nats, tree, unread,
                                 *options_.configuration}));
  };
  ask<tree_status>(owner_, options_.supervisor, tree_status_query{}, "supervisor", report,
                   [report](const error&) { report({}); });
}

// -- shared ------------------------------------------------------------------------------------

template <class Arguments>
std::optional<Arguments> tool_dispatch::decode(call_id call, const json::value& arguments) {
  auto decoded = tools::decode_arguments<Arguments>(arguments);
  if (!decoded) {
    fail(call, decoded.error());
    return std::nullopt;
  }
  return std::move(*decoded);
}

template <class Result>
void tool_dispatch::succeed(call_id call, const Result& outcome) {
  mcp::tool_answer answer;
  answer.texts.push_back(tools::render(outcome));
  if (options_.configuration->value.output == config::output_style::structured) {
    answer.structured = tools::structured(outcome);
  }
  on_answer_(call, std::move(answer));
}

void tool_dispatch::fail(call_id call, const error& why) {
  mcp::tool_answer answer;
  answer.texts.push_back(why.message);
  answer.is_error = true;
  on_answer_(call, std::move(answer));
}

template <class Result, class Message>
void tool_dispatch::ask_channels(call_id call, Message message) {
  ask<Result>(
    owner_, options_.channels, std::move(message), "channels",
    [this, call](const Result& outcome) {
      waits_.erase(call);
      note_outcome(call, outcome);
      succeed(call, outcome);
    },
    [this, call](const error& why) {
      waits_.erase(call);
      unread_reads_.erase(call);
      fail(call, why);
    });
}

monotonic_time tool_dispatch::deadline() const {
  return owner_->clock().now() + options_.configuration->value.call_timeout;
}

} // namespace nats_mcp
