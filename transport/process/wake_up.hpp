// SPDX-License-Identifier: MIT
// Gets a thread out of poll(): a descriptor that becomes readable once and stays so.
#pragma once

#include "transport/process/descriptor.hpp"

namespace nats_mcp::transport {

/// @threadsafe
class wake_up {
public:
  wake_up();

  /// Becomes readable with `ring`.
  [[nodiscard]] int number() const noexcept { return event_.number(); }

  void ring() const noexcept;

private:
  descriptor event_;
};

} // namespace nats_mcp::transport
