// SPDX-License-Identifier: MIT
// What becomes of the other GUIDs of a name (way_back.hpp): the process to which the name leads
// back takes over those that nobody speaks as any more, so that it may read the mail to them. Their
// records go, and nobody finds them any more; what was sent before stays where it is, in inboxes
// that their new holder opens (docs/decisions/0021-former-inboxes.md).
//
// It may be cut off anywhere: a GUID stays on the list until its inbox was found empty, and who
// wakes up finds another session in its anchor.
#pragma once

#include "protocol/agents/holding.hpp"
#include "protocol/agents/key_script.hpp"
#include "protocol/agents/liveness.hpp"
#include "protocol/agents/visibility.hpp"
#include "protocol/agents/way_back.hpp"
#include "protocol/identifiers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::agents {

/// When the holder of another GUID was seen last, and since when, by this process's own clock, it
/// has given no further sign of life.
struct watched_holder {
  std::string session_id;
  wall_time seen{};
  monotonic_time since{};
};

class adoption final : public key_script {
public:
  struct request {
    /// Who this process is. @pre it holds that GUID, as far as known
    holding held;
    principal self;
    std::string returning_key;
    wall_time now{};
    monotonic_time asked_at{}; // the same moment
    server_clock clock;
    /// What earlier looks saw, by GUID, if there was none since in which it could have been missed.
    std::map<std::string, watched_holder> watched;
    /// It has just registered: who is silent by the server's time stamps is gone, as for the GUID
    /// it got. Later, somebody who was cut off or asleep as long as this process gets time to show
    /// up.
    bool at_once = false;
    /// Those that an earlier look of this process found `settled`: of these only the anchor is
    /// looked at.
    std::set<std::string, std::less<>> settled;
  };
  /// A GUID that is this process's now, beside the one it speaks as.
  struct former {
    std::string guid;
    /// How long, by the server's clock, since there is no record of it to be found.
    std::chrono::milliseconds quiet_for{0};
    /// It was this process's already, and nothing of it was there to be found.
    bool settled = false;
  };
  struct outcome {
    /// Oldest first.
    std::vector<former> formers;
    /// For the next look: those that are not free yet.
    std::map<std::string, watched_holder> watched;
    /// Of which it is not known whose they are: NATS did not answer.
    std::set<std::string, std::less<>> unknown;
    way_back way;
    std::uint64_t way_revision = 0;
  };

  adoption(request what, random_source random);

  void on_answers(const key_round& round) override;

  /// Nothing while it is under way. Errors are those of the first look; `conflict` when the name
  /// leads to somebody else.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }

private:
  enum class step : std::uint8_t {
    looking_at_list,
    looking_at_anchors,
    looking_at_entries,
    taking_anchors,
    removing_entries,
  };
  struct found_entry {
    std::string key;
    std::uint64_t revision = 0;
  };
  /// One of the list, as far as it has been looked at.
  struct candidate {
    std::string guid;
    jetstream::kv_entry anchored;
    /// As read from it; absent: there is none.
    std::optional<anchor> held;
    bool ours = false;
    /// Where agents who may see it look for it.
    std::vector<std::string> keys;
    std::string private_key;
    std::vector<found_entry> entries;
    std::chrono::milliseconds quiet_for{0};
    wall_time gone_since{};
  };
  /// Of one candidate: what stands under its keys, records first.
  using key_answers = const result<key_answer>*;

  void looked_at_list(const key_round& round);
  void look_at_anchors();
  void looked_at_anchors(const key_round& round);
  /// Goes on with the next few of the list, or ends.
  void look_at_entries();
  void looked_at_entries(const key_round& round);
  /// @returns whether its anchor is to be taken.
  [[nodiscard]] bool looked_at(candidate& one, key_answers found, monotonic_time answered_at);
  /// Whether nobody speaks as it any more.
  [[nodiscard]] bool is_free(const candidate& one, key_answers found, monotonic_time answered_at);
  /// Whether it belongs to another user, project or computer, whatever the list says.
  [[nodiscard]] bool is_anothers(const candidate& one, key_answers found) const;
  void take_anchors();
  void took_anchors(const key_round& round);
  void not_seen(const std::string& guid, const error& why);
  void finish();

  request what_;
  random_source random_;
  step step_ = step::looking_at_list;
  /// How many of the list have been asked for, of the anchors and of the rest.
  std::size_t asked_ = 0;
  std::deque<candidate> waiting_;
  /// Those that are looked at.
  std::vector<candidate> at_hand_;
  outcome out_;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::agents
