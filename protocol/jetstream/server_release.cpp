// SPDX-License-Identifier: MIT
#include "protocol/jetstream/server_release.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace nats_mcp::jetstream {

namespace {

/// The first number of a text, and takes it and the point behind it away.
std::optional<unsigned> take_number(std::string_view& text) noexcept {
  unsigned number = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest == end || *rest != '.') {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()) + 1);
  return number;
}

bool is_before_2_10(std::string_view version) noexcept {
  constexpr std::pair release{2U, 10U};
  const auto major = take_number(version);
  const auto minor = take_number(version);
  return major && minor && std::pair{*major, *minor} < release;
}

} // namespace

bool forgets_at_start(std::string_view version) noexcept { return is_before_2_10(version); }

bool lets_both_win(std::string_view version, std::uint32_t replicas) noexcept {
  return replicas > 1 && is_before_2_10(version);
}

} // namespace nats_mcp::jetstream
