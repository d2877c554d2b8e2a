// SPDX-License-Identifier: MIT
// The contract on the model: whatever the real server does and this one does not is a failure here
// or in nats_gateway.test.cpp.
#include "tests/contract/gateway_contract.hpp"
#include "tests/contract/sim_world.hpp"

namespace nats_mcp::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(simulated, gateway_contract, sim_world);

} // namespace nats_mcp::testing
