// SPDX-License-Identifier: MIT
// The program's log: one line for each event, on standard error and nowhere else. The library
// behind it is included by one source file only.
#pragma once

#include "protocol/logging/event.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace nats_mcp::transport {

/// Writes events that are severe enough. What nobody reads for `limits::log_wait_max` is dropped
/// and counted, and the next line that gets through says how many were: a log must not stop the
/// program.
/// @threadsafe
class logger {
public:
  struct options {
    /// Where lines go; not owned. Standard error except in tests.
    int descriptor_number = 2;
    logging::level least = logging::level::info;
    logging::format form = logging::format::text;
    /// The time of an event; called by any thread.
    std::function<wall_time()> now;
  };

  explicit logger(options choice);
  ~logger();

  logger(const logger&) = delete;
  logger& operator=(const logger&) = delete;

  /// Writes the event, redacted, unless it is below the least level.
  void write(const logging::event& happened);

  /// Whether events of this severity are written; spares making them.
  [[nodiscard]] bool enabled(logging::level severity) const noexcept;

  /// Changes the level: the configuration may be read after the first events.
  void set_least(logging::level least) noexcept;
  void set_form(logging::format form) noexcept;

  /// Lines nobody read.
  [[nodiscard]] std::uint64_t dropped() const noexcept;

private:
  class sink;
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace nats_mcp::transport
