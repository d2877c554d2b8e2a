// SPDX-License-Identifier: MIT
// A client with none of our code that writes keys into a bucket of its own while others are tried:
// what it was told is stored and is gone later was lost by nats-server alone. With it, a record
// that is missing in the end can be told from one that we lost.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace nats_mcp::testing {

class store_witness {
public:
  /// Writes until it ends, a few keys a second, whether or not somebody listens at the port.
  /// @param kept_for the bucket's `max_age`
  store_witness(std::uint16_t nats_port, std::chrono::milliseconds kept_for);
  store_witness(const store_witness&) = delete;
  store_witness& operator=(const store_witness&) = delete;
  ~store_witness();

  /// Looks for every key that was acknowledged and has to be there still. Throws
  /// `std::runtime_error` when nobody answers.
  void look();
  [[nodiscard]] std::size_t acknowledged() const;
  /// How many of those looked for so far were gone.
  [[nodiscard]] std::size_t forgotten() const;

private:
  using clock = std::chrono::steady_clock;

  void write();

  const std::uint16_t port_;
  const std::chrono::milliseconds kept_for_;
  mutable std::mutex mutex_;
  std::map<std::string, clock::time_point> keys_;
  std::size_t acknowledged_ = 0;
  std::size_t forgotten_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread writing_;
};

} // namespace nats_mcp::testing
