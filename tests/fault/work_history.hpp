// SPDX-License-Identifier: MIT
// What agents did about work and what they were told, recorded while processes are killed: the
// history a checker judges afterwards (work_checker.hpp).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

enum class deed : std::uint8_t {
  offer,
  claim,
  complete,
  fail,
  fail_for_good,
  release,
  cancel,
  retry
};

enum class verdict : std::uint8_t {
  /// The tool said that it is so.
  done,
  /// The tool said that nothing was changed.
  refused,
  /// It may or may not have happened: no answer, or one that says so.
  unknown,
};

struct work_event {
  deed what = deed::offer;
  verdict how = verdict::unknown;
  /// One life of one process.
  std::string who{};
  std::string task{};
  /// Empty while the item has no id that is known.
  std::string item{};
  /// With `complete`: the summary, which no other completion has.
  std::string token{};
  /// With `claim`: the attempt's number.
  std::uint32_t attempt = 0;
  /// When the call was made and when it came back, since the history began.
  std::chrono::milliseconds begun{0};
  std::chrono::milliseconds ended{0};
};

[[nodiscard]] std::string_view to_text(deed what) noexcept;
[[nodiscard]] std::string_view to_text(verdict how) noexcept;
/// One line for a person.
[[nodiscard]] std::string to_text(const work_event& event);

/// Thread-safe.
class work_history {
public:
  void add(work_event event);
  [[nodiscard]] std::vector<work_event> events() const;
  /// For `begun` and `ended`.
  [[nodiscard]] std::chrono::milliseconds now() const;

  /// Waits until so many completions are done, or `within` is over. @returns how many are done.
  std::size_t wait_for_completions(std::size_t count, std::chrono::milliseconds within);
  /// Waits for `span`, or until `end_waits`. @returns whether it may go on.
  bool rest(std::chrono::milliseconds span);
  /// Everybody who rests or would rest goes on at once.
  void end_waits();

private:
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<work_event> events_;
  std::size_t completions_ = 0;
  bool waits_ended_ = false;
};

} // namespace nats_mcp::testing
