// SPDX-License-Identifier: MIT
// The conversation: which message is what, in which era and state. What each method does stands in
// session_methods.cpp.
#include "protocol/mcp/session.hpp"

#include "protocol/limits.hpp"
#include "protocol/mcp/envelope_legacy.hpp"
#include "protocol/mcp/era.hpp"
#include "protocol/mcp/members.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nats_mcp::mcp {

using jsonrpc::error_code;

namespace {

list_pages::content listed(const session_options& options) {
  list_pages::content out{"tools", {}, options.tools_per_page, list_hint};
  for (const auto& tool : options.tools) {
    out.entries.push_back(tool.description);
  }
  return out;
}

} // namespace

session::session(session_options options, session_checkpoint state)
  : options_{std::move(options)}
  , state_{std::move(state)}
  , modern_{options_.server}
  , tools_{listed(options_), modern_}
  , resources_{options_.resources, std::move(options_.resource_templates), modern_}
  , prompts_{std::move(options_.prompts), modern_}
  , offered_{!resources_.empty(), !prompts_.empty(), options_.watched_for_hints.has_value()}
  , rate_{options_.calls_per_second}
  , next_call_{options_.first_call}
  , updates_{limits::update_interval_min} {
  for (auto& tool : options_.tools) {
    tool_names_.insert(std::move(tool.name));
  }
  options_.tools.clear();
  options_.resources.clear();
}

// -- what comes from the client ----------------------------------------------------------------

std::vector<effect> session::on_line(std::string_view line, monotonic_time now) {
  now_ = now;
  effects out;
  auto message = jsonrpc::parse_message(line);
  std::visit([&](auto& any) { on_message(any, out); }, message);
  return out;
}

std::vector<effect> session::on_overlong_line(monotonic_time) {
  const jsonrpc::error_object error{
    error_code::invalid_request,
    "Invalid request: a line was longer than " + std::to_string(limits::line_bytes_max)
      + " bytes and was not read; nothing in it happened. Send it in smaller parts.",
    std::nullopt};
  return {send_line{jsonrpc::error_line(std::nullopt, error), {}}};
}

void session::on_message(jsonrpc::request& request, effects& out) {
  const owed_answer to{std::move(request.id), era_for(request.params), std::nullopt};
  on_request(request, to, out);
}

void session::on_message(jsonrpc::notification& notification, effects& out) {
  if (notification.method == "notifications/initialized") {
    return take_hints(out);
  }
  // MCP, cancellation: malformed, unknown and late ones are ignored. All other notifications a
  // client may send change nothing here, and unknown ones are never answered.
  if (notification.method != "notifications/cancelled") {
    return;
  }
  const auto* member = json::find(notification.params, "requestId");
  const auto id = member == nullptr ? std::nullopt : jsonrpc::read_request_id(*member);
  if (id) {
    withdraw(*id, out);
  }
}

void session::on_message(jsonrpc::response&, effects&) {
  // nop: this server sends no requests
}

void session::on_message(jsonrpc::invalid& invalid, effects& out) {
  out.emplace_back(send_line{jsonrpc::error_line(invalid.id, invalid.error), {}});
}

void session::on_message(jsonrpc::batch& batch, effects& out) {
  if (!allows_batches(state_.legacy_version)) {
    const jsonrpc::error_object error{
      error_code::invalid_request,
      "Invalid request: batches exist only in protocol version 2025-03-26, which was not agreed "
      "on. "
      "Nothing in the batch happened; send its messages one by one.",
      std::nullopt};
    out.emplace_back(send_line{jsonrpc::error_line(std::nullopt, error), {}});
    return;
  }
  const auto number = batches_.open();
  const auto first_call = next_call_;
  effects caused;
  for (auto& member : batch.members) {
    on_member(member, number, caused);
  }
  // Only a batch that has to wait for a tool can be orphaned; then all its answers are owed.
  const auto owed = next_call_ != first_call;
  if (owed) {
    for (const auto& id : batches_.requests(number)) {
      out.emplace_back(owe{{id, era::legacy, number}});
    }
  }
  std::move(caused.begin(), caused.end(), std::back_inserter(out));
  batches_.seal(number);
  close_batch(number, owed, out);
}

void session::on_member(jsonrpc::single_message& member, std::uint64_t batch, effects& out) {
  if (auto* request = std::get_if<jsonrpc::request>(&member)) {
    const owed_answer to{std::move(request->id), era_for(request->params), batch};
    if (!is_unanswered(to.id)) {
      batches_.expect(batch, to.id);
    }
    on_request(*request, to, out);
  } else if (auto* notification = std::get_if<jsonrpc::notification>(&member)) {
    on_message(*notification, out);
  } else if (auto* invalid = std::get_if<jsonrpc::invalid>(&member)) {
    // A request too if it has an id: when the batch waits for a tool and this session dies, its
    // answer is owed like the others.
    auto line = jsonrpc::error_line(invalid->id, invalid->error);
    if (invalid->id && !is_unanswered(*invalid->id)) {
      batches_.expect(batch, *invalid->id);
      batches_.answer(batch, std::move(line));
    } else {
      batches_.refuse(batch, std::move(line));
    }
  }
}

