// SPDX-License-Identifier: MIT
// Which nats-server a test talks to. Versions answer some requests differently; a test that knows
// of such a difference chooses what it expects by this, in the open.
#pragma once

#include <compare>

namespace nats_mcp::testing {

struct server_version {
  int major = 0;
  int minor = 0;
  int patch = 0;

  friend auto operator<=>(const server_version&, const server_version&) = default;
};

} // namespace nats_mcp::testing
