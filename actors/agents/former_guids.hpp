// SPDX-License-Identifier: MIT
// The GUIDs that are this process's beside the one it speaks as: those of processes of its name
// that are gone. It looks which there are, counts the mail to them, and lets go of those that
// nobody writes to any more (docs/decisions/0021-former-inboxes.md). Part of the registry actor's
// state; all callbacks happen inside that actor.
#pragma once

#include "protocol/agents/adoption.hpp"
#include "protocol/agents/liveness.hpp"
#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "actors/agents/change_queue.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/script_runner.hpp"
#include "actors/streams/stream_keeper.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp {

class former_guids {
public:
  struct surroundings {
    key_caller keys;
    api_caller api;
    std::function<monotonic_time()> now;
    runtime world;
  };
  /// See `agents::adoption::request`.
  struct wish {
    agents::holding held;
    agents::principal self;
    std::string returning_key;
    agents::server_clock clock;
    bool at_once = false;
    monotonic_time deadline;
  };

  explicit former_guids(surroundings around);

  /// Which former inboxes there are mail in, the oldest first; of more than can be read at once the
  /// rest when these are empty; one of which NATS does not tell is what it was until the next look.
  /// Errors: `conflict` when agents of this name return to another GUID, and those of the commands
  /// that read the list; `cancelled` when this process became another agent meanwhile. @pre no look
  /// is under way
  void look(wish what, finished<std::vector<std::string>> done);
  [[nodiscard]] bool looking() const noexcept { return looking_; }
  /// All that are this process's, with mail or without, as of the last look.
  [[nodiscard]] const std::vector<std::string>& adopted() const noexcept { return adopted_; }
  /// A sign of life was given: whether it is time for a look.
  [[nodiscard]] bool due_at_beat();
  /// This process is another agent from now on, or none.
  void forget();

private:
  struct one_look;
  using look_ptr = std::shared_ptr<one_look>;

  void looked(const look_ptr& look, const result<agents::adoption::outcome>& end);
  void note(const agents::adoption::outcome& found);
  [[nodiscard]] bool is_open(const std::string& guid) const;
  /// Counts the mail to the next few.
  void count(const look_ptr& look);
  void count_one(const look_ptr& look, std::size_t which);
  void counted(const look_ptr& look);
  void let_go(const look_ptr& look);
  void finish(const look_ptr& look, result<std::vector<std::string>> end);
  [[nodiscard]] static bool may_go(const agents::adoption::former& one, std::size_t listed);

  surroundings around_;
  std::vector<std::string> adopted_;
  /// Those that are not free yet, as the last look saw them.
  std::map<std::string, agents::watched_holder> watched_;
  /// Those with mail, as of the last look.
  std::vector<std::string> open_;
  /// Those of which there is nothing to be found any more.
  std::set<std::string, std::less<>> settled_;
  std::optional<monotonic_time> looked_at_;
  bool looking_ = false;
  /// The next sign of life is to look as well: there is mail, or somebody who may be gone by then.
  bool soon_ = false;
  unsigned beats_ = 0;
  /// Tells a look for the agent this process is now from one for the agent it was.
  std::uint64_t agent_ = 0;
};

} // namespace nats_mcp