// -- which rules apply -------------------------------------------------------------------------

era session::era_for(const json::value& params) const noexcept {
  return options_.legacy_only ? era::legacy : era_of(params);
}

bool session::is_unanswered(const jsonrpc::request_id& id) const {
  return calls_.number_of(id).has_value()
         || std::any_of(state_.streams.begin(), state_.streams.end(),
                        [&](const listen_stream& stream) { return stream.id == id; });
}

void session::on_request(jsonrpc::request& request, const owed_answer& to, effects& out) {
  if (is_unanswered(to.id)) {
    const jsonrpc::error_object error{error_code::invalid_request,
                                      "Invalid request: its id belongs to an earlier request that "
                                      "is not answered yet. This one was "
                                      "not carried out; give every request an id of its own.",
                                      std::nullopt};
    auto line = jsonrpc::error_line(to.id, error);
    if (to.batch) {
      batches_.refuse(*to.batch, std::move(line));
    } else {
      out.emplace_back(send_line{std::move(line), {}});
    }
    return;
  }
  if (to.of == era::modern) {
    if (to.batch) {
      return deliver_error(to, error_code::invalid_request,
                           "Invalid request: there are no batches in this protocol version. Send "
                           "the request on its own.",
                           out);
    }
    if (const auto wrong = check_envelope(request.params)) {
      return deliver(to, jsonrpc::error_line(to.id, *wrong), false, out);
    }
  }
  const auto* entry = find_method(request.method, to.of, offered_);
  const auto when = entry == nullptr ? availability::after_handshake : entry->in_legacy;
  const auto shaken = !state_.legacy_version.empty();
  if (to.of == era::legacy && !shaken && when == availability::after_handshake
      && !(options_.legacy_only && entry == nullptr)) {
    return deliver_error(
      to, error_code::invalid_params,
      options_.legacy_only
        ? "Invalid request: send initialize first, this connection has no "
          "protocol version yet."
        : "Missing params._meta[\"io.modelcontextprotocol/protocolVersion\"], and "
          "no initialize was received yet: send one of the two.",
      out);
  }
  if (entry == nullptr) {
    return deliver_error(to, error_code::method_not_found,
                         "Method not found: " + repeated(request.method)
                           + (to.of == era::modern
                                ? " does not exist here in protocol version 2026-07-28."
                                : " does not exist here in this protocol version."),
                         out);
  }
  run(entry->which, request.params, to, out);
}

void session::run(method which, json::value& params, const owed_answer& to, effects& out) {
  switch (which) {
    case method::initialize:
      return initialize(params, to, out);
    case method::ping:
      return deliver(to, jsonrpc::result_line(to.id, "{}"), false, out);
    case method::prompts_get:
      return answer_prompt(params, to, out);
    case method::prompts_list:
      return list(prompts_.prompts(), params, to, out);
    case method::resources_list:
      return list(resources_.resources(), params, to, out);
    case method::resources_read:
      return read(params, to, out);
    case method::resources_subscribe:
      return subscribe(subscription::begins, params, to, out);
    case method::resources_templates_list:
      return list(resources_.templates(), params, to, out);
    case method::resources_unsubscribe:
      return subscribe(subscription::ends, params, to, out);
    case method::server_discover: {
      std::string line;
      jsonrpc::begin_result(line, to.id);
      modern_.append_result(line, discover_members(offered_, options_.instructions), discover_hint);
      line += '}';
      return deliver(to, std::move(line), false, out);
    }
    case method::subscriptions_listen:
      return listen(params, to, out);
    case method::tools_call:
      return call_tool(params, to, out);
    case method::tools_list:
      return list(tools_, params, to, out);
  }
}

// -- what goes to the client -------------------------------------------------------------------

void session::deliver(const owed_answer& to, std::string line, bool owed, effects& out) {
  if (!to.batch) {
    auto settles = owed ? std::vector{to.id} : std::vector<jsonrpc::request_id>{};
    out.emplace_back(send_line{std::move(line), std::move(settles)});
    return;
  }
  batches_.answer(*to.batch, std::move(line));
  close_batch(*to.batch, owed, out);
}

void session::deliver_error(const owed_answer& to, error_code code, std::string message,
                            effects& out) {
  deliver(to, jsonrpc::error_line(to.id, {code, std::move(message), std::nullopt}), false, out);
}

void session::close_batch(std::uint64_t batch, bool owed, effects& out) {
  auto complete = batches_.take_if_complete(batch);
  if (!complete || complete->answers.empty()) {
    return;
  }
  auto settles = owed ? std::move(complete->requests) : std::vector<jsonrpc::request_id>{};
  out.emplace_back(send_line{jsonrpc::array_line(complete->answers), std::move(settles),
                             std::move(complete->calls)});
}

} // namespace nats_mcp::mcp
