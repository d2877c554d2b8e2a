// SPDX-License-Identifier: MIT
// What the registry shows of other agents: watches over the keys that may be seen, opened on first
// use, and a snapshot of signs of life when the last one is old. Part of the registry actor's
// state; all callbacks happen inside that actor.
#pragma once

#include "protocol/agents/agent_directory.hpp"
#include "protocol/agents/discovery_pages.hpp"
#include "protocol/agents/liveness.hpp"
#include "protocol/agents/visibility.hpp"
#include "protocol/identifiers.hpp"

#include "actors/agents/presence_reader.hpp"
#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

class agent_view {
public:
  struct surroundings {
    asking_actor<registry_actor>* owner = nullptr;
    gateway_actor gateway;
    /// The actor's stable handle, so that a restarted one goes on hearing.
    gateway_listener_actor listener;
    agents::server_clock* server_time = nullptr;
    runtime world;
  };
  using ready = std::function<void(const result<void>&)>;

  explicit agent_view(surroundings around);

  /// Calls `done` when `directory` shows what `viewer` may see and what was there when this was
  /// called. What NATS does not let this process see it may not see; only where that is everything,
  /// it is an error.
  void refresh(const agents::principal& viewer, monotonic_time deadline, const ready& done);

  /// Opens what is not open, for its changes alone; closes what `viewer` may not see. Whatever
  /// cannot be opened is left closed.
  void open(const agents::principal& viewer, monotonic_time deadline);

  /// Ends all watches and forgets what they showed.
  void close();

  /// @returns whether anything is different now.
  bool changed(const jetstream::kv_change& change);
  void event(const jetstream::kv_watch_event& event);
  void connection_changed(const jetstream::connection_event& event);

  /// See `agent_directory`. @pre `refresh` has just succeeded
  bool look_who_is_there() { return directory_.look_who_is_there(judged_at()); }
  /// In how long that may find something else; nothing when nobody is there.
  [[nodiscard]] std::optional<std::chrono::milliseconds> next_look_in() const;

  /// One page of those that match. @pre `refresh` has just succeeded
  [[nodiscard]] result<tools::discover_agents_result>
  discover(const tools::discover_agents_arguments& what);

  [[nodiscard]] const agents::agent_directory& directory() const noexcept { return directory_; }
  [[nodiscard]] bool is_open() const noexcept { return !watches_.empty(); }
  /// What time it is at the server, as far as known.
  [[nodiscard]] wall_time server_now() const;
  /// The server's present when signs of life were read last: by it who is there is judged, since a
  /// later one has had no chance to be seen. `server_now` before that.
  [[nodiscard]] wall_time judged_at() const;

private:
  struct watch {
    jetstream::subscription_id id{};
    /// The patience of whoever opened it.
    monotonic_time opens_by{};
    /// The gateway has confirmed it.
    bool opened = false;
    /// Everything that was there when it was opened or begun again has come.
    bool complete = false;
    std::vector<ready> waiting;
  };
  struct looking;

  /// Unless it is watched already.
  void open_watch(const std::string& pattern, monotonic_time deadline);
  void opened(const std::string& pattern, jetstream::subscription_id id,
              const result<void>& outcome);
  /// @returns null for a pattern that is not watched any more.
  [[nodiscard]] watch* find(const std::string& pattern, jetstream::subscription_id id);
  /// Waits until the watch is open, then until it is current.
  void follow(const std::string& pattern, const std::shared_ptr<looking>& look);
  void catch_up(const std::string& pattern, const std::shared_ptr<looking>& look);
  void did_not_catch_up(const std::string& pattern, jetstream::subscription_id id,
                        const std::shared_ptr<looking>& look, const error& why);
  void caught_up(const std::shared_ptr<looking>& look, const result<void>& outcome);
  /// Leaves out what may not be seen.
  void leave_out_refused(looking& look) const;
  void refresh_presence(const std::shared_ptr<looking>& look);
  void read_presence();

  surroundings around_;
  presence_reader presence_;
  agents::agent_directory directory_;
  agents::discovery_pages pages_;
  std::map<std::string, watch> watches_;
  /// What NATS has refused to let this process watch, and why; asked for again with the next
  /// connection or view.
  std::map<std::string, error> refused_;
  /// When signs of life were read last, and of which keys.
  std::optional<monotonic_time> presence_read_at_;
  std::vector<std::string> presence_patterns_;
  std::optional<wall_time> judged_at_;
  /// The first of them is being served.
  std::vector<std::shared_ptr<looking>> presence_waiting_;
  bool connected_ = false;
};

} // namespace nats_mcp
