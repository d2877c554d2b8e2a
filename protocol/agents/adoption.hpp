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
#include <map>
#include <optional>
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
  };
  /// A GUID that is this process's now, beside the one it speaks as.
  struct former {
    std::string guid;
    /// How long, by the server's clock, since there is no record of it to be found.
    std::chrono::milliseconds quiet_for{0};
  };
  struct outcome {
    /// Oldest first.
    std::vector<former> formers;
    /// For the next look: those that are not free yet.
    std::map<std::string, watched_holder> watched;
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
    looking_at_one,
    taking_anchor,
    removing_entries,
  };
  struct found_entry {
    std::string key;
    std::uint64_t revision = 0;
  };

  void looked_at_list(const key_round& round);
  /// Goes on with the next of the list, or ends.
  void look_at_next();
  void looked_at_one(const key_round& round);
  /// Whether nobody speaks as it any more.
  [[nodiscard]] bool is_free(const anchor& held, const jetstream::kv_entry& anchored,
                             const key_round& round);
  /// Whether it belongs to another user, project or computer, whatever the list says.
  [[nodiscard]] bool is_anothers(const anchor& held, const key_round& round) const;
  /// @param gone_since by the server's clock.
  void take_anchor(std::uint64_t revision, wall_time gone_since);
  void took_anchor(const key_round& round);
  [[nodiscard]] const std::string& guid() const { return out_.way.others[next_ - 1]; }

  request what_;
  random_source random_;
  step step_ = step::looking_at_list;
  std::size_t next_ = 0;
  /// Of the one that is looked at.
  principal as_;
  std::vector<std::string> keys_;
  std::vector<found_entry> entries_;
  std::chrono::milliseconds quiet_for_{0};
  outcome out_;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::agents
