// SPDX-License-Identifier: MIT
// Tries every order in which something can happen: a run asks what comes next, and is run again
// until every answer was given at every point.
#pragma once

#include <cstddef>
#include <vector>

namespace nats_mcp::testing {

class choices {
public:
  /// One of `count` possibilities, from 0 on. @pre count > 0
  [[nodiscard]] std::size_t next(std::size_t count) {
    if (at_ == made_.size()) {
      made_.push_back({0, count});
    }
    return made_[at_++].taken;
  }

  /// Whether `next` comes to a point where no run has been.
  [[nodiscard]] bool is_new() const noexcept { return at_ == made_.size(); }

  /// Prepares the next run. @returns whether there is one that was not tried yet.
  [[nodiscard]] bool another() {
    at_ = 0;
    while (!made_.empty() && made_.back().taken + 1 == made_.back().count) {
      made_.pop_back();
    }
    if (made_.empty()) {
      return false;
    }
    ++made_.back().taken;
    return true;
  }

private:
  struct choice {
    std::size_t taken;
    std::size_t count;
  };
  std::vector<choice> made_;
  std::size_t at_ = 0;
};

} // namespace nats_mcp::testing
