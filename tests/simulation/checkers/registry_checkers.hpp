// SPDX-License-Identifier: MIT
// What must hold of the agent registry. Each class is one promise of docs/wire.md, "Agents".
#pragma once

#include "tests/simulation/checkers/registry_history.hpp"

namespace nats_mcp::simulation {

/// Whatever an answer shows of an agent its owner had written where the viewer may look, and it
/// stood there at some moment of the call (or within the look's lag before).
class visibility_is_kept final : public registry_checker {
public:
  using registry_checker::registry_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// When all is quiet, every registered agent is what it says for everybody who may see it, every
/// other one is offline, and nobody else is shown.
class presence_converges final : public registry_checker {
public:
  using registry_checker::registry_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// A GUID goes to another session only after its holder said goodbye or was silent for three
/// intervals.
class guids_are_taken_from_the_silent final : public registry_checker {
public:
  using registry_checker::registry_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// Only the session that holds a GUID speaks as that agent: writes its record, sends its mail.
/// Whoever was told that it registered holds the GUID it was told.
class only_the_holder_speaks final : public registry_checker {
public:
  using registry_checker::registry_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

/// An agent whose predecessor ended or fell silent gets the predecessor's GUID.
class agents_return_as_themselves final : public registry_checker {
public:
  using registry_checker::registry_checker;
  [[nodiscard]] std::string_view invariant() const noexcept override;
  [[nodiscard]] std::vector<std::string> violations() const override;
};

} // namespace nats_mcp::simulation
