// SPDX-License-Identifier: MIT
// One invariant of a world, judged when the run is over, from what the clients saw and what the
// server holds. A checker knows nothing of how the world works; a history made by hand will do.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

class checker {
public:
  checker() = default;
  checker(const checker&) = delete;
  checker& operator=(const checker&) = delete;
  virtual ~checker() = default;

  /// What must hold, as a sentence.
  [[nodiscard]] virtual std::string_view invariant() const noexcept = 0;

  /// Every place where it does not, each as a sentence; empty when it holds.
  [[nodiscard]] virtual std::vector<std::string> violations() const = 0;
};

using checkers = std::vector<std::unique_ptr<checker>>;

} // namespace nats_mcp::simulation
