// SPDX-License-Identifier: MIT
// The messages to the part that keeps the dead letters. All of them stay inside one process.
#pragma once

#include "protocol/time.hpp"
#include "protocol/tools/dead_letter_tools.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>

namespace nats_mcp {

struct list_dead_letters {
  tools::list_dead_letter_items_arguments arguments;
  monotonic_time deadline;
};
struct retry_dead_letters {
  tools::retry_dead_letter_item_arguments arguments;
  monotonic_time deadline;
};
struct discard_dead_letter {
  tools::discard_dead_letter_item_arguments arguments;
  monotonic_time deadline;
};

/// INTERNAL: it is time to look for what is dead.
struct sweep_due {
  std::uint64_t generation = 0;
};

} // namespace nats_mcp

// These types never leave the process, so CAF needs no way to serialize them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::list_dead_letters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::retry_dead_letters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::discard_dead_letter)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::sweep_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::list_dead_letter_items_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::retry_dead_letter_item_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::tools::discard_dead_letter_item_result)
