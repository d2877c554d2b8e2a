// SPDX-License-Identifier: MIT
// What libFuzzer calls. Compiled once for each target, which FUZZ_TARGET names.
#include "tests/fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nats_mcp::fuzz::FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
