// SPDX-License-Identifier: MIT
// Which message ids a stream has seen lately. A repeated publish inside the window is answered with
// the first one's sequence and not stored.
#pragma once

#include "tests/simulation/jetstream/instant.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace nats_mcp::simulation {

class duplicate_window {
public:
  /// The sequence stored under `id` less than `window` ago. A repetition does not prolong it.
  [[nodiscard]] std::optional<std::uint64_t> find(const std::string& id, instant now,
                                                  std::chrono::nanoseconds window);

  void remember(std::string id, std::uint64_t sequence, instant now);

  void clear();

private:
  struct seen {
    std::uint64_t sequence = 0;
    instant at{};
  };

  std::map<std::string, seen> ids_;
  /// Oldest first, to forget without searching.
  std::multimap<instant, std::string> by_age_;
};

} // namespace nats_mcp::simulation
