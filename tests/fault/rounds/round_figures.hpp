// SPDX-License-Identifier: MIT
// How often each kind of fault was tried, and how long it took until everybody worked again.
#pragma once

#include <chrono>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class round_figures {
public:
  void add(const std::string& kind, std::chrono::milliseconds recovery) {
    recoveries_[kind].push_back(recovery);
  }
  /// A line for each kind.
  void print(std::ostream& out) const;

private:
  std::map<std::string, std::vector<std::chrono::milliseconds>> recoveries_;
};

} // namespace nats_mcp::testing
