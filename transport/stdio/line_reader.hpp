// SPDX-License-Identifier: MIT
// The thread that reads the client's lines. It does nothing else: bytes, framing, queue.
#pragma once

#include "protocol/jsonrpc/framing.hpp"

#include "transport/process/wake_up.hpp"
#include "transport/stdio/input_queue.hpp"

#include <functional>
#include <string_view>
#include <thread>

namespace nats_mcp::transport {

/// Reads until the end of input, an error (which is treated as the end) or `stop`. When the queue
/// is full it waits and does not read, so the client waits in its own write.
class line_reader {
public:
  /// @param descriptor_number is not owned and stays open at least as long as this object.
  /// @param queue likewise.
  /// @param before_waiting see `client_link::options`.
  line_reader(int descriptor_number, input_queue& queue,
              std::function<void(std::size_t)> before_waiting);
  ~line_reader();

  line_reader(const line_reader&) = delete;
  line_reader& operator=(const line_reader&) = delete;

  /// Starts the thread; once.
  void start();

  /// The thread ends soon, whatever it waits for. @threadsafe
  void stop();

private:
  enum class wait_result { readable, stopped };

  void read_all();
  [[nodiscard]] wait_result wait_for_bytes() const;
  [[nodiscard]] bool deliver(std::string_view chunk);
  [[nodiscard]] bool deliver(jsonrpc::framed_line line);
  void announce_wait();

  const int descriptor_number_;
  input_queue& queue_;
  const std::function<void(std::size_t)> before_waiting_;
  std::size_t lines_handed_over_ = 0;
  wake_up wake_up_;
  jsonrpc::framing framing_;
  std::thread thread_;
};

} // namespace nats_mcp::transport
