// SPDX-License-Identifier: MIT
// The threads that serve connections: started when there is nobody free, up to a bound; joined with
// this object. What waits for one of them is bounded as well.
#pragma once

#include "transport/http/awaited_heads.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace nats_mcp::transport {

/// @threadsafe
class connection_threads {
public:
  struct options {
    std::size_t threads_max = 0;
    std::size_t waiting_max = 0;
    /// Serves one connection and returns; must not throw. Called by one of the threads.
    std::function<void(begun_connection)> serve;
  };

  explicit connection_threads(options choice);
  /// What waits is closed unserved; waits for those that are served.
  ~connection_threads();
  connection_threads(const connection_threads&) = delete;
  connection_threads& operator=(const connection_threads&) = delete;

  /// @returns the connection again if there is no room for it, or no thread can be had.
  [[nodiscard]] begun_connection give(begun_connection connection);

private:
  void run();

  const options options_;
  std::mutex mutex_;
  std::condition_variable given_;
  std::deque<begun_connection> waiting_;
  std::size_t idle_ = 0;
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

} // namespace nats_mcp::transport
