// SPDX-License-Identifier: MIT
// Forks of this program that report lines over a pipe each: a worker that is ended by what it tries
// out is one finding, not the end of the search.
#pragma once

#include "protocol/error.hpp"

#include "transport/process/descriptor.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nats_mcp::testing {

class forked_workers {
public:
  /// What a worker does; `reports` is for `report_line`.
  using life = std::function<void(int reports)>;
  /// Workers are numbered in the order in which they were started, from 0.
  struct listener {
    std::function<void(std::size_t worker, const std::string& line)> on_line;
    /// @param wait_status as `waitpid` tells it.
    std::function<void(std::size_t worker, int wait_status)> on_end;
  };

  /// Starts one more, which ends after `lives`. @returns `ec::system_error` when no process or pipe
  /// could be made.
  [[nodiscard]] result<void> start(const life& lives);

  /// Returns when all of them have ended.
  void listen(const listener& to);

private:
  struct worker {
    ::pid_t pid = -1;
    transport::descriptor reports;
    std::string unread;
  };

  void read(std::size_t number, const listener& to);

  std::vector<worker> workers_;
};

/// For a worker, which ends when nobody listens any more. @param line without a line feed.
void report_line(int reports, std::string_view line);

/// "its process was ended by signal 9", "its process ended with 1".
[[nodiscard]] std::string how_it_ended(int wait_status);

} // namespace nats_mcp::testing
