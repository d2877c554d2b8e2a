// SPDX-License-Identifier: MIT
// What became of the work of a soak. Records are kept for minutes there, so that NATS and those who
// watch it come to hold as much as they ever will; so they are looked at again and again, and what
// was seen last of each counts.
#pragma once

#include "tests/fault/work_checker.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class soak_work {
public:
  /// How long records are kept; looks have to be closer together.
  static constexpr std::chrono::minutes records_kept_for{8};

  explicit soak_work(std::uint16_t nats_port) noexcept
    : port_{nats_port} {
    // nop
  }

  /// Has the server keep records for so long only, once there are any.
  void shorten_memory();
  /// Looks at every item something happened to since the last look, or that was not at its end
  /// then, and once more at those whose record has to be there still.
  /// @param now of the history
  void look(const std::vector<work_event>& events, std::chrono::milliseconds now);
  [[nodiscard]] std::vector<std::string> judge(const std::vector<work_event>& events,
                                               const work_rules& rules) const;
  /// Around a kill of nats-server: which records it has, and which of them it has no more. Nobody
  /// could take them away meanwhile, so it lost them itself, and they are not judged.
  void before_kill(const std::vector<work_event>& events, std::chrono::milliseconds now);
  void after_start(const std::vector<work_event>& events, std::chrono::milliseconds now);

  /// Items whose end was seen, and then their record was gone before its time, though nats-server
  /// had it after its last start.
  [[nodiscard]] std::size_t forgotten() const;
  [[nodiscard]] std::size_t lost_by_server() const noexcept { return lost_by_server_.size(); }
  /// How many items ended as what.
  [[nodiscard]] std::map<std::string, std::size_t> ends() const;

private:
  std::uint16_t port_;
  bool is_short_ = false;
  std::size_t looked_at_ = 0;
  work_content content_;
  std::set<std::string> forgotten_;
  std::set<std::string> had_before_kill_;
  std::set<std::string> lost_by_server_;
};

} // namespace nats_mcp::testing
