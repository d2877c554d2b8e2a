// SPDX-License-Identifier: MIT
// The templates every tool's call goes through: arguments in, an actor asked, a text out. Included
// only by the two files of `tool_dispatch`.
#pragma once

#include "protocol/tools/direct_message_tools.hpp"
#include "protocol/tools/tool.hpp"

#include "actors/mcp/tool_dispatch.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace nats_mcp {

/// The arguments of a call as the tool wants them; answers the call if they are not.
template <class Arguments>
std::optional<Arguments> tool_dispatch::decode(call_id call, const json::value& arguments) {
  auto decoded = tools::decode_arguments<Arguments>(arguments);
  if (!decoded) {
    fail(call, decoded.error());
    return std::nullopt;
  }
  if constexpr (requires(const Arguments& given) { tools::check(given); }) {
    if (const auto sound = tools::check(*decoded); !sound) {
      fail(call, sound.error());
      return std::nullopt;
    }
  }
  return std::move(*decoded);
}

/// Answers a call with its outcome, and with what the user has to know besides.
template <class Result>
void tool_dispatch::succeed(call_id call, const Result& outcome) {
  mcp::tool_answer answer;
  answer.texts.push_back(tools::render(outcome));
  if (options_.configuration->value.output == config::output_style::structured) {
    answer.structured = tools::structured(outcome);
  }
  constexpr bool of_wait = std::is_same_v<Result, tools::wait_for_messages_result>;
  bool for_hook = false;
  if constexpr (of_wait) {
    for_hook = outcome.hook;
  }
  // A hook is answered in JSON, and nothing else.
  if (!for_hook) {
    add_notices(answer, of_wait || std::is_same_v<Result, tools::read_direct_messages_result>);
  }
  on_answer_(call, std::move(answer));
  finished(call);
}

/// Asks a part; its answer or its failure is the call's.
template <class Result, class Actor, class Message>
void tool_dispatch::ask_part(call_id call, const Actor& part, Message message, std::string name) {
  ask<Result>(
    owner_, part, std::move(message), std::move(name),
    [this, call](const Result& outcome) {
      note_outcome(call, outcome);
      succeed(call, outcome);
    },
    [this, call](const error& why) { fail(call, why); });
}

template <class Message, auto Part>
void tool_dispatch::pass_on(call_id call, const json::value& arguments) {
  const auto& part = options_.*Part;
  using signatures = typename std::decay_t<decltype(part)>::signatures;
  using outcome = caf::detail::tl_head_t<caf::response_type_t<signatures, Message>>;
  if (auto wanted = decode<decltype(Message::arguments)>(call, arguments)) {
    constexpr bool of_queue =
      std::is_same_v<decltype(Part), decltype(&dispatch_options::work_queue)>;
    ask_part<outcome>(call, part, Message{std::move(*wanted), deadline()},
                      of_queue ? "work queue" : "dead letters");
  }
}

} // namespace nats_mcp
