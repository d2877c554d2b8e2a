// SPDX-License-Identifier: MIT
#include "actors/supervision/supervision_event.hpp"

namespace nats_mcp {

std::string_view to_string(supervision_event::kind what) noexcept {
  switch (what) {
    case supervision_event::kind::started:
      return "started";
    case supervision_event::kind::start_failed:
      return "start_failed";
    case supervision_event::kind::ended:
      return "ended";
    case supervision_event::kind::restart_scheduled:
      return "restart_scheduled";
    case supervision_event::kind::given_up:
      return "given_up";
    case supervision_event::kind::stopped:
      return "stopped";
    case supervision_event::kind::killed:
      return "killed";
    case supervision_event::kind::abandoned:
      return "abandoned";
    case supervision_event::kind::survived:
      return "survived";
  }
  return "ended";
}

} // namespace nats_mcp
