// SPDX-License-Identifier: MIT
// One look at some of the records, a few hundred further on each time: what lies there untouched
// although nobody may take it any more is buried, what has lost its queue message is queued again
// (protocol/work/record_upkeep.hpp). So nothing accepted rests for ever, wherever it waits in its
// lane and whatever the server has lost. Part of the dead letters actor's state; all calls and
// callbacks happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/work/lane_facts.hpp"
#include "protocol/work/record_upkeep.hpp"

#include "actors/agent_messages.hpp"
#include "actors/streams/api_caller.hpp"
#include "actors/work/page_reader.hpp"
#include "actors/work/server_time_keeper.hpp"
#include "actors/work/work_scripts.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

class record_sweep {
public:
  struct surroundings {
    api_caller api;
    page_reader* pages = nullptr;
    work_scripts* scripts = nullptr;
    server_time_keeper* time = nullptr;
    /// Besides `public`, whose work is looked after.
    std::string project_id;
    random_source random;
    /// The actor's clock, on which deadlines are.
    std::function<monotonic_time()> now;
  };
  using ended = std::function<void()>;

  explicit record_sweep(surroundings around);

  /// Begins in the name of `who`, who is registered; only while none is under way. It ends early,
  /// and calls `done` all the same, when NATS does not answer.
  void begin(const agent_identity& who, ended done);
  /// Ends the one under way, if there is one, without calling `done`.
  void abandon() noexcept;

private:
  void find_place();
  void read();
  void page_read(const work::stream_page& page);
  void sort_out(const work::stream_page& page);
  void look_at_lanes();
  void look_at(const work::lane& where);
  void compare(const work::lane& where, const work::lane_facts& facts);
  void tend_next();
  /// Goes on with `then`, or ends when it is NATS that fails.
  void failed(const error& why, void (record_sweep::*then)());
  void finish();
  [[nodiscard]] monotonic_time soon() const;
  template <class Answer>
  [[nodiscard]] std::function<void(Answer)> if_current(std::function<void(Answer)> then) const;

  /// An item, and where its queue message should be.
  struct placed {
    std::string item_id;
    std::uint64_t queue_sequence = 0;
  };

  surroundings around_;
  agent_identity who_;
  ended done_;
  /// Where the next page begins; absent before the first.
  std::optional<std::uint64_t> place_;
  std::map<work::lane, std::vector<placed>> unsure_;
  /// Items with something to be done about them.
  std::deque<std::string> untended_;
  /// Of the sweep: answers to questions of an earlier one mean nothing.
  std::uint64_t number_ = 0;
};

} // namespace nats_mcp
