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

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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
  /// rest when these are empty; one whose mail cannot be counted is left out until the next look.
  /// Errors: `conflict` when agents of this name return to another GUID, and those of the commands
  /// that read the list. @pre no look is under way
  void look(wish what, finished<std::vector<std::string>> done);
  /// All that are this process's, with mail or without, as of the last look.
  [[nodiscard]] const std::vector<std::string>& adopted() const noexcept { return adopted_; }
  /// A sign of life was given: whether it is time for a look.
  [[nodiscard]] bool due_at_beat();
  /// This process is another agent from now on, or none.
  void forget();

private:
  struct looking;
  using looking_ptr = std::shared_ptr<looking>;

  void note_adopted(const agents::adoption::outcome& found);
  void count_next(const looking_ptr& look);
  void counted(const looking_ptr& look);
  [[nodiscard]] static bool may_go(const agents::adoption::former& one, std::size_t listed);

  surroundings around_;
  std::vector<std::string> adopted_;
  /// Those that are not free yet, as the last look saw them.
  std::map<std::string, agents::watched_holder> watched_;
  std::optional<monotonic_time> looked_at_;
  bool any_ = false;
  unsigned beats_ = 0;
};

} // namespace nats_mcp
