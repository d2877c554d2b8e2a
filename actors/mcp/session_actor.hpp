// SPDX-License-Identifier: MIT
// The session part: drives the MCP session core (protocol/mcp/session.hpp) with lines from the
// client link and carries its effects out. The process must outlive any fault here, so nothing a
// client is owed lives only in this actor: lines wait in the link, answers owed stand in the link's
// ledger, and the negotiated state and the agent's handle are the checkpoint.
#pragma once

#include "protocol/mcp/session.hpp"

#include "transport/stdio/client_lines.hpp"

#include "actors/interfaces.hpp"
#include "actors/mcp/resource_desk.hpp"
#include "actors/mcp/tool_dispatch.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"
#include "actors/supervision/guarded_promise.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nats_mcp {

/// What the session actor is given once and keeps.
struct session_actor_options {
  /// The id under which the supervisor keeps its checkpoint; also its name.
  std::string child_id;
  mcp::session_options protocol;
  dispatch_options dispatch;
  std::shared_ptr<transport::client_lines> link;
  /// Called inside the actor when the client's input has ended and everything before it was taken.
  std::function<void()> on_end_of_input;
  runtime world;
};

/// The checkpoint: what the next incarnation continues with.
struct session_memory {
  mcp::session_checkpoint protocol;
  tool_dispatch::memory tools;
};

class session_state {
public:
  session_state(asking_actor<session_actor>* self, session_actor_options options, checkpoint last);
  session_state(const session_state&) = delete;
  session_state& operator=(const session_state&) = delete;
  ~session_state();

  [[nodiscard]] session_actor::behavior_type make_behavior();

private:
  /// Answers what the previous incarnation owed: it died with these in its hands.
  void answer_for_predecessor();
  void take_lines();
  void take(const transport::input& input);
  /// Once the client takes hints, registers an agent that is to register itself, until it is one.
  void register_for_hints();
  void keep_registering();
  void perform(std::vector<mcp::effect> effects);
  void write(const std::string& line);
  /// Sends what was written; then what is with the client counts.
  void push();
  void note_sent();
  void answered(call_id call, mcp::tool_answer answer);
  void resource_read(call_id call, const result<std::string>& text);
  void save();
  void resource_changed(const std::string& uri);
  void channel_news(const channel_changed& news);
  void mail_news(std::uint64_t unread);
  void timer(const session_timer& due);
  /// Something of the session core is due later: be there then.
  void schedule_updates();
  void report_progress();
  void schedule_progress();
  caf::result<session_finished> finish(const finish_session& request);
  void finish_if_idle();
  void finish_now();

  asking_actor<session_actor>* self_;
  session_actor_options options_;
  mcp::session session_;
  tool_dispatch dispatch_;
  resource_desk desk_;
  guarded_promise<session_finished> finishing_;
  /// Generation of the progress timer under way; 0 = none.
  std::uint64_t progress_timer_ = 0;
  /// The timer for what the core holds back, and when it is due; none = nothing.
  std::uint64_t update_timer_ = 0;
  std::optional<monotonic_time> updates_due_;
  /// The timer for the end of the time to finish.
  std::uint64_t finish_timer_ = 0;
  std::uint64_t register_timer_ = 0;
  bool asked_for_hints_ = false;
  std::uint64_t timers_ = 0;
  /// As the inbox said last.
  std::uint64_t unread_mail_ = 0;
  bool more_lines_announced_ = false;
  bool push_announced_ = false;
  /// Calls whose answers are on their way, by how much must be sent until they are there.
  struct carried_call {
    std::uint64_t sent = 0;
    call_id call{};
  };
  std::deque<carried_call> carried_;
};

/// Starts the session actor; a child start function of the supervisor calls it.
[[nodiscard]] session_actor spawn_session(caf::local_actor* parent, session_actor_options options,
                                          checkpoint last);

} // namespace nats_mcp
