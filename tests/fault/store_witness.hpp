// SPDX-License-Identifier: MIT
// A client with none of our code that writes keys into a bucket of its own, as records of work are
// written: each a few times, in a bucket that keeps the last value for some minutes. What it was
// told is stored and is gone before its time was lost by nats-server alone.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace nats_mcp::testing {

class store_witness {
public:
  struct options {
    std::uint16_t nats_port = 0;
    /// The bucket's `max_age`. An eighth of it before its end a key is not looked for any more.
    std::chrono::milliseconds kept_for{0};
    /// Between two writes.
    std::chrono::microseconds pause{0};
    std::uint64_t seed = 1;
  };

  /// Writes until it ends, whether or not somebody listens at the port.
  explicit store_witness(const options& choice);
  store_witness(const store_witness&) = delete;
  store_witness& operator=(const store_witness&) = delete;
  ~store_witness();

  /// Looks for every key of which a write was acknowledged and that has to be there still. Throws
  /// `std::runtime_error` when nobody answers.
  void look();
  /// Keys of which a write was acknowledged.
  [[nodiscard]] std::size_t acknowledged() const;
  /// How many of those looked for so far were gone.
  [[nodiscard]] std::size_t forgotten() const;

private:
  using clock = std::chrono::steady_clock;
  struct unfinished_key {
    std::string name;
    unsigned writes_left = 0;
  };

  void write();
  [[nodiscard]] unfinished_key& next_key();
  [[nodiscard]] std::size_t number_between(std::size_t least, std::size_t most);

  const options options_;
  mutable std::mutex mutex_;
  /// By key, from when its age counts at the earliest.
  std::map<std::string, clock::time_point> keys_;
  std::size_t acknowledged_ = 0;
  std::size_t forgotten_ = 0;
  std::atomic<bool> stopping_{false};
  /// Of the writing thread.
  std::mt19937_64 chance_;
  std::vector<unfinished_key> unfinished_;
  std::size_t last_ = 0;
  std::thread writing_;
};

} // namespace nats_mcp::testing
