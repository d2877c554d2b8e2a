// SPDX-License-Identifier: MIT
// What the conversation in session.cpp does with resources and prompts (MCP 2025-11-25 and
// 2026-07-28, server/resources and server/prompts). Who is told of changes: session_updates.cpp.
#include "protocol/limits.hpp"
#include "protocol/mcp/envelope_legacy.hpp"
#include "protocol/mcp/members.hpp"
#include "protocol/mcp/session.hpp"

#include <utility>

namespace nats_mcp::mcp {

using jsonrpc::error_code;

void session::read(const json::value& params, const owed_answer& to, effects& out) {
  auto uri = resources_.named_in(params);
  if (!uri) {
    return deliver(to, jsonrpc::error_line(to.id, uri.error()), false, out);
  }
  if (!finished_because_.empty()) {
    return deliver_error(to, error_code::internal_error, finished_because_, out);
  }
  if (calls_.size() >= limits::calls_in_flight_max) {
    return deliver_error(to, error_code::internal_error,
                         "Busy: " + std::to_string(limits::calls_in_flight_max)
                           + " requests of this client are running, the most at once. " + *uri
                           + " was not read; wait until one of them is answered, then read it "
                             "again.",
                         out);
  }
  if (!to.batch) {
    out.emplace_back(owe{to});
  }
  const auto call = static_cast<call_id>(next_call_++);
  calls_.add(call, {to, {}, *uri, std::nullopt, std::nullopt, {}});
  out.emplace_back(read_resource{call, std::move(*uri)});
}

std::vector<effect> session::on_resource(call_id call, const result<std::string>& text,
                                         monotonic_time now) {
  now_ = now;
  effects out;
  const auto* known = calls_.find(call);
  if (known != nullptr && known->tool.empty()) {
    deliver_resource(*calls_.take(call), text, out);
  }
  return out;
}

void session::deliver_resource(const running_call& running, const result<std::string>& text,
                               effects& out) {
  const auto& to = running.to;
  const auto failed = [&](std::string why) {
    deliver(to,
            jsonrpc::error_line(to.id, {error_code::internal_error, std::move(why), std::nullopt}),
            true, out);
  };
  if (!text) {
    return failed(text.error().message);
  }
  std::string members;
  append_resource_contents(members, running.resource, *text);
  std::string line;
  line.reserve(members.size() + 256);
  jsonrpc::begin_result(line, to.id);
  if (to.of == era::legacy) {
    append_legacy_result(line, members);
  } else {
    modern_.append_result(line, members, reading_hint);
  }
  line += '}';
  if (const auto room = room_for(to); line.size() > room) {
    return failed(running.resource + " has " + std::to_string(line.size())
                  + " bytes, more than the " + std::to_string(room)
                  + " that fit into a message. Read it with the tools, less at a time.");
  }
  deliver(to, std::move(line), true, out);
}

void session::answer_prompt(const json::value& params, const owed_answer& to, effects& out) {
  const auto members = prompts_.get(params);
  if (!members) {
    return deliver_error(to, error_code::invalid_params,
                         "Invalid parameters: " + members.error().message, out);
  }
  std::string line;
  jsonrpc::begin_result(line, to.id);
  if (to.of == era::legacy) {
    append_legacy_result(line, *members);
  } else {
    modern_.append_result(line, *members);
  }
  line += '}';
  if (line.size() > room_for(to)) {
    return deliver_error(
      to, error_code::internal_error,
      "The answers of this batch do not fit into one line. Ask again on its own.", out);
  }
  deliver(to, std::move(line), false, out);
}

} // namespace nats_mcp::mcp
