// SPDX-License-Identifier: MIT
// Conversations with the registry's buckets: registration and every later write of an agent's
// entries are such scripts (protocol/jetstream/script.hpp).
#pragma once

#include "protocol/jetstream/script.hpp"

#include <variant>

namespace nats_mcp::agents {

using key_command = std::variant<jetstream::kv_get, jetstream::kv_put, jetstream::kv_delete>;
using key_answer = std::variant<jetstream::kv_lookup, jetstream::kv_revision>;
using key_script = jetstream::script<key_command, key_answer>;
/// The answers to one round of commands, in their order.
using key_round = jetstream::script_round<key_answer>;

using jetstream::entry_in;
using jetstream::first_lookup_failure;
using jetstream::is_conflict;
using jetstream::look_up;
using jetstream::lookup_failure;
using jetstream::revision_in;
using jetstream::write_failure;

} // namespace nats_mcp::agents
