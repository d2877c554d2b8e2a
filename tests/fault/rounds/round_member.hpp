// SPDX-License-Identifier: MIT
// An agent of the rounds: talks in channels, writes and reads direct messages, offers and does
// work, and writes down every call, what it said and what it was shown.
#pragma once

#include "tests/fault/rounds/talk_history.hpp"
#include "tests/fault/work_crew.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

class round_member final : public crew_member {
public:
  /// @param talk outlives the member @param everybody handles of all, itself included
  round_member(options choice, talk_history& talk, std::vector<std::string> everybody);

  static const std::vector<std::string>& channels();

  /// From now on it begins nothing new: it finishes work, and reads.
  void come_to_an_end() noexcept { ending_ = true; }
  /// After `stop`, one after the other: reads what is left in channels; looks into the inbox.
  void hear_channels();
  void hear_mail_once();
  /// After `stop`: the life it is in.
  [[nodiscard]] std::string last_life() const { return who(); }
  using crew_member::name;

private:
  void act() override;
  void begin() override;
  void lost(const std::string& why) override;

  [[nodiscard]] speaker me() const { return {name(), who()}; }
  /// Calls the tool and writes down what came of it.
  tool_outcome do_call(std::string_view tool, const json::value& arguments);
  /// The same of `carry_out`.
  std::optional<tool_outcome> do_work(const order& what);
  /// Makes a call and writes down what it came to, and what it threw.
  template <class Call>
  tool_outcome recorded(std::string_view tool, Call call);
  /// Whatever the server says besides answers: another answer would be one too many.
  void look_for_second_answers();

  /// Registers. Whoever comes back too early is another agent for a while, and is told when it can
  /// return to who it was, and to the mail of that one. @returns whether it is registered.
  bool register_self();
  void return_when_told();
  bool speak();
  bool hear_channel(const std::string& channel);
  bool hear_mail(std::chrono::milliseconds wait);
  void write_to_somebody();
  void offer();
  void work();
  void finish(const std::string& item, const std::string& task);
  void do_probe(std::size_t owed);
  [[nodiscard]] const std::string& any_of(const std::vector<std::string>& texts);

  talk_history& talk_;
  std::vector<std::string> everybody_;
  std::atomic<bool> ending_{false};
  std::optional<std::chrono::milliseconds> returns_at_;
  std::size_t said_ = 0;
  std::size_t tasks_ = 0;
  std::size_t completions_ = 0;
};

} // namespace nats_mcp::testing
