// SPDX-License-Identifier: MIT
// The pages of discover_agents. Agents move to the front of an answer with every sign of life, so
// what lay behind the first page is kept in its order for whoever asks for the next one: no agent
// that is there all the time is left out or shown twice, whatever moves meanwhile.
#pragma once

#include "protocol/agents/agent_directory.hpp"
#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

namespace nats_mcp::agents {

class discovery_pages {
public:
  /// @param directory outlives this
  discovery_pages(const agent_directory* directory, random_source random);

  /// The page that is asked for: the first one of what is there now, or one behind a cursor. There,
  /// agents are shown as they are now, and those that do not match any more are left out. A cursor
  /// stands for the filters it was made with; only the limit may change.
  /// @returns `ec::invalid_argument` for a cursor that no answer gave or that is given with another
  /// filter, `ec::not_found` for one that is too old.
  result<tools::discover_agents_result> page(const tools::discover_agents_arguments& what,
                                             wall_time server_now);

private:
  /// How many discoveries can be gone on with, the newest, and most agents kept for that: 5 MB.
  static constexpr std::size_t kept_max = 16;
  static constexpr std::size_t kept_agents_max = 100'000;

  /// What lay behind the first page of one discovery.
  struct kept_discovery {
    std::uint64_t id = 0;
    std::uint64_t total = 0;
    tools::discover_agents_arguments filters;
    std::vector<found_agent> agents;
    bool sorted = false;
  };

  result<tools::discover_agents_result> first_page(const tools::discover_agents_arguments& what,
                                                   wall_time server_now);
  tools::discover_agents_result page_of(kept_discovery& found, std::size_t from, std::int64_t limit,
                                        wall_time server_now) const;
  [[nodiscard]] std::uint64_t keep(std::uint64_t total, tools::discover_agents_arguments filters,
                                   std::vector<found_agent> agents);

  const agent_directory* directory_;
  random_source random_;
  std::deque<kept_discovery> kept_;
};

} // namespace nats_mcp::agents
