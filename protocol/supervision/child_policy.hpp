// SPDX-License-Identifier: MIT
// Erlang/OTP's words for supervised children, as values ("Supervision Principles" in OTP's design
// principles). The decisions on them are in restart_policy.hpp, the actor in actors/supervision.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nats_mcp::supervision {

/// Which ends of a child are followed by another start.
enum class restart : std::uint8_t {
  /// Every end.
  permanent,
  /// Only an abnormal end.
  transient,
  /// None.
  temporary,
};

/// Which children are started again when one has to be.
enum class strategy : std::uint8_t {
  /// The one that ended.
  one_for_one,
  /// It and all children that were started after it, because they build on it.
  rest_for_one,
};

/// How a child ended. An ordered shutdown counts as normal, as in OTP.
enum class ending : std::uint8_t { normal, abnormal };

[[nodiscard]] std::string_view to_string(restart value) noexcept;
[[nodiscard]] std::string_view to_string(strategy value) noexcept;
[[nodiscard]] std::string_view to_string(ending value) noexcept;

/// Children `first` up to but not including `last`, in start order.
struct child_range {
  std::size_t first = 0;
  std::size_t last = 0;

  friend bool operator==(const child_range&, const child_range&) = default;
};

/// The children that are started again when child `failed` of `count` is.
[[nodiscard]] child_range restart_set(strategy rule, std::size_t failed,
                                      std::size_t count) noexcept;

} // namespace nats_mcp::supervision
