// SPDX-License-Identifier: MIT
// What a coordinator tells whoever wants to look at it: the page, a scraper of metrics, whoever
// asks whether it is ready.
#pragma once

#include "protocol/coordination/overview.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>
#include <vector>

namespace nats_mcp {

/// What the page shows now. Answered with every part (protocol/coordination/overview.hpp), changed
/// or not; whoever asks compares.
struct page_query {};

struct page_parts {
  std::vector<coordination::overview_event> parts;
  /// Why some of it may be old, in words; empty when none is.
  std::string stale{};
};

/// The numbers, in Prometheus's text format (protocol/coordination/metrics.hpp); those of the
/// process alone while the others would be old.
struct metrics_query {};

struct metrics_text {
  std::string text;
};

/// Whether this process can do what it is for: it is connected, and leads and can act, or knows who
/// leads.
struct readiness_query {};

struct readiness {
  bool is_ready = false;
  /// Why not, in words; empty when it is.
  std::string reason;
};

/// OVERVIEW: sees all agents, channels and work, and says what it sees. Watches only while somebody
/// has asked of late.
using overview_actor = caf::typed_actor<caf::replies_to<page_query>::with<page_parts>,
                                        caf::replies_to<metrics_query>::with<metrics_text>,
                                        caf::replies_to<readiness_query>::with<readiness>>;

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::page_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::page_parts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::metrics_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::metrics_text)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::readiness_query)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::readiness)
