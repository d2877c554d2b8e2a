// SPDX-License-Identifier: MIT
// From a tool call to the actor that can do it, and back to text. Decodes and checks the arguments,
// asks, renders. Part of the session actor's state; knows nothing of MCP's eras.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/json/value.hpp"
#include "protocol/mcp/types.hpp"
#include "protocol/time.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp {

/// What the dispatch is given once and keeps.
struct dispatch_options {
  std::shared_ptr<const config::loaded_configuration> configuration;
  std::string server_version;
  gateway_actor gateway;
  channels_actor channels;
  supervisor_actor supervisor;
};

class tool_dispatch {
public:
  /// Called exactly once for every started call that was not cancelled.
  using answered = std::function<void(call_id, mcp::tool_answer)>;
  /// Called after `remembered()` changed.
  using memory_changed = std::function<void()>;

  /// What outlives a crash of the session.
  struct memory {
    speaker who;
    /// Where the answers with the client end that showed unread messages.
    channel_positions shown;
  };

  /// How far a call that takes its time has come.
  struct progress {
    call_id call{};
    std::chrono::milliseconds passed{0};
    std::chrono::milliseconds total{0};
  };

  tool_dispatch(asking_actor<session_actor>* owner, dispatch_options options, memory last,
                answered on_answer, memory_changed on_change);

  /// Starts a call; the answer may come before this returns.
  void start(call_id call, std::string_view tool, const json::value& arguments);

  /// The caller withdrew: frees what the call holds and never answers it.
  void cancel(call_id call);

  /// The call's answer is with the client.
  void delivered(call_id call);

  /// Calls that wait for something, for progress notifications.
  [[nodiscard]] std::vector<progress> waiting(monotonic_time now) const;

  [[nodiscard]] const memory& remembered() const noexcept { return memory_; }

  /// The names of all tools that can be started.
  [[nodiscard]] static std::vector<std::string_view> tool_names();

private:
  using handler = void (tool_dispatch::*)(call_id, const json::value&);

  struct wait {
    monotonic_time since;
    std::chrono::milliseconds total{0};
  };

  [[nodiscard]] static const std::map<std::string_view, handler>& handlers();

  void set_handle(call_id call, const json::value& arguments);
  void my_handle(call_id call, const json::value& arguments);
  void list_channels(call_id call, const json::value& arguments);
  void send_message(call_id call, const json::value& arguments);
  void read_messages(call_id call, const json::value& arguments);
  void wait_for_messages(call_id call, const json::value& arguments);
  void server_status(call_id call, const json::value& arguments);
  void status_of_channels(call_id call, const jetstream::gateway_status& nats);
  void status_of_actors(call_id call, const jetstream::gateway_status& nats,
                        std::optional<unread_channels> unread);

  /// The decoded arguments, or nothing after the call was answered with what is wrong with them.
  template <class Arguments>
  std::optional<Arguments> decode(call_id call, const json::value& arguments);
  template <class Result>
  void succeed(call_id call, const Result& outcome);
  void fail(call_id call, const error& why);
  /// What counts once this answer has reached the client.
  void note_outcome(call_id call, const tools::read_messages_result& outcome);
  template <class Result>
  void note_outcome(call_id, const Result&) {
    // nop
  }
  /// Asks the channels actor and answers the call with what comes back.
  template <class Result, class Message>
  void ask_channels(call_id call, Message message);

  [[nodiscard]] monotonic_time deadline() const;

  asking_actor<session_actor>* owner_;
  dispatch_options options_;
  memory memory_;
  answered on_answer_;
  memory_changed on_change_;
  std::map<call_id, wait> waits_;
  /// Calls that read what is unread; with a value while the answer is on its way to the client.
  std::map<call_id, std::optional<messages_shown>> unread_reads_;
};

} // namespace nats_mcp
