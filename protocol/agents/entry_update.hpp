// SPDX-License-Identifier: MIT
// Every write of an agent's record after its registration, and the proof after a long silence that
// the GUID is still this process's (docs/wire.md, "Agents"). A compare-and-set over the last known
// revision keeps a process that was taken over from writing; whoever meets a conflict looks at the
// anchor and knows. Nothing is written without one: it could be a successor's.
#pragma once

#include "protocol/agents/holding.hpp"
#include "protocol/agents/key_script.hpp"
#include "protocol/identifiers.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nats_mcp::agents {

class entry_update final : public key_script {
public:
  enum class extent : std::uint8_t {
    /// Writes the record.
    record,
    /// Writes the anchor: whoever saw us silent and takes over meets a conflict.
    anchor,
    /// The anchor, then the record: before a silence of days lets them expire, or when the record
    /// is gone.
    everything,
  };

  /// @param held with the record as it is to be. @pre its session holds the guid, as far as known
  entry_update(holding held, extent what, random_source random);

  void on_answers(const key_round& round) override;

  /// Nothing while it is under way. Errors: `conflict` when another process has taken over, `busy`
  /// when the record was written by others again and again, and those of the commands; `not_found`
  /// when a bucket does not exist.
  [[nodiscard]] const std::optional<result<holding>>& end() const noexcept { return end_; }

private:
  /// Conflicts met before it is given up.
  static constexpr unsigned attempts_max = 4;

  enum class step : std::uint8_t {
    writing_anchor,
    looking_at_anchor,
    writing_record,
    looking_at_record,
  };

  void write_anchor_entry();
  void wrote_anchor(const key_round& round);
  void looked_at_anchor(const key_round& round);
  void write_record();
  void wrote_record(const key_round& round);
  void looked_at_record(const key_round& round);
  /// Whether the entry still names this session; ends the script if not.
  bool still_ours(const result<key_answer>& anchored);
  /// Whether one more attempt is allowed; ends the script if not.
  bool may_repeat();
  void fail_with(error why);

  holding held_;
  extent extent_;
  random_source random_;
  step step_ = step::writing_record;
  unsigned attempts_ = 0;
  std::optional<result<holding>> end_;
};

} // namespace nats_mcp::agents
