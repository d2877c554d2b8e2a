// SPDX-License-Identifier: MIT
// How a soak divides its time between work, faults and rests.
#pragma once

#include <chrono>

namespace nats_mcp::testing {

/// How the time is divided.
struct soak_times {
  std::chrono::milliseconds work;
  std::chrono::milliseconds between_faults_min;
  std::chrono::milliseconds between_faults_max;
  std::chrono::milliseconds between_samples;
  /// A rest lasts until nothing that is counted is more than at the rest before: who was killed
  /// leaves consumers that the server keeps for up to a minute.
  std::chrono::milliseconds rest_max;
  std::chrono::milliseconds between_readings;
};
[[nodiscard]] inline soak_times long_times(std::chrono::milliseconds total) {
  // So that each third has enough rests.
  constexpr int rests = 24;
  using std::chrono::seconds;
  return {total / rests, seconds{8}, seconds{25}, seconds{5}, seconds{100}, seconds{1}};
}
inline constexpr soak_times short_times{
  std::chrono::seconds{5},        std::chrono::seconds{1},         std::chrono::seconds{3},
  std::chrono::milliseconds{500}, std::chrono::milliseconds{1500}, std::chrono::milliseconds{100}};

} // namespace nats_mcp::testing
