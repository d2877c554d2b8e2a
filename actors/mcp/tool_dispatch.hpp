// SPDX-License-Identifier: MIT
// From a tool call to the actor that can do it, and back to text. Decodes and checks the arguments,
// asks, renders. Part of the session actor's state; knows nothing of MCP's eras.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/json/value.hpp"
#include "protocol/mcp/types.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/channel_tools.hpp"
#include "protocol/tools/tool.hpp"

#include "actors/interfaces.hpp"
#include "actors/mcp/dispatch_memory.hpp"
#include "actors/mcp/dispatch_options.hpp"
#include "actors/request.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp {

class tool_dispatch {
public:
  /// Called exactly once for every started call that was not cancelled.
  using answered = std::function<void(call_id, mcp::tool_answer)>;
  /// Called after `remembered()` changed.
  using memory_changed = std::function<void()>;

  using memory = dispatch_memory;

  /// How far a call that takes its time has come.
  struct progress {
    call_id call{};
    std::chrono::milliseconds passed{0};
    std::chrono::milliseconds total{0};
    /// What it waits for.
    std::string_view what;
  };

  tool_dispatch(asking_actor<session_actor>* owner, dispatch_options options, memory last,
                answered on_answer, memory_changed on_change);

  /// Starts a call, or holds it back while one is under way that has to be over first. The answer
  /// may come before this returns.
  void start(call_id call, std::string_view tool, const json::value& arguments);

  /// The caller withdrew: frees what the call holds and never answers it.
  void cancel(call_id call);

  /// The call's answer is with the client.
  void delivered(call_id call);

  /// The call's answer was too long for the client, which was told so instead.
  void withheld(call_id call);

  /// Nobody called for it: an agent that registers itself does so now.
  void register_unasked();
  /// It is configured to register itself, has no GUID, and its user did not decide otherwise.
  [[nodiscard]] bool is_to_register_itself() const;

  /// The registry says who this agent is now.
  void identity_changed(const nats_mcp::identity_changed& news);
  /// The work queue was restarted: it is told which of these claims are with the client.
  void claims_in_doubt(const std::vector<call_id>& calls);
  /// The inbox says how much is unread.
  void mail_counted(std::uint64_t unread);

  /// Calls that wait for something, for progress notifications.
  [[nodiscard]] std::vector<progress> waiting(monotonic_time now) const;

  [[nodiscard]] const memory& remembered() const noexcept { return memory_; }

  /// The names of all tools that can be started.
  [[nodiscard]] static std::vector<std::string_view> tool_names();

private:
  using handler = void (tool_dispatch::*)(call_id, const json::value&);

  struct arrival {
    call_id call{};
    std::string tool;
    json::value arguments;
    monotonic_time at;
  };
  struct wait {
    monotonic_time since;
    std::chrono::milliseconds total{0};
    std::string_view what = "messages";
    /// Of `wait_for_messages`: the actors that have not said anything yet.
    std::size_t open = 0;
    tools::wait_for_messages_result found{};
  };

  [[nodiscard]] static const std::map<std::string_view, handler>& handlers();

  // -- one after another (tool_dispatch.cpp) ---------------------------------------------------

  void run_held_back();
  /// The call is over: what it held back may run.
  void finished(call_id call);
  [[nodiscard]] bool registers_itself_first(const tools::tool_declaration& tool) const;
  void register_itself(monotonic_time asked_at);

  // -- identity, channels, status (tool_dispatch.cpp) ------------------------------------------

  void set_handle(call_id call, const json::value& arguments);
  void my_handle(call_id call, const json::value& arguments);
  void list_channels(call_id call, const json::value& arguments);
  void send_message(call_id call, const json::value& arguments);
  void read_messages(call_id call, const json::value& arguments);
  void server_status(call_id call, const json::value& arguments);
  void status_of_channels(call_id call, const jetstream::gateway_status& nats,
                          monotonic_time until);
  void status_of_actors(call_id call, const jetstream::gateway_status& nats,
                        std::optional<unread_channels> unread);
  void status_of_work(call_id call, const jetstream::gateway_status& nats,
                      const std::optional<unread_channels>& unread, const tree_status& tree);

  // -- agents and their mail (tool_dispatch_agents.cpp) ----------------------------------------

