// SPDX-License-Identifier: MIT
// How a process becomes an agent (docs/wire.md, "Agents"): it finds the GUID it had, or a new one;
// takes the anchor by compare-and-set; then writes the record others see. It takes over the GUID of
// a predecessor that ended or fell silent, never of a live one.
//
// The entry by which a returning agent finds its GUID is written again before anything is decided:
// its new time stamp is the server's present, by which the predecessor's silence is judged, and of
// two processes that do this at once one meets a conflict and looks again.
//
// A process that came too early for that is an agent of its own; registering again, it returns
// after all if nobody was there beside it. Whatever its GUID is, it is listed in that entry before
// anybody can write to it (way_back.hpp).
#pragma once

#include "protocol/agents/key_script.hpp"
#include "protocol/agents/liveness.hpp"
#include "protocol/agents/registration_request.hpp"
#include "protocol/agents/way_back.hpp"
#include "protocol/identifiers.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::agents {

class registration final : public key_script {
public:
  using request = registration_request;
  struct outcome {
    holding held;
    /// The GUID was a predecessor's.
    bool returned = false;
  };

  registration(request what, random_source random);

  void on_answers(const key_round& round) override;

  /// Nothing while it is under way. Errors: `conflict` when a held GUID was taken over, `busy` when
  /// others were faster again and again or too many have the name, `invalid_argument` for
  /// `user_only` without a user, and those of the commands; `not_found` when a bucket does not
  /// exist. After any of them but the first, registering again finds the same GUID.
  [[nodiscard]] const std::optional<result<outcome>>& end() const noexcept { return end_; }
  /// For the next attempt, if this one failed; see `request`.
  [[nodiscard]] const std::string& new_guid() const noexcept { return what_.new_guid; }
  /// Who kept this process from the GUID its name leads to, and may be its predecessor: it has
  /// given no sign of life since this process registered. `free_in` says how long that is to be.
  [[nodiscard]] const std::optional<guid_holder>& predecessor() const noexcept {
    return predecessor_;
  }
  /// What the server's time stamps told.
  [[nodiscard]] const server_clock& clock() const noexcept { return clock_; }

private:
  /// Rounds lost to others before it is given up.
  static constexpr unsigned attempts_max = 8;

  enum class step : std::uint8_t {
    finding_guid,
    touching_guid,
    looking_at_predecessor,
    listing_guid,
    looking_at_list,
    taking_anchor,
    removing_old_entries,
    writing_entry,
    looking_at_entry,
    removing_narrower_entries,
    looking_at_narrower_entries,
  };
  struct old_entry {
    std::string key;
    std::uint64_t revision = 0;
    visibility seen_by = visibility::private_;
  };

  void found_guid(const key_round& round);
  void touched_guid(const key_round& round);
  void look_at_predecessor();
  void looked_at_predecessor(const key_round& round);
  void find_entries(const key_round& round);
  /// Whether this process may be the agent that it has not been until now. @param anchored its
  /// anchor, or null
  [[nodiscard]] bool may_take(const jetstream::kv_entry* anchored, const key_round& round);
  [[nodiscard]] guid_holder holder_of(const anchor& held, wall_time anchored_at,
                                      const key_round& round) const;
  /// It is another agent, of its own.
  void stay_apart();
  /// Whether it is about to give up the GUID it holds.
  [[nodiscard]] bool changes_guid() const;
  /// Takes the anchor of a GUID that is listed; lists it first.
  void take_anchor();
  void list_guid();
  void listed_guid(const key_round& round);
  void looked_at_list(const key_round& round);
  void took_anchor(const key_round& round);
  void removed_old_entries(const key_round& round);
  /// @returns whether there are any.
  bool remove_entries(bool included_in_the_new);
  /// Asks for `removing_` to go. @returns whether there is any.
  bool ask_to_remove();
  void write_entry();
  void wrote_entry(const key_round& round);
  void looked_at_entry(const key_round& round);
  void removed_narrower_entries(const key_round& round);
  void looked_at_narrower_entries(const key_round& round);
  [[nodiscard]] bool is_ours(const jetstream::kv_entry& anchored) const;
  /// Whether the anchor is still this process's; starts over if not.
  bool still_holds(const result<key_answer>& answer);
  /// Whether one more attempt is allowed; ends the script if not.
  bool may_repeat();
  void start_over();
  void succeed();
  void fail_with(error why);

  request what_;
  random_source random_;
  step step_ = step::finding_guid;
  unsigned attempts_ = 0;
  std::string key_;
  way_back way_back_;
  std::uint64_t way_back_revision_ = 0;
  std::uint64_t anchor_revision_ = 0;
  std::uint64_t entry_revision_ = 0;
  /// The server's present, as far as the last look told.
  std::optional<wall_time> looked_at_;
  bool touched_ = false; // the way back bears a time stamp of this registration
  std::optional<guid_holder> predecessor_;
  bool returned_ = false;
  /// A predecessor's GUID whose anchor an attempt before this one took.
  std::string taken_over_;
  std::vector<old_entry> old_entries_;
  /// Those whose deletion is under way.
  std::vector<old_entry> removing_;
  server_clock clock_;
  std::optional<result<outcome>> end_;
};

} // namespace nats_mcp::agents
