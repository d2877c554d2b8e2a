// SPDX-License-Identifier: MIT
// Finds one agent, by its GUID or by a handle, among those that may be seen. Who may not be seen is
// not found in the same words as who does not exist. Part of the registry actor's state; all
// callbacks happen inside that actor.
#pragma once

#include "protocol/agents/visibility.hpp"
#include "protocol/error.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"

#include "actors/agents/agent_view.hpp"
#include "actors/agents/change_queue.hpp"
#include "actors/runtime.hpp"
#include "actors/streams/script_runner.hpp"

#include <functional>
#include <string>

namespace nats_mcp {

class agent_finder {
public:
  struct surroundings {
    key_caller keys;
    agent_view* view = nullptr;
    const agents::server_clock* server_time = nullptr;
    /// Who looks.
    std::function<agents::principal()> viewer;
    /// Called whenever the view is used.
    std::function<void()> view_used;
    runtime world;
  };

  explicit agent_finder(surroundings around);

  /// @param handle counts when `guid` is empty. Errors: `not_found`, `invalid_argument` when the
  /// handle is not unique (the candidates are listed), and those of the commands.
  void find(const std::string& guid, const std::string& handle, monotonic_time deadline,
            finished<tools::agent_summary> done);

private:
  struct lookup;

  /// At most four exact keys and their signs of life: the view is not needed.
  void look_at_keys(const std::string& guid, monotonic_time deadline,
                    finished<tools::agent_summary> done);
  void look_at_view(const std::string& guid, const std::string& handle, monotonic_time deadline,
                    finished<tools::agent_summary> done);
  [[nodiscard]] result<tools::agent_summary> shown(const std::string& guid,
                                                   const std::string& handle) const;

  surroundings around_;
};

} // namespace nats_mcp
