// SPDX-License-Identifier: MIT
// Plays a script on a stage: asks, waits, asks again what failed, as a model would that reads the
// answers. Writes down what it asked by which request.
#pragma once

#include "tests/fault/actors/actor_stage.hpp"
#include "tests/fault/actors/script.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::fault {

/// One request of the script.
struct asked_request {
  std::string name;
  json::value arguments;
  bool is_wrong = false;
  /// It failed after an attempt in doubt, and was taken for done.
  bool settled = false;
};

class script_player {
public:
  /// @param on outlives the player; scripts outlive it too.
  explicit script_player(actor_stage& on)
    : stage_{on} {
    // nop
  }

  script_player(const script_player&) = delete;
  script_player& operator=(const script_player&) = delete;
  ~script_player() { stage_.dismiss(); }

  /// Plays to the end. @returns false when something did not happen in time; `trouble` says what.
  bool play(const script& what);

  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
  /// By request, as in the history.
  [[nodiscard]] const std::map<std::size_t, asked_request>& asked() const noexcept {
    return asked_;
  }
  [[nodiscard]] std::size_t tool_calls() const noexcept { return tool_calls_; }

private:
  struct attempt {
    bool in_doubt = false;
    bool done = false;
    /// The request that runs now.
    std::size_t request = 0;
    std::string last_answer;
  };

  bool play_step(const step& one);
  void begin(const step& one, attempt& how);
  void heard(const step& one, attempt& how, const simulation::request_record& answered);
  bool fail(const step& one, const std::string& why);

  actor_stage& stage_;
  script_memory known_;
  std::map<std::size_t, asked_request> asked_;
  /// Of steps beside the script, by step; they never move.
  std::map<const step*, attempt> besides_;
  std::size_t tool_calls_ = 0;
  std::uint64_t marks_ = 0;
  std::string trouble_;
};

} // namespace nats_mcp::fault
