// SPDX-License-Identifier: MIT
#include "tests/simulation/world/trace.hpp"

#include <string>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// FNV-1a.
constexpr std::uint64_t prime = 0x100000001b3U;

std::uint64_t ticks(monotonic_time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

/// Seconds since the clock began, to the microsecond.
std::string seconds(monotonic_time time) {
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch());
  auto fraction = std::to_string(whole.count() % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return std::to_string(whole.count() / 1'000'000) + "." + fraction;
}

} // namespace

trace::trace(reader reads)
  : reads_{std::move(reads)} {
  // nop
}

void trace::note(monotonic_time now, std::string_view who, std::string_view what) {
  mix(ticks(now));
  mix(who);
  mix(what);
  if (reads_) {
    auto line = seconds(now);
    line.append(" ").append(who).append(": ").append(what);
    reads_(line);
  }
}

void trace::turn(monotonic_time now, std::uint64_t actor, std::string_view name) {
  ++turns_;
  mix(ticks(now));
  mix(actor);
  mix(name);
}

void trace::mix(std::uint64_t word) noexcept {
  hash_ = (hash_ ^ word) * prime;
  hash_ ^= hash_ >> 29U;
}

void trace::mix(std::string_view text) noexcept {
  for (const auto letter : text) {
    hash_ = (hash_ ^ static_cast<unsigned char>(letter)) * prime;
  }
  mix(text.size());
}

} // namespace nats_mcp::simulation
