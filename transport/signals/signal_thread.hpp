// SPDX-License-Identifier: MIT
// Signals as calls on an ordinary thread, where everything may be done, instead of in a handler,
// where nothing may.
#pragma once

#include "transport/process/descriptor.hpp"
#include "transport/process/wake_up.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <thread>

namespace nats_mcp::transport {

enum class termination_signal : std::uint8_t { interrupt, terminate, hang_up };

/// Such as "SIGTERM".
[[nodiscard]] std::string_view to_string(termination_signal value) noexcept;

/// Blocks SIGINT, SIGTERM and SIGHUP in this thread and in all it will start, so that only a
/// `signal_thread` sees them, and ignores SIGPIPE for good: a client that went away is an error of
/// a write. In `main`, before any other thread exists. Child processes inherit the block and have
/// to lift it before they exec.
void prepare_signals();

/// Calls back once for each signal that arrives; signals that came since `prepare_signals` are not
/// lost. Several of the same kind that arrive while the callback runs count as one.
class signal_thread {
public:
  /// Starts the thread. @param on_signal runs on it. @pre `prepare_signals` was called.
  /// Throws std::system_error when the system has no descriptor or thread left.
  explicit signal_thread(std::function<void(termination_signal)> on_signal);

  /// Ends and joins the thread; no callback runs afterwards. Not from inside the callback.
  ~signal_thread();

  signal_thread(const signal_thread&) = delete;
  signal_thread& operator=(const signal_thread&) = delete;

private:
  void wait_for_signals();

  std::function<void(termination_signal)> on_signal_;
  descriptor signals_;
  wake_up stop_;
  std::thread thread_;
};

} // namespace nats_mcp::transport
