// SPDX-License-Identifier: MIT
// All agents there are, whatever their visibility: a watch over their entries, and a snapshot of
// their signs of life every other second. What a coordinator sees; agents see less
// (actors/agents/agent_view.hpp). Part of an actor's state; all calls and callbacks happen inside
// that actor.
#pragma once

#include "protocol/agents/agent_directory.hpp"
#include "protocol/agents/visibility.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/agent_tools.hpp"

#include "actors/agents/presence_reader.hpp"
#include "actors/coordination/bucket_watch.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp {

class everybody {
public:
  struct surroundings {
    presence_reader::surroundings presence;
    /// Of the watch; bucket, filter and what it calls are set here.
    bucket_watch::surroundings watch;
    /// How old signs of life may be.
    std::chrono::milliseconds age_max{0};
    /// Somebody came, went or changed; or signs of life were read.
    std::function<void()> changed;
    /// An entry of that bucket that no agent wrote.
    std::function<void(std::string_view bucket, const jetstream::kv_entry&)> unreadable;
  };

  explicit everybody(surroundings around);

  /// Opens what is not open, and reads signs of life if they are old. To be called now and then.
  void look(monotonic_time deadline);
  void end();

  /// Who there is can be said: the entries are complete, and signs of life were read.
  [[nodiscard]] bool is_known() const noexcept { return judged_at_ && watch_.is_complete(); }

  /// The same, and signs of life are not older than that.
  [[nodiscard]] bool is_known_since(std::chrono::milliseconds age) const;
  /// The same, and they are not older than they may be.
  [[nodiscard]] bool is_fresh() const { return is_known_since(around_.age_max); }

  /// Why they could not be read when that was tried last, in words; empty when they could.
  [[nodiscard]] const std::string& problem() const noexcept {
    return watch_.problem().empty() ? problem_ : watch_.problem();
  }

  /// The server's present when signs of life were read last: by it who is there is judged, since a
  /// later one had no chance to be seen. @pre is_known()
  [[nodiscard]] wall_time judged_at() const { return judged_at_.value_or(wall_time{}); }
  /// Nobody speaks as this agent: it is offline, or not known.
  [[nodiscard]] bool is_gone(const std::string& guid) const;
  /// All of them, offline ones too; the most recently seen first, at most `most`.
  [[nodiscard]] std::vector<tools::agent_summary> all(std::size_t most) const;
  /// Those online or busy.
  [[nodiscard]] std::vector<tools::agent_summary> present() const;
  /// What its sight is decided by; nothing for somebody who is not known.
  [[nodiscard]] std::optional<agents::principal> principal_of(const std::string& guid) const;

  bool on_change(const jetstream::kv_change& change) { return watch_.on_change(change); }
  void on_event(const jetstream::kv_watch_event& event) { watch_.on_event(event); }

private:
  [[nodiscard]] bucket_watch::surroundings watching(bucket_watch::surroundings how);
  void read(monotonic_time deadline);

  surroundings around_;
  presence_reader presence_;
  agents::agent_directory directory_;
  bucket_watch watch_;
  std::optional<wall_time> judged_at_;
  std::optional<monotonic_time> read_at_;
  std::string problem_;
  /// Of the look under way: an answer that was asked for before everything was forgotten means
  /// nothing.
  bool reading_ = false;
  std::uint64_t number_ = 0;
};

/// What visibility is decided by of an agent that others see.
[[nodiscard]] agents::principal principal_of(const tools::agent_summary& agent);

} // namespace nats_mcp
