// SPDX-License-Identifier: MIT
// What must hold of messages sent to channels. Each class is one promise of
// docs/delivery-semantics.md, "Receipts" and "Order".
#pragma once

#include "tests/simulation/checkers/channel_history.hpp"
#include "tests/simulation/checkers/checker.hpp"

namespace nats_mcp::simulation {

/// A checker over a `channel_history` that outlives it.
class channel_checker : public checker {
public:
  explicit channel_checker(const channel_history& history)
    : history_{history} {
    // nop
  }

protected:
  [[nodiscard]] const channel_history& history() const noexcept { return history_; }

private:
  const channel_history& history_;
};

/// A message that was acknowledged is stored, where the acknowledgement says.
class acknowledged_messages_are_stored final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// No message is stored twice, none that nobody sent, none under another's handle.
class messages_are_stored_once final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What a sender sends after an acknowledgement stands behind what was acknowledged.
class senders_keep_their_order final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What an answer says was not sent is never stored.
class failures_are_honest final : public channel_checker {
public:
  using channel_checker::channel_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
