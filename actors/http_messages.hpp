// SPDX-License-Identifier: MIT
// The part that answers what is asked over HTTP, and its messages. All of them stay inside one
// process.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>

namespace nats_mcp {

/// A question waits at the door (transport/http), or the first page was opened or the last one
/// closed. Losing this message loses nothing: the next one takes all of it.
struct http_news {};

/// INTERNAL: it is time to look what is different.
struct http_look_due {
  std::uint64_t generation = 0;
};

/// HTTP: answers what is asked over HTTP, and tells open pages what is different, by asking others.
using http_actor = caf::typed_actor<caf::reacts_to<http_news>,
                                    /// INTERNAL
                                    caf::reacts_to<http_look_due>>;

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::http_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::http_look_due)
