// SPDX-License-Identifier: MIT
// An agent of a soak: does at random everything an agent can do, writes down what it said, heard
// and was told, and stands still when it is asked to.
#pragma once

#include "tests/fault/soak_gate.hpp"
#include "tests/fault/soak_ledger.hpp"
#include "tests/fault/work_crew.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class soak_member final : public crew_member {
public:
  enum class fate : bool {
    /// Its process lives as long as the soak; that it gives no answer is wrong.
    lasting,
    killed
  };
  struct talk {
    /// Outlive the member.
    soak_ledger& ledger;
    soak_gate& gate;
    fate expects;
    /// Handles of everybody, itself included.
    std::vector<std::string> everybody;
  };

  soak_member(options choice, talk with);

  static const std::vector<std::string>& channels();
  /// After `stop`: hears what is left.
  void hear_the_rest();

private:
  void act() override;
  void begin() override;
  void lost(const std::string& why) override;

  /// Calls the tool, and writes down how long it took and whether it failed.
  tool_outcome do_call(std::string_view tool, const json::value& arguments);
  void do_request(std::string_view method, const json::value& parameters);
  tool_outcome hear_channel(const std::string& channel);
  tool_outcome hear_mail(std::chrono::milliseconds wait);

  void talk_in_channels();
  void talk_to_somebody();
  void look_around();
  void ask_about_work();
  void follow_resources();
  /// So that a rest finds everybody in the same state.
  void stop_following();
  void think_better_of_it();
  void err();
  void offer();
  void claim();
  void finish(const std::string& item, const std::string& task);

  talk talk_;
  std::size_t said_ = 0;
  std::size_t tasks_ = 0;
  std::size_t completions_ = 0;
  std::string last_item_;
  bool follows_ = false;
};

} // namespace nats_mcp::testing
