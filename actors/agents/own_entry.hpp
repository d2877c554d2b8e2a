// SPDX-License-Identifier: MIT
// This process's own place in the registry: whether it is an agent, which one, and everything it
// writes as that agent. Writes happen one after another. Part of the registry actor's state; all
// callbacks happen inside that actor.
#pragma once

#include "protocol/agents/buckets.hpp"
#include "protocol/agents/entry_update.hpp"
#include "protocol/agents/liveness.hpp"
#include "protocol/agents/registration.hpp"
#include "protocol/tools/agent_tools.hpp"

#include "actors/agent_messages.hpp"
#include "actors/agents/change_queue.hpp"
#include "actors/agents/former_guids.hpp"
#include "actors/agents/process_identity.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/script_runner.hpp"
#include "actors/streams/stream_keeper.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

class own_entry {
public:
  /// What a restarted registry continues with.
  struct memory {
    std::optional<agents::holding> held;
    /// When nobody else held it for certain.
    monotonic_time confirmed_at = monotonic_time::min();
    std::string lost_because;
    /// Who may have been this agent before; while held.
    std::optional<agents::guid_holder> predecessor;
    /// Other GUIDs whose mail is read; while held.
    std::vector<std::string> former_guids{};
    /// When this process began.
    std::optional<monotonic_time> began_at{};
  };

  struct surroundings {
    process_identity process;
    std::chrono::milliseconds heartbeat_interval{0};
    std::uint32_t replicas = 1;
    key_caller keys;
    api_caller api;
    stream_keeper* streams = nullptr;
    /// The server's clock; told what registration learns.
    agents::server_clock* server_time = nullptr;
    std::function<monotonic_time()> now;
    runtime world;
    /// Called whenever who this process is, or what `remembered` gives, has changed.
    std::function<void()> changed;
  };

  own_entry(surroundings around, memory last);

  /// Registers, or changes what was registered.
  void register_as(nats_mcp::register_as request, finished<tools::register_agent_result> done);
  void change_presence(const nats_mcp::change_presence& request,
                       finished<tools::update_presence_result> done);
  void change_handle(const nats_mcp::change_handle& request,
                     finished<tools::set_handle_result> done);
  void deregister(monotonic_time deadline, finished<tools::deregister_agent_result> done);
  /// See the message of that name.
  void confirm(monotonic_time deadline, finished<agent_identity> done);
  void beat(const beat_report& report, monotonic_time deadline);
  /// Writes again what would expire.
  void rewrite(monotonic_time deadline);
  /// Says offline, at once and without waiting to be heard, and once more when a change under way
  /// is over. No change is taken on any more.
  void say_goodbye(monotonic_time deadline);

  [[nodiscard]] identity_changed identity() const;
  [[nodiscard]] const memory& remembered() const noexcept { return memory_; }
  /// Until when what is sent as this agent may be under way. @pre it is one
  [[nodiscard]] monotonic_time send_until() const;
  /// Something may be sent as this agent until then, or until it is over.
  [[nodiscard]] std::uint64_t send_begins(monotonic_time until);
  void send_is_over(std::uint64_t send) { sends_.erase(send); }
  /// By which visibility is decided.
  [[nodiscard]] agents::principal principal() const;

private:
  void ensure_buckets(monotonic_time deadline, finished<void> done);
  using register_request = std::shared_ptr<const nats_mcp::register_as>;
  result<agents::registration::request> registration_of(const nats_mcp::register_as& request);
  void run_registration(const register_request& what, finished<tools::register_agent_result> done);
  void registered(const register_request& what, const agents::registration& script,
                  monotonic_time began, const finished<tools::register_agent_result>& done);
  /// Looks which mail of GUIDs that are gone is this agent's. @param at_once it has just registered
  void look_for_former_guids(bool at_once);
  /// Writes `record` as this agent's, and says what is held then; a conflict is a loss. @pre held,
  /// and its turn
  void write(agents::agent_record record, agents::entry_update::extent what,
             monotonic_time deadline, finished<agents::holding> done);
  /// Writes `record`, and goes on with it. @pre as `write`
  void update(agents::agent_record record, agents::entry_update::extent what,
              monotonic_time deadline, finished<void> done);
  void write_goodbye(monotonic_time deadline);
  /// Over the last known revision only: a successor's entry is not this process's to end.
  void write_ended(const agents::holding& held, agents::agent_record record,
                   monotonic_time deadline);
  [[nodiscard]] agents::agent_record ended_record() const;
  /// Who kept this process from returning, unless it was there after this process began.
  [[nodiscard]] std::optional<tools::likely_predecessor>
  told(const std::optional<agents::guid_holder>& predecessor) const;
  /// Whether something that was sent as this agent may still be repeated.
  [[nodiscard]] bool may_be_sending();
  /// Whoever comes next finds this GUID and its former ones by `to`, and by `from` no longer.
  void move_way_back(const std::string& from, const std::string& to, monotonic_time deadline);
  /// `then`, if these GUIDs are found by it.
  void find_back_as(const std::string& handle, const std::vector<std::string>& guids,
                    monotonic_time deadline, std::function<void()> then);
  void prove(monotonic_time deadline, const finished<agent_identity>& done);
  void lose();
  void become_nobody(std::string because);
  [[nodiscard]] bool is_sure();
  /// Whether the computer was asleep since the last look: nothing that was sure is sure now.
  bool slept();
  void lose_way_back_as(const std::string& handle, const std::vector<std::string>& guids,
                        monotonic_time deadline);
  [[nodiscard]] std::chrono::milliseconds sure_for() const;
  [[nodiscard]] agent_identity spoken() const;
  [[nodiscard]] error not_held() const;
  [[nodiscard]] agents::returning_agent returning(const std::string& handle) const;

  surroundings around_;
  memory memory_;
  std::chrono::nanoseconds asleep_before_{0};
  change_queue changes_;
  former_guids former_guids_;
  bool look_again_at_once_ = false;
  /// Until when each may be under way.
  std::map<std::uint64_t, monotonic_time> sends_;
  std::uint64_t sends_begun_ = 0;
  /// The agent's end is being written: nobody speaks as it any more.
  bool leaving_ = false;
  /// What this process becomes when it registers and cannot return; drawn anew after a success.
  std::string new_guid_;
};

} // namespace nats_mcp
