// SPDX-License-Identifier: MIT
// Whether a leader can make what it needs to act, and for how long it could not: one that may write
// who leads need not be allowed to make streams. Pure.
#pragma once

#include "protocol/limits/coordination.hpp"
#include "protocol/time.hpp"

#include <optional>
#include <string>
#include <utility>

namespace nats_mcp::coordination {

class leader_ability {
public:
  void worked() {
    problem_.clear();
    unable_since_.reset();
  }
  /// @returns whether this is another sentence than the last one.
  [[nodiscard]] bool failed(std::string why, monotonic_time now) {
    unable_since_ = unable_since_.value_or(now);
    const bool is_new = why != problem_;
    problem_ = std::move(why);
    return is_new;
  }
  /// It does not lead at this moment: the time begins anew, but nothing is solved.
  void rests() noexcept { unable_since_.reset(); }

  /// Another one should try.
  [[nodiscard]] bool is_hopeless(monotonic_time now) const noexcept {
    return unable_since_ && now - *unable_since_ >= limits::leader_unable_max;
  }
  /// What it cannot do, in words; empty while it can, as far as known.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

private:
  std::string problem_;
  std::optional<monotonic_time> unable_since_;
};

} // namespace nats_mcp::coordination
