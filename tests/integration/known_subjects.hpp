// SPDX-License-Identifier: MIT
// Every form of subject this product publishes to, as docs/wire.md describes them: written down a
// second time here, so that a subject some input led astray is noticed.
#pragma once

#include <string>
#include <string_view>

namespace nats_mcp::testing {

/// The family a subject belongs to, such as `channel` or `request to JetStream`; empty for one that
/// the product never publishes to. @param channel_namespace of the channels.
[[nodiscard]] std::string family_of(std::string_view subject, std::string_view channel_namespace);

} // namespace nats_mcp::testing
