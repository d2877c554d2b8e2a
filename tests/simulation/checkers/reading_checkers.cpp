// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/reading_checkers.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace nats_mcp::simulation {

namespace {

std::string name_of(const read_facts& read) {
  constexpr const char* modes[] = {"newest", "after", "unread"};
  return std::string{"a read ("} + modes[static_cast<std::size_t>(read.mode)] + ", asked as "
         + std::to_string(read.call.asked) + ") of agent " + std::to_string(read.call.agent)
         + " in #" + read.channel;
}

/// What is wrong with the messages of one read; empty when nothing is.
std::string gap_in(const read_facts& read, const std::vector<channel_entry_seen>& stored) {
  const auto first = std::find(stored.begin(), stored.end(),
                               read.shown.empty() ? channel_entry_seen{} : read.shown.front());
  auto place = first;
  for (const auto& message : read.shown) {
    if (place == stored.end() || *place != message) {
      return "shows number " + std::to_string(message.sequence)
             + " where the stream holds something else";
    }
    ++place;
  }
  if (read.shown.empty()) {
    return {};
  }
  if (read.shown.size() > read.limit) {
    return "shows more than it was asked for";
  }
  const auto begin = read.mode == read_mode::after
                       ? std::find_if(stored.begin(), stored.end(),
                                      [&](const auto& each) { return each.sequence > read.after; })
                       : stored.begin();
  const bool complete = read.mode == read_mode::newest && read.shown.size() < read.limit;
  if ((read.mode == read_mode::after || complete) && first != begin) {
    return "does not begin where it has to";
  }
  return {};
}

/// Whether a read that could show everything up to the end stops before `known`.
bool is_stale(const read_facts& read, std::uint64_t known) {
  if (read.mode != read_mode::newest && read.shown.size() >= read.limit) {
    return false;
  }
  const auto start = read.mode == read_mode::after ? read.after : 0;
  const auto last =
    read.shown.empty() ? std::max(read.next_after, start) : read.shown.back().sequence;
  return known > start && last < known;
}

/// Unread reads and own messages of one process in one channel.
struct reader {
  std::vector<const read_facts*> reads;
  std::set<std::uint64_t> own;
};
using readers = std::map<std::pair<std::size_t, std::string>, reader>;

readers unread_readers(const channel_history& history) {
  readers found;
  for (const auto& read : history.reads) {
    if (read.mode == read_mode::unread && read.call.succeeded) {
      found[{read.call.process, read.channel}].reads.push_back(&read);
    }
  }
  for (const auto& send : history.sends) {
    for (const auto& message : stored_in(history, send.channel)) {
      if (message.text == send.text) {
        found[{send.call.process, send.channel}].own.insert(message.sequence);
      }
    }
  }
  return found;
}

} // namespace

// -- reads -------------------------------------------------------------------------------------

std::string_view reads_show_the_stream::invariant() const noexcept {
  return "a read shows what the stream holds, complete and current";
}

std::vector<std::string> reads_show_the_stream::violations() const {
  std::vector<std::string> found;
  for (const auto& read : history().reads) {
    if (!read.call.succeeded) {
      continue;
    }
    if (const auto problem = gap_in(read, stored_in(history(), read.channel)); !problem.empty()) {
      found.push_back(name_of(read) + " " + problem);
    }
    const auto known = acknowledged_before(history(), read.channel, read.call.asked);
    if (is_stale(read, known)) {
      found.push_back(name_of(read) + " stops before number " + std::to_string(known)
                      + ", which was acknowledged before");
    }
    if (!read.shown.empty() && read.next_after != read.shown.back().sequence) {
      found.push_back(name_of(read) + " names " + std::to_string(read.next_after)
                      + " as the place to go on");
    }
  }
  return found;
}

// -- unread ------------------------------------------------------------------------------------

std::string_view unread_skips_nothing::invariant() const noexcept {
  return "a read position never skips an unread message";
}

std::vector<std::string> unread_skips_nothing::violations() const {
  std::vector<std::string> found;
  for (const auto& [whose, reader] : unread_readers(history())) {
    std::set<std::uint64_t> seen = reader.own;
    // Without a position `unread` shows the newest. That is where it begins, and so it is with
    // every other read that was asked before the first was answered.
    auto first_answer = ~order_number{0};
    for (const auto* read : reader.reads) {
      first_answer = std::min(first_answer, *read->call.answered);
    }
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    for (const auto* read : reader.reads) {
      if (read->call.asked < first_answer) {
        begin = std::max(begin,
                         read->shown.empty() ? read->next_after + 1 : read->shown.front().sequence);
      }
      end = std::max(end, read->next_after);
      for (const auto& message : read->shown) {
        seen.insert(message.sequence);
      }
    }
    for (const auto& message : stored_in(history(), whose.second)) {
      if (message.sequence >= begin && message.sequence <= end
          && !seen.contains(message.sequence)) {
        found.push_back("process " + std::to_string(whose.first) + " was never shown number "
                        + std::to_string(message.sequence) + " of #" + whose.second
                        + " by unread, but number " + std::to_string(end));
      }
    }
  }
  return found;
}

std::string_view unread_repeats_nothing::invariant() const noexcept {
  return "unread shows nothing a second time";
}

std::vector<std::string> unread_repeats_nothing::violations() const {
  std::vector<std::string> found;
  for (const auto& [whose, reader] : unread_readers(history())) {
    if (history().part_failed.at(whose.first)) {
      continue;
    }
    for (const auto* second : reader.reads) {
      for (const auto* first : reader.reads) {
        if (*first->call.answered < second->call.asked && !second->shown.empty()
            && second->shown.front().sequence <= first->next_after) {
          found.push_back(name_of(*second) + " shows number "
                          + std::to_string(second->shown.front().sequence) + " again");
        }
      }
    }
  }
  return found;
}

// -- waits -------------------------------------------------------------------------------------

std::string_view waits_notice_news::invariant() const noexcept {
  return "a wait does not end empty while there is something unread";
}

std::vector<std::string> waits_notice_news::violations() const {
  const auto by_process = unread_readers(history());
  std::vector<std::string> found;
  for (const auto& wait : history().waits) {
    if (!wait.call.succeeded || !wait.news.empty()) {
      continue;
    }
    for (const auto& channel : wait.channels) {
      const auto reader = by_process.find({wait.call.process, channel});
      if (reader == by_process.end()) {
        continue;
      }
      // Only a read that was over before the wait began is sure to have set the position, and
      // whatever was asked before the wait ended may have moved it.
      std::uint64_t position = 0;
      bool positioned = false;
      for (const auto* read : reader->second.reads) {
        positioned = positioned || *read->call.answered < wait.call.asked;
        if (read->call.asked < *wait.call.answered) {
          position = std::max(position, read->next_after);
        }
      }
      const auto known = acknowledged_before(history(), channel, wait.over);
      if (positioned && known > position && !reader->second.own.contains(known)) {
        found.push_back("a wait (asked as " + std::to_string(wait.call.asked) + ") of agent "
                        + std::to_string(wait.call.agent) + " ended empty, though number "
                        + std::to_string(known) + " of #" + channel + " was unread");
      }
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