  void register_agent(call_id call, const json::value& arguments);
  void discover_agents(call_id call, const json::value& arguments);
  void agent_info(call_id call, const json::value& arguments);
  void update_presence(call_id call, const json::value& arguments);
  void deregister_agent(call_id call, const json::value& arguments);
  void send_direct_message(call_id call, const json::value& arguments);
  void read_direct_messages(call_id call, const json::value& arguments);
  void wait_for_messages(call_id call, const json::value& arguments);
  void wait_heard(call_id call, const tools::wait_for_messages_result& part);
  void wait_failed(call_id call, const error& why);
  void cancel_waits(call_id call);

  // -- work and dead letters (tool_dispatch_work.cpp) ------------------------------------------

  void claim_work(call_id call, const json::value& arguments);
  void claim_delivered(call_id call);
  void claim_lost(call_id call);
  void cancel_claim(call_id call);

  // -- registration (tool_dispatch_agents.cpp) -------------------------------------------------

  [[nodiscard]] register_as registration_of(tools::register_agent_arguments wanted) const;
  void registered(const tools::register_agent_result& outcome);

  /// The decoded arguments, or nothing after the call was answered with what is wrong with them.
  template <class Arguments>
  std::optional<Arguments> decode(call_id call, const json::value& arguments);
  template <class Result>
  void succeed(call_id call, const Result& outcome);
  void fail(call_id call, const error& why);
  /// What an outcome changes here, whoever still waits for the answer; a read counts only when it
  /// is `delivered`.
  template <class Result>
  void note_outcome(call_id, const Result&) {
    // nop
  }
  void note_outcome(call_id call, const tools::read_messages_result& outcome);
  void note_outcome(call_id call, const tools::register_agent_result& outcome);
  void note_outcome(call_id call, const tools::deregister_agent_result& outcome);
  void note_outcome(call_id call, const tools::set_handle_result& outcome);
  /// The whole of a tool that is a part's affair: `Message` carries its arguments and the deadline.
  /// @tparam Part a member of `dispatch_options`.
  template <class Message, auto Part>
  void pass_on(call_id call, const json::value& arguments);
  /// Asks an actor and answers the call with what comes back.
  template <class Result, class Actor, class Message>
  void ask_part(call_id call, const Actor& part, Message message, std::string name);
  /// What stands below every answer: what the user has to know, mail that waits.
  void add_notices(mcp::tool_answer& answer, bool shows_mail);

  /// Of the call that is being started.
  [[nodiscard]] monotonic_time deadline() const;
  /// Whether nobody else can be the agent this one is.
  [[nodiscard]] bool is_sure() const;
  void send_as_registered(call_id call, tools::send_message_arguments what, monotonic_time until);

  asking_actor<session_actor>* owner_;
  dispatch_options options_;
  memory memory_;
  answered on_answer_;
  memory_changed on_change_;
  std::map<call_id, wait> waits_;
  /// Calls that read direct messages.
  std::set<call_id> mail_reads_;
  /// Claims under way, and those whose answers are not with the client yet.
  std::set<call_id> claims_;
  /// The last ones that got there, for a work queue that missed it.
  std::deque<call_id> claims_shown_;
  std::uint64_t unread_mail_ = 0;
  /// Until then nobody else can be the agent this one is; how long the computer had been asleep
  /// then; for how long what is sent may be under way.
  monotonic_time sure_until_{};
  std::chrono::nanoseconds asleep_when_sure_{0};
  std::chrono::milliseconds send_slack_{0};
  /// For the next answer; empty = nothing. Why the agent could not register itself.
  std::string registration_notice_;

  /// When the call that is being started arrived.
  monotonic_time arrived_{};
  /// In their order, while one before them is to be over first: a call, or registration by itself.
  std::deque<arrival> held_back_;
  std::optional<call_id> blocked_by_;
  /// The same, if nobody waits for it any more.
  std::optional<call_id> withdrawn_;
  bool registering_itself_ = false;
  monotonic_time register_again_at_{};
  bool running_held_back_ = false;
  /// Calls that read what is unread; with a value while the answer is on its way to the client.
  std::map<call_id, std::optional<messages_shown>> unread_reads_;
};

} // namespace nats_mcp
