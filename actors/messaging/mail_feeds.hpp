// SPDX-License-Identifier: MIT
// All inboxes whose mail is this agent's: its own, and those of GUIDs of processes of its name that
// are gone (docs/decisions/0021-former-inboxes.md). One round goes through all of them, the former
// ones first, since what lies there came earlier. Part of the inbox actor's state.
#pragma once

#include "protocol/error.hpp"
#include "protocol/messaging/mail_source.hpp"
#include "protocol/time.hpp"

#include "actors/messaging/mail_feed.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp {

class mail_feeds {
public:
  explicit mail_feeds(mail_feed::surroundings around);

  /// From now on the inbox of `guid`, empty = nobody's, and no former ones. A round under way is
  /// dropped.
  void serve(const std::string& guid);
  /// And these from the next round on, at most `limits::former_inboxes_open_max` of them. @returns
  /// whether they are others than before.
  bool serve_former(std::vector<std::string> guids);

  /// As for one feed. What could not be looked at in one inbox is the outcome when all were tried,
  /// except that a former one which this user may not open is left out: that does not pass, and
  /// says nothing of the agent's own.
  void begin(messaging::mail_source::round what, monotonic_time deadline, mail_feed::ended done);
  [[nodiscard]] bool busy() const noexcept { return static_cast<bool>(done_); }

  void distrust() noexcept;
  [[nodiscard]] std::uint64_t pending() const noexcept;
  [[nodiscard]] bool trusted() const noexcept;
  /// Of one inbox; false if none of these is it.
  [[nodiscard]] bool trusted(std::string_view inbox) const noexcept;
  /// The shortest of all.
  [[nodiscard]] std::chrono::nanoseconds ack_wait() const noexcept;

private:
  /// Gives every former inbox a feed of its own, and takes it from those that are none any more.
  void assign();
  void go_on();
  void note(const result<void>& outcome, bool of_own);
  [[nodiscard]] mail_feed& own() const { return *feeds_.front(); }

  mail_feed::surroundings around_;
  /// The own one, then some for former ones; they are never given up, since answers to their
  /// questions may still come.
  std::vector<std::unique_ptr<mail_feed>> feeds_;
  std::vector<std::string> former_;
  /// Former ones that this user may not open.
  std::set<std::string, std::less<>> closed_;
  messaging::mail_source::round round_;
  monotonic_time deadline_;
  monotonic_time former_deadline_;
  mail_feed::ended done_;
  result<void> outcome_;
  /// Feeds whose turn is over.
  std::size_t over_ = 0;
};

} // namespace nats_mcp
