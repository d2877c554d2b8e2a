// SPDX-License-Identifier: MIT
// How each simple C++ type of a member is described, decoded and encoded. A structure's table
// (protocol/json/field_table.hpp) picks the codec by the member's type; nobody else uses this.
#pragma once

#include "protocol/json/field_check.hpp"

#include <chrono>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace nats_mcp::json {

/// Specialized for every enumeration that stands in JSON: `static constexpr` array `names` of pairs
/// of enumerator and text.
template <class Enumeration>
struct choices;

/// The text of an enumerator, as it stands in JSON.
template <class Enumeration>
[[nodiscard]] std::string_view choice_text(Enumeration wanted) noexcept {
  for (const auto& [enumerator, text] : choices<Enumeration>::names) {
    if (enumerator == wanted) {
      return text;
    }
  }
  return {};
}

/// `describe` completes a description, `decode` takes a value over or reports what is wrong,
/// `encode` writes it, `absent` tells whether there is nothing to write.
template <class Member>
struct field_codec;

template <>
struct field_codec<std::string> {
  static void describe(field_description& field) { field.type = field_type::text; }
  static bool decode(const value& given, const check_context& context, std::string& into) {
    const auto* text = checked_text(given, context);
    if (text != nullptr) {
      into = *text;
    }
    return text != nullptr;
  }
  static value encode(const std::string& member, const field_description& /*field*/) {
    return member;
  }
  static bool absent(const std::string& member) { return member.empty(); }
};

template <>
struct field_codec<bool> {
  static void describe(field_description& field) { field.type = field_type::boolean; }
  static bool decode(const value& given, const check_context& context, bool& into) {
    const auto taken = checked_boolean(given, context);
    into = taken.value_or(into);
    return taken.has_value();
  }
  static value encode(bool member, const field_description& /*field*/) { return member; }
  static bool absent(bool /*member*/) { return false; }
};

template <std::integral Member>
struct field_codec<Member> {
  static void describe(field_description& field) { field.type = field_type::whole_number; }
  static bool decode(const value& given, const check_context& context, Member& into) {
    whole_bounds bounds;
    if constexpr (std::unsigned_integral<Member>) {
      bounds.least = 0;
    }
    if constexpr (sizeof(Member) < sizeof(std::int64_t)) {
      bounds = {std::numeric_limits<Member>::min(), std::numeric_limits<Member>::max()};
    }
    const auto taken = checked_whole(given, bounds, context);
    if (taken) {
      into = static_cast<Member>(*taken);
    }
    return taken.has_value();
  }
  static value encode(Member member, const field_description& /*field*/) { return member; }
  static bool absent(Member /*member*/) { return false; }
};

template <>
struct field_codec<double> {
  static void describe(field_description& field) { field.type = field_type::number; }
  static bool decode(const value& given, const check_context& context, double& into) {
    const auto taken = checked_number(given, context);
    into = taken.value_or(into);
    return taken.has_value();
  }
  static value encode(double member, const field_description& /*field*/) { return member; }
  static bool absent(double /*member*/) { return false; }
};

template <>
struct field_codec<std::chrono::milliseconds> {
  static void describe(field_description& field);
  static bool decode(const value& given, const check_context& context,
                     std::chrono::milliseconds& into);
  static value encode(std::chrono::milliseconds member, const field_description& field);
  static bool absent(std::chrono::milliseconds /*member*/) { return false; }
};

template <class Member>
requires std::is_enum_v<Member>
struct field_codec<Member> {
  static void describe(field_description& field) {
    field.type = field_type::choice;
    for (const auto& [enumerator, text] : choices<Member>::names) {
      field.choices.push_back(text);
    }
  }
  static bool decode(const value& given, const check_context& context, Member& into) {
    const auto position = checked_choice(given, context);
    if (position) {
      into = choices<Member>::names[*position].first;
    }
    return position.has_value();
  }
  static value encode(Member member, const field_description& /*field*/) {
    return std::string{choice_text(member)};
  }
  static bool absent(Member /*member*/) { return false; }
};

} // namespace nats_mcp::json
