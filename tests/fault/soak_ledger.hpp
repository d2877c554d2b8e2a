// SPDX-License-Identifier: MIT
// What the agents of a soak said and heard, and what their calls came to. In the end every message
// that was reported as sent has been heard by everybody it was for. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

class soak_ledger {
public:
  struct tally {
    std::size_t answered = 0;
    /// Of those, how many the tool itself called a failure.
    std::size_t failed = 0;
    std::chrono::milliseconds slowest{0};
  };

  void answered(std::string_view call, bool is_error, std::chrono::milliseconds took);
  /// Something that must not happen.
  void wrong(const std::string& what);

  /// A message as it stands in a text; `heard` finds it there again.
  [[nodiscard]] static std::string mark(std::string_view speaker, std::size_t number);

  /// Was reported as sent to a channel, by one of those who listen or by another one.
  void said_in_channel(std::string_view channel, std::string_view speaker, const std::string& mark);
  /// Was reported as sent to this listener.
  void said_to(std::string_view listener, const std::string& mark);
  /// Every mark in a text that was shown. In a channel nothing is shown twice.
  void heard_in_channel(std::string_view channel, std::string_view listener,
                        const std::string& text);
  /// Direct messages may be shown twice after a fault.
  void heard_directly(std::string_view listener, const std::string& text);

  /// What is wrong, a sentence each: what was noted, and what these listeners never heard.
  [[nodiscard]] std::vector<std::string> judge(const std::vector<std::string>& listeners,
                                               const std::vector<std::string>& channels) const;
  [[nodiscard]] std::map<std::string, tally, std::less<>> calls() const;
  /// Messages reported as sent, all together.
  [[nodiscard]] std::size_t said() const;
  /// Direct messages that were shown again.
  [[nodiscard]] std::size_t shown_again() const;

private:
  struct channel_talk {
    /// By mark, who said it.
    std::map<std::string, std::string> said;
    std::map<std::string, std::set<std::string>, std::less<>> heard;
  };
  struct mail {
    std::set<std::string> said;
    std::set<std::string> heard;
  };

  mutable std::mutex mutex_;
  std::map<std::string, tally, std::less<>> calls_;
  std::map<std::string, channel_talk, std::less<>> channels_;
  std::map<std::string, mail, std::less<>> mail_;
  std::vector<std::string> wrong_;
  std::size_t shown_again_ = 0;
};

} // namespace nats_mcp::testing
