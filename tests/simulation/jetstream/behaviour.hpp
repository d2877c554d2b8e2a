// SPDX-License-Identifier: MIT
// What one modelled server does otherwise than the next: versions differ, and tests may ask for a
// falsehood.
#pragma once

#include "tests/simulation/jetstream/mutation.hpp"

namespace nats_mcp::simulation {

/// What a server looks at first in a message with an id and an expected sequence. A repeated
/// compare-and-set is answered "duplicate" by the one and "wrong last sequence" by the other.
enum class check_order : std::uint8_t { message_id_first, expected_sequence_first };

struct behaviour {
  check_order order = check_order::message_id_first;
  mutation falsehood = mutation::none;

  [[nodiscard]] bool is(mutation one) const noexcept { return falsehood == one; }
};

} // namespace nats_mcp::simulation
