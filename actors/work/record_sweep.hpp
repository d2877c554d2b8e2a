// SPDX-License-Identifier: MIT
// One look at some of the records, a few hundred further on each time: what lies there untouched
// although nobody may take it any more is buried, what has lost its queue message is queued again
// (protocol/work/record_upkeep.hpp). So nothing accepted rests for ever, wherever it waits in its
// lane and whatever the server has lost. Part of the state of the dead letters actor or of the
// sweeper; all calls and callbacks happen inside that actor.
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
#include "actors/work/work_reach.hpp"
#include "actors/work/work_scripts.hpp"
#include "actors/work/work_streams.hpp"

#include <chrono>
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
    /// Asked for only when there is something to be done.
    work_streams* streams = nullptr;
    /// Dead letters, where they are made here.
    std::chrono::milliseconds letters_kept_for{0};
    work_reach reach = work_reach::own;
    /// Besides `public`, whose work is looked after.
    std::string project_id;
    random_source random;
    /// The actor's clock, on which deadlines are.
    std::function<monotonic_time()> now;
  };
  using ended = std::function<void()>;

  explicit record_sweep(surroundings around);

  /// Begins in the name of `who`, who is registered; only while none is under way. It ends early,
  /// and calls `done` all the same, when NATS does not answer. After sweeps that found nothing it
  /// leaves out more and more of them.
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
  void tend();
  void tend_next();
  /// Goes on with `then`, or ends when it is NATS that fails.
  void failed(const error& why, void (record_sweep::*then)());
  /// The page is done with.
  void turn_page();
  /// Somebody else's fault: the same page again, unless it was so too often.
  void give_up();
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
  /// Where this page begins and the next one; absent before the first.
  std::optional<std::uint64_t> place_;
  std::uint64_t next_place_ = 1;
  unsigned repeats_ = 0;
  /// How many sweeps are left out after one that finds nothing, and how many are still to be.
  unsigned pause_ = 0;
  unsigned left_out_ = 0;
  bool found_any_ = false;
  std::map<work::lane, std::vector<placed>> unsure_;
  /// Items with something to be done about them.
  std::deque<std::string> untended_;
  /// Of the sweep: answers to questions of an earlier one mean nothing.
  std::uint64_t number_ = 0;
};

} // namespace nats_mcp
