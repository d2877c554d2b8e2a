// SPDX-License-Identifier: MIT
// What must hold of reading channels and of waiting for them. Each class is one promise of
// docs/delivery-semantics.md, "Reading".
#pragma once

#include "tests/simulation/checkers/storing_checkers.hpp"

namespace nats_mcp::simulation {

/// A read shows what the stream holds, without gaps, from where it was told to, up to at least what
/// was acknowledged before it was asked.
class reads_show_the_stream final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// Between what `unread` showed first and what it showed last there is nothing it did not show, but
/// for the agent's own messages.
class unread_skips_nothing final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What `unread` showed, a later `unread` does not show again, unless a part failed meanwhile.
class unread_repeats_nothing final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// A wait does not end empty while somebody else's message, acknowledged before its time was over,
/// is unread.
class waits_notice_news final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
