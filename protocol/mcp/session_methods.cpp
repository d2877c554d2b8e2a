// SPDX-License-Identifier: MIT
// What each method of the conversation in session.cpp does, and what becomes of its tool calls.
#include "protocol/json/writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/mcp/envelope_legacy.hpp"
#include "protocol/mcp/members.hpp"
#include "protocol/mcp/session.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ratio>
#include <utility>

namespace nats_mcp::mcp {

using jsonrpc::error_code;

namespace {

/// Room that a batch's line keeps for answers without a tool's text (protocol/limits.hpp).
constexpr std::size_t batch_reserve = limits::line_bytes_max / 4;

tool_answer failed_call(std::string why) {
  tool_answer answer;
  answer.texts.push_back(std::move(why));
  answer.is_error = true;
  return answer;
}

std::string too_many_calls(const std::string& tool, const call_rate& rate,
                           std::chrono::nanoseconds wait) {
  using tenths = std::chrono::duration<std::int64_t, std::deci>;
  const auto rounded = std::chrono::ceil<tenths>(wait).count();
  return "Too many calls: this session may make " + std::to_string(rate.per_second())
         + " a second in the long run, and " + std::to_string(rate.burst()) + " at once. " + tool
         + " was not started and nothing happened. Try again in " + std::to_string(rounded / 10)
         + '.' + std::to_string(rounded % 10)
         + " seconds. NATS_MCP_CALL_RATE allows more to who needs it.";
}

/// The token of a request that wants progress.
/// @returns `ec::invalid_argument` when it is neither a string nor an integer.
result<std::optional<jsonrpc::request_id>> read_progress_token(const json::value& params) {
  const auto* meta = json::find(params, "_meta");
  const auto* member = meta == nullptr ? nullptr : json::find(*meta, "progressToken");
  if (member == nullptr) {
    return std::nullopt;
  }
  auto token = jsonrpc::read_request_id(*member);
  if (!token) {
    return fail(ec::invalid_argument, "params._meta.progressToken has to be a string or an integer "
                                      "of at most "
                                        + std::to_string(limits::request_id_bytes_max) + " bytes.");
  }
  return token;
}

std::string progress_line(const jsonrpc::request_id& token, const progress_report& report) {
  std::string params = R"({"progressToken":)";
  jsonrpc::append_request_id(params, token);
  params += R"(,"progress":)";
  json::append_number(params, report.progress);
  if (report.total && std::isfinite(*report.total)) {
    params += R"(,"total":)";
    json::append_number(params, *report.total);
  }
  if (!report.message.empty()) {
    params += R"(,"message":)";
    json::append_string(params, report.message);
  }
  params += '}';
  return jsonrpc::notification_line("notifications/progress", params);
}

} // namespace

// -- methods -----------------------------------------------------------------------------------

void session::initialize(const json::value& params, const owed_answer& to, effects& out) {
  if (to.batch) { // MCP 2025-03-26, basic/lifecycle
    return deliver_error(to, error_code::invalid_request,
                         "Invalid request: initialize may not be part of a batch.", out);
  }
  const auto* version = json::find(params, "protocolVersion");
  const auto* requested = version == nullptr ? nullptr : version->get_ptr<const std::string*>();
  if (requested == nullptr) {
    return deliver_error(to, error_code::invalid_params,
                         "Invalid parameters: params.protocolVersion is required and has to be a "
                         "string, such as \"2025-11-25\".",
                         out);
  }
  // A second initialize is answered like the first and settles the version anew: clients that lost
  // track start over on the same pipe.
  const auto agreed = negotiate_legacy(*requested);
  // … and nothing they subscribed to before is theirs any more.
  const session_checkpoint fresh{std::string{agreed}, {}, state_.streams, false};
  if (state_ != fresh) {
    state_ = fresh;
    out.emplace_back(save_state{});
    watch(out);
  }
  std::string line;
  jsonrpc::begin_result(line, to.id);
  append_legacy_result(
    line, initialize_members(agreed, options_.server, offered_, options_.instructions));
  line += '}';
  deliver(to, std::move(line), false, out);
}

void session::list(const list_pages& pages, const json::value& params, const owed_answer& to,
                   effects& out) {
  std::optional<std::string> cursor;
  if (const auto* member = json::find(params, "cursor")) {
    const auto* text = member->get_ptr<const std::string*>();
    if (text == nullptr) {
      return deliver_error(to, error_code::invalid_params,
                           "Invalid parameters: params.cursor has to be a string.", out);
    }
    cursor = *text;
  }
  const auto* page = pages.page(cursor, to.of);
  if (page == nullptr) {
    return deliver_error(to, error_code::invalid_params,
                         "Invalid parameters: params.cursor is not one that this list gave. Start "
                         "again without a cursor.",
                         out);
  }
  auto line = jsonrpc::result_line(to.id, *page);
  if (line.size() > room_for(to)) {
    return deliver_error(
      to, error_code::internal_error,
      "The answers of this batch do not fit into one line. Ask again on its own.", out);
  }
  deliver(to, std::move(line), false, out);
}

void session::call_tool(json::value& params, const owed_answer& to, effects& out) {
  const auto* name_member = json::find(params, "name");
  const auto* name = name_member == nullptr ? nullptr : name_member->get_ptr<const std::string*>();
  if (name == nullptr) {
    return deliver_error(to, error_code::invalid_params,
                         "Invalid parameters: params.name is required and has to be a string.",
                         out);
  }
  auto* arguments = json::find(params, "arguments");
  if (arguments != nullptr && !arguments->is_object()) {
    return deliver_error(to, error_code::invalid_params,
                         "Invalid parameters: params.arguments has to be an object.", out);
  }
  auto token = read_progress_token(params);
  if (!token) {
    return deliver_error(to, error_code::invalid_params,
                         "Invalid parameters: " + token.error().message, out);
  }
  const auto tool = tool_names_.find(*name);
  if (tool == tool_names_.end()) {
    return deliver_error(
      to, error_code::invalid_params,
      "Unknown tool: " + repeated(*name) + ". tools/list names the tools there are.", out);
  }
  if (!finished_because_.empty()) {
    return deliver_call(to, *tool, failed_call(finished_because_), std::nullopt, out);
  }
  if (calls_.size() >= limits::calls_in_flight_max) {
    return deliver_call(to, *tool,
                        failed_call("Busy: " + std::to_string(limits::calls_in_flight_max)
                                    + " tool calls of this client are running, the most at once. "
                                    + *tool
                                    + " was not started and nothing happened; wait until one of "
                                      "them is answered, then call it again."),
                        std::nullopt, out);
  }
  if (const auto wait = rate_.take(now_); wait.count() > 0) {
    return deliver_call(to, *tool, failed_call(too_many_calls(*tool, rate_, wait)), std::nullopt,
                        out);
  }
  if (!to.batch) {
    out.emplace_back(owe{to});
  }
  const auto call = static_cast<call_id>(next_call_++);
  const auto wants_progress = token->has_value();
  calls_.add(call, {to, *tool, {}, std::move(*token), std::nullopt, {}});
  out.emplace_back(start_call{call, *tool,
                              arguments == nullptr ? json::value::object() : std::move(*arguments),
                              wants_progress});
}

void session::withdraw(const jsonrpc::request_id& id, effects& out) {
  if (const auto call = calls_.number_of(id)) {
    const auto running = calls_.take(*call);
    out.emplace_back(send_line{{}, {id}});
    out.emplace_back(cancel_call{*call});
    if (running->to.batch) {
      batches_.withdraw(*running->to.batch, id);
      close_batch(*running->to.batch, true, out);
    }
    return;
  }
  auto& streams = state_.streams;
  const auto stream = std::find_if(streams.begin(), streams.end(),
                                   [&](const listen_stream& open) { return open.id == id; });
  if (stream != streams.end()) {
    streams.erase(stream);
    out.emplace_back(send_line{{}, {id}});
    out.emplace_back(save_state{});
    watch(out);
  }
}

// -- what comes from the tools -----------------------------------------------------------------

std::vector<effect> session::on_answer(call_id call, tool_answer answer, monotonic_time) {
  effects out;
  const auto* known = calls_.find(call);
  if (known != nullptr && !known->tool.empty()) {
    const auto running = calls_.take(call);
    deliver_call(running->to, running->tool, answer, call, out);
  }
  return out;
}

std::vector<effect> session::on_progress(call_id call, const progress_report& report,
                                         monotonic_time now) {
  auto* running = calls_.find(call);
  if (running == nullptr || !running->admits(report, now)) {
    return {};
  }
  return {send_line{progress_line(*running->progress_token, report), {}}};
}

std::vector<effect> session::finish(std::string_view reason) {
  effects out;
  finished_because_ = reason;
  while (const auto call = calls_.oldest()) {
    const auto running = calls_.take(*call);
    if (running->tool.empty()) {
      deliver_resource(*running, fail(ec::cancelled, finished_because_), out);
    } else {
      deliver_call(running->to, running->tool, failed_call(finished_because_), call, out);
    }
    out.emplace_back(cancel_call{*call});
  }
  if (state_.streams.empty()) {
    return out;
  }
  for (const auto& stream : std::exchange(state_.streams, {})) {
    out.emplace_back(send_line{modern_.stream_end_line(stream.id), {stream.id}});
  }
  out.emplace_back(save_state{});
  return out;
}

std::size_t session::room_for(const owed_answer& to) const {
  if (!to.batch) {
    return limits::line_bytes_max;
  }
  const auto used = batches_.bytes(*to.batch) + batch_reserve;
  return used < limits::line_bytes_max ? limits::line_bytes_max - used : 0;
}

std::string session::answer_line(const owed_answer& to, const tool_answer& answer) const {
  std::string members;
  append_tool_answer(members, answer, to.of);
  std::string line;
  line.reserve(members.size() + 256);
  jsonrpc::begin_result(line, to.id);
  if (to.of == era::legacy) {
    append_legacy_result(line, members);
  } else {
    modern_.append_result(line, members);
  }
  line += '}';
  return line;
}

void session::deliver_call(const owed_answer& to, std::string_view tool, const tool_answer& answer,
                           std::optional<call_id> call, effects& out) {
  auto line = answer_line(to, answer);
  const auto room = room_for(to);
  const bool fits = line.size() <= room;
  if (!fits) {
    line = answer_line(
      to, failed_call("The answer of " + std::string{tool} + " has " + std::to_string(line.size())
                      + " bytes, more than the " + std::to_string(room)
                      + " that fit into a message. The call itself was carried out; ask for less "
                        "at a time."));
  }
  const bool carried = call && fits;
  if (carried && to.batch) {
    batches_.carry(*to.batch, *call);
  }
  deliver(to, std::move(line), call.has_value(), out);
  if (carried && !to.batch) {
    std::get<send_line>(out.back()).carries = {*call};
  } else if (call && !fits) {
    out.emplace_back(send_line{{}, {}, {}, {*call}});
  }
}

} // namespace nats_mcp::mcp
