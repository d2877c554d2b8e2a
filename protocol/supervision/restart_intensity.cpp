// SPDX-License-Identifier: MIT
#include "protocol/supervision/restart_intensity.hpp"

namespace nats_mcp::supervision {

bool restart_intensity::admit(monotonic_time now) {
  while (!recent_.empty() && now - recent_.front() > options_.period) {
    recent_.pop_front();
  }
  recent_.push_back(now);
  if (recent_.size() <= options_.restarts_max) {
    return true;
  }
  if (recent_.size() > options_.restarts_max + 1) {
    recent_.pop_front();
  }
  return false;
}

} // namespace nats_mcp::supervision
