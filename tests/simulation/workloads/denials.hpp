// SPDX-License-Identifier: MIT
// The sentences of failed answers that promise that nothing was done: what such an answer says must
// be true. Everything else leaves open what happened.
#pragma once

#include <string_view>

namespace nats_mcp::simulation {

/// Whether the sentence promises that nothing was sent or stored.
[[nodiscard]] bool denies(std::string_view sentence) noexcept;

/// Whether the sentence says that it is not known what happened.
[[nodiscard]] bool leaves_open(std::string_view sentence) noexcept;

} // namespace nats_mcp::simulation
