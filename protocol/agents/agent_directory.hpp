// SPDX-License-Identifier: MIT
// What one process knows of the agents it may see: the entries its watches bring, merged by guid,
// and the signs of life of the last snapshot. Answers who is there, in the order in which they were
// seen last.
#pragma once

#include "protocol/agents/agent_record.hpp"
#include "protocol/agents/liveness.hpp"
#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/tools/agent_tools.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace nats_mcp::agents {

/// An agent and its place in the order of an answer: the most recently seen first, then by GUID.
struct found_agent {
  wall_time seen{};
  std::array<char, guid_length> guid{};

  [[nodiscard]] std::string_view guid_text() const noexcept { return {guid.data(), guid.size()}; }
  friend bool operator<(const found_agent& left, const found_agent& right) noexcept {
    return std::tie(right.seen, left.guid) < std::tie(left.seen, right.guid);
  }
};

class agent_directory {
public:
  struct applied {
    /// Anything is different now.
    bool changed = false;
    /// Not what an agent writes: it counts as nothing, and whatever stood there before is gone.
    bool unreadable = false;
  };
  /// An entry of `agents` as a watch or a lookup brings it; a deletion takes it away.
  applied apply(const jetstream::kv_entry& entry);
  /// Signs of life, entries of `presence` that were read at one time; earlier ones count no more.
  /// @returns those that no agent wrote.
  std::vector<jetstream::kv_entry> apply_presence(std::vector<jetstream::kv_entry> snapshot);
  /// The watch over these keys begins again. @param pattern as `visible_patterns` gives it.
  void forget(std::string_view pattern);
  /// Forgets entries that were written too long ago to be kept: nobody tells when they go.
  void forget_expired(wall_time server_now);
  void clear();

  struct selection {
    /// As many as are wanted at once.
    std::vector<tools::agent_summary> first;
    /// The others, in no order.
    std::vector<found_agent> behind;
  };
  /// Those that match; the cursor does not count.
  [[nodiscard]] selection select(const tools::discover_agents_arguments& what,
                                 wall_time server_now) const;

  /// Nothing when there is none.
  [[nodiscard]] std::optional<tools::agent_summary> find(std::string_view guid,
                                                         wall_time server_now) const;
  /// Nothing either when it does not match.
  [[nodiscard]] std::optional<tools::agent_summary>
  find_matching(std::string_view guid, const tools::discover_agents_arguments& what,
                wall_time server_now) const;
  /// Every agent of that handle, the most recently seen first.
  [[nodiscard]] std::vector<tools::agent_summary> find_handle(std::string_view handle,
                                                              wall_time server_now) const;

  /// Looks who is there, online or busy, and who has fallen silent. @returns whether that is
  /// different from what the last look, or an entry that came since, said.
  bool look_who_is_there(wall_time server_now);
  /// When the next look may find something else, unless an entry comes before: somebody will have
  /// fallen silent, or for good. Nothing when nobody is there.
  [[nodiscard]] std::optional<wall_time> next_look() const;

  /// The newest of the server's time stamps among them.
  [[nodiscard]] wall_time newest_stamp() const;

  [[nodiscard]] std::size_t size() const noexcept { return by_guid_.size(); }
  /// Whether agents were left out because there are too many.
  [[nodiscard]] bool incomplete() const noexcept { return !left_out_.empty(); }

private:
  struct seen_entry {
    std::string key;
    agent_record record;
    std::uint64_t revision = 0;
    wall_time stored_at{};
  };
  /// One agent; entries of more than one visibility while it changes. What every question needs is
  /// worked out when an entry comes, since questions look at thousands.
  struct agent {
    std::vector<seen_entry> entries;
    std::optional<sign_of_life> presence;
    std::size_t newest = 0;
    wall_time seen{};
    /// What the last look said, or the entry if it came later.
    tools::effective_status said{};
  };
  struct sighting {
    const seen_entry* entry = nullptr;
    wall_time seen{};
    tools::effective_status status{};
  };

  template <class Doomed>
  void drop(Doomed doomed);
  static void work_out(agent& one);
  [[nodiscard]] static sighting look(const agent& one, wall_time server_now);
  /// The order of an answer: the most recently seen first.
  [[nodiscard]] static bool seen_before(const sighting& left, const sighting& right);
  [[nodiscard]] static tools::agent_summary summary_of(const sighting& one);

  std::unordered_map<std::string, agent> by_guid_;
  /// What the keys of those begin with that were left out.
  std::set<std::string, std::less<>> left_out_;
};

} // namespace nats_mcp::agents
