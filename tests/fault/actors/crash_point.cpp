// SPDX-License-Identifier: MIT
#include "tests/fault/actors/crash_point.hpp"

#include <stdexcept>

namespace nats_mcp::fault {

void crash_point::look(const std::string& process, std::string_view part) {
  const auto actor = process + "/" + std::string{part};
  const actor_fault here{actor, ++counts_[actor]};
  if (!struck_ && chooses_ && chooses_(here)) {
    fault_ = here;
  }
  if (here == fault_) {
    struck_ = true;
    throw std::runtime_error{"the fault test wants it so"};
  }
}

} // namespace nats_mcp::fault
