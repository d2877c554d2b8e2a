// SPDX-License-Identifier: MIT
// The contract on the real gateway and a real nats-server.
#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(real, gateway_contract, real_world);

} // namespace nats_mcp::testing
