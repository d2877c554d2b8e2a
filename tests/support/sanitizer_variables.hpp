// SPDX-License-Identifier: MIT
// What a build with sanitizers was told goes on to the processes of its tests, which get an
// environment of their own otherwise.
#pragma once

#include <cstdlib>
#include <map>
#include <string>

namespace nats_mcp::testing {

inline std::map<std::string, std::string> sanitizer_variables() {
  std::map<std::string, std::string> out;
  for (const auto* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    if (const auto* text = std::getenv(name)) {
      out[name] = text;
    }
  }
  return out;
}

} // namespace nats_mcp::testing
