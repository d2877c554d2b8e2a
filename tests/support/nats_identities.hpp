// SPDX-License-Identifier: MIT
// NKeys and signed JWTs as `nk` and `nsc` make them (github.com/nats-io/nkeys, nats-io/jwt), so
// that a real nats-server can be configured for them, and credentials that it must refuse be made.
#pragma once

#include "protocol/json/value.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

/// A random key of an operator, an account or a user.
class nkey {
public:
  enum class kind : std::uint8_t { account = 0, operators = 14 << 3, user = 20 << 3 };

  explicit nkey(kind whose);

  [[nodiscard]] kind whose() const noexcept { return whose_; }
  /// `SU…`, `SA…` or `SO…`.
  [[nodiscard]] std::string seed() const;
  /// `U…`, `A…` or `O…`.
  [[nodiscard]] const std::string& public_key() const noexcept { return public_key_; }
  [[nodiscard]] std::vector<std::uint8_t> sign(std::string_view text) const;

private:
  kind whose_;
  std::array<std::uint8_t, 32> secret_{};
  std::string public_key_;
};

/// An operator with an account for the agents and one for the system, and users signed by them.
class nats_operator {
public:
  nats_operator();

  /// Lines of nats-server's configuration that make it trust this operator.
  [[nodiscard]] std::vector<std::string> configuration() const;
  [[nodiscard]] const nkey& account() const noexcept { return account_; }

private:
  nkey operator_{nkey::kind::operators};
  nkey system_{nkey::kind::account};
  nkey account_{nkey::kind::account};
};

/// The text of a credentials file of a user of `account`. @param expires absent = never.
[[nodiscard]] std::string
credentials_text(const nkey& account,
                 std::optional<std::chrono::system_clock::time_point> expires = std::nullopt);

} // namespace nats_mcp::testing
