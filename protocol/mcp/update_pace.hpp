// SPDX-License-Identifier: MIT
// How often the same thing is told again, where only the newest state counts: at once, and then at
// most once in an interval. What changed meanwhile is told once at its end, so the last change is
// never lost.
#pragma once

#include "protocol/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::mcp {

/// Grows with the number of different things; its user bounds them.
class update_pace {
public:
  explicit update_pace(monotonic_time::duration interval) noexcept;

  /// `what` has changed. @returns whether to tell it now; otherwise `take_due` names it later.
  [[nodiscard]] bool changed(const std::string& what, monotonic_time now);

  /// There is nothing to tell about `what` any more.
  void withdraw(std::string_view what);

  /// When `take_due` has something next.
  [[nodiscard]] std::optional<monotonic_time> next_due() const;

  /// What is to be told now.
  [[nodiscard]] std::vector<std::string> take_due(monotonic_time now);

private:
  struct pace {
    monotonic_time told;
    bool changed_since = false;
  };

  monotonic_time::duration interval_;
  std::map<std::string, pace, std::less<>> paces_;
};

} // namespace nats_mcp::mcp
