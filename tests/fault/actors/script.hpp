// SPDX-License-Identifier: MIT
// A session written down: what three agents ask for, one step after another, and what an answer has
// to show before the next step may come. In the texts of arguments `$name` stands for something an
// answer said before, and a `~` at the end for a number that no other request has.
#pragma once

#include "protocol/json/value.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::fault {

class actor_stage;

/// What answers said, by the names the script gave it.
using script_memory = std::map<std::string, std::string>;

/// Whether what an answer says is what the script waits for.
using enough_test = std::function<bool(const json::value& content, const script_memory& known)>;

struct step {
  enum class kind {
    /// A tool is called, and called again until an answer is a success and enough.
    call,
    /// Any other method, likewise.
    ask,
    /// Everything asked beside the script has to be answered.
    join,
    pause,
    /// Something is done to the stage.
    act,
    /// Something has to become true of the stage.
    see,
  };
  kind what = kind::call;
  std::size_t who = 0;
  std::string name;
  json::value arguments = json::value::object();
  /// Facts of the answer to remember: name and path, such as `{"item", "work.workItemId"}`.
  std::vector<std::pair<std::string, std::string>> keep{};
  enough_test enough{};
  /// The script goes on before the answer.
  bool beside = false;
  /// The answer comes only when the agent withdraws the request; one that comes before is a
  /// failure.
  bool stays = false;
  /// An attempt in doubt may have done it: a refusal afterwards says that it is done.
  bool refusal_settles = false;
  /// A failure is what the script wants.
  bool is_wrong = false;
  std::chrono::milliseconds pause{0};
  std::function<void(actor_stage&)> act{};
  std::function<bool(actor_stage&)> see{};
};

using script = std::vector<step>;

/// The session of the fault tests: at least 200 tool calls, all tools there are.
[[nodiscard]] script scripted_session();

/// What everybody does at the end: proves that each part works, and that what was is still so.
[[nodiscard]] script closing_scenes();

/// Replaces what stands for something else. @param mark no other request has it.
[[nodiscard]] json::value filled_in(const json::value& pattern, const script_memory& known,
                                    std::uint64_t mark);

/// The value at a path such as `work.workItemId` or `items.0.id`; empty when there is none.
[[nodiscard]] std::string fact_at(const json::value& content, std::string_view path);

} // namespace nats_mcp::fault
