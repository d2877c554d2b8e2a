// SPDX-License-Identifier: MIT
// Everything the NATS server ever stored about work, read: what was put into the queue, every state
// an item's record went through, the dead letters; and what lies there in the end. What the
// checkers of work judge by. Made from what the world noted; by hand in the checkers' tests.
#pragma once

#include "protocol/work/dead_letter.hpp"
#include "protocol/work/item_record.hpp"
#include "protocol/work/work_item.hpp"

#include "tests/simulation/checkers/agent_journal.hpp"
#include "tests/simulation/world/request_history.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::simulation {

/// An item was put into the queue.
struct item_queued {
  stored_when when;
  std::uint64_t sequence = 0;
  work::queued_item queued;
};

/// One state of an item.
struct item_stored {
  stored_when when;
  /// The server's time stamp, as its readers see it.
  wall_time stamp{};
  work::item_record record;
};

struct letter_stored {
  stored_when when;
  std::uint64_t sequence = 0;
  work::dead_letter letter;
};

/// Each in the order of storing.
struct work_journal {
  std::vector<item_queued> queued;
  /// By item.
  std::map<std::string, std::vector<item_stored>> records;
  std::vector<letter_stored> letters;
  /// What nobody can read, by its subject.
  std::vector<std::string> unreadable;

  /// What lies in the queue and with the dead letters in the end, by place in the stream.
  std::set<std::uint64_t> still_queued;
  std::set<std::uint64_t> letters_left;
};

/// All but what lies there in the end.
[[nodiscard]] work_journal read_work_journal(const std::vector<stored_record>& stored);

/// What an item went through; nothing for one without a record.
[[nodiscard]] const std::vector<item_stored>& records_of(const work_journal& journal,
                                                         const std::string& item);

/// What it came to in the end; null without a record.
[[nodiscard]] const work::item_record* end_of(const work_journal& journal, const std::string& item);

} // namespace nats_mcp::simulation
