// SPDX-License-Identifier: MIT
#include "protocol/json/member.hpp"

#include <limits>

namespace nats_mcp::json {

std::string_view text_member(const value& object, std::string_view key) noexcept {
  const auto* member = find(object, key);
  if (member == nullptr || !member->is_string()) {
    return {};
  }
  return member->get_ref<const std::string&>();
}

std::optional<std::uint64_t> unsigned_member(const value& object, std::string_view key) noexcept {
  const auto* member = find(object, key);
  if (member == nullptr || !member->is_number_unsigned()) {
    return std::nullopt;
  }
  return member->get<std::uint64_t>();
}

std::optional<std::int64_t> signed_member(const value& object, std::string_view key) noexcept {
  const auto* member = find(object, key);
  if (member == nullptr || !member->is_number_integer()) {
    return std::nullopt;
  }
  if (member->is_number_unsigned()
      && member->get<std::uint64_t>()
           > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  return member->get<std::int64_t>();
}

bool true_member(const value& object, std::string_view key) noexcept {
  const auto* member = find(object, key);
  return member != nullptr && member->is_boolean() && member->get<bool>();
}

} // namespace nats_mcp::json
