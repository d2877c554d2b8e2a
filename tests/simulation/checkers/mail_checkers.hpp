// SPDX-License-Identifier: MIT
// What must hold of direct messages. Each class is one promise of docs/delivery-semantics.md,
// "Direct messages".
#pragma once

#include "tests/simulation/checkers/mail_history.hpp"

namespace nats_mcp::simulation {

/// A message that was accepted is stored, once, for the recipient the answer names.
class accepted_mail_is_stored final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What an answer says was not sent is never stored.
class refused_mail_is_not_stored final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What left an inbox stood in an answer that its client received.
class read_mail_was_shown final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// Whoever is shown a message held the recipient's GUID while it read.
class mail_is_shown_to_its_recipient final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// A message is stored and shown under the GUID its sender's process held and the handle it had.
class mail_names_its_sender final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// "No mail" is said only when nothing that was accepted before was unread.
class emptiness_is_true final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What was accepted and was not read in the end somebody can still open: the GUID it is for is
/// found by the name of an agent. If that name leads back to a process that lives and is still that
/// agent, the GUID is that process's own, or some other's that speaks as it: former inboxes were
/// emptied by then. Otherwise whoever registers next by that name opens it.
class no_mail_is_out_of_reach final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// What a process was shown it is not shown again, unless its session or its inbox failed.
class mail_is_shown_once final : public mail_checker {
public:
  using mail_checker::mail_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
