// SPDX-License-Identifier: MIT
// How members made of other values are described, decoded and encoded: structures with a table of
// their own, lists, optional members, free JSON objects.
#pragma once

#include "protocol/json/field_codec.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace nats_mcp::json {

template <class Structure>
class field_table;

/// Specialized for every structure that has a field table: `static const field_table<S>& fields()`.
template <class Structure>
struct described;

/// A structure with a field table.
template <class Member>
requires std::is_class_v<Member>
struct field_codec<Member> {
  static void describe(field_description& field) {
    field.type = field_type::object;
    field.members = &described<Member>::fields().descriptions();
  }
  static bool decode(const value& given, const check_context& context, Member& into) {
    return checked_object(given, context)
           && described<Member>::fields().decode(given, context.where, context.problems, into);
  }
  static value encode(const Member& member, const field_description& /*field*/) {
    return described<Member>::fields().encode(member);
  }
  static bool absent(const Member& /*member*/) { return false; }
};

/// Any JSON object, kept as it is.
template <>
struct field_codec<value> {
  static void describe(field_description& field) { field.type = field_type::free_object; }
  static bool decode(const value& given, const check_context& context, value& into) {
    const bool good = checked_object(given, context);
    if (good) {
      into = given;
    }
    return good;
  }
  static value encode(const value& member, const field_description& /*field*/) { return member; }
  static bool absent(const value& member) { return member.is_null(); }
};

template <class Member>
struct field_codec<std::optional<Member>> {
  static void describe(field_description& field) { field_codec<Member>::describe(field); }
  static bool decode(const value& given, const check_context& context,
                     std::optional<Member>& into) {
    Member taken{};
    const bool good = field_codec<Member>::decode(given, context, taken);
    if (good) {
      into = std::move(taken);
    }
    return good;
  }
  static value encode(const std::optional<Member>& member, const field_description& field) {
    return field_codec<Member>::encode(*member, field);
  }
  static bool absent(const std::optional<Member>& member) { return !member.has_value(); }
};

template <class Item>
struct field_codec<std::vector<Item>> {
  static void describe(field_description& field) {
    field.type = field_type::list;
    field_description item;
    item.rules.length_min = field.rules.length_min;
    item.rules.length_max = field.rules.length_max;
    item.rules.rule = field.rules.rule;
    field_codec<Item>::describe(item);
    field.items = {std::move(item)};
  }
  static bool decode(const value& given, const check_context& context, std::vector<Item>& into) {
    if (!checked_list(given, context)) {
      return false;
    }
    std::vector<Item> taken(given.size());
    bool good = true;
    for (std::size_t index = 0; index < given.size(); ++index) {
      const place where{&context.where, {}, index};
      good = field_codec<Item>::decode(
               given[index], {context.field.items.front(), where, context.problems}, taken[index])
             && good;
    }
    if (good) {
      into = std::move(taken);
    }
    return good;
  }
  static value encode(const std::vector<Item>& member, const field_description& field) {
    auto out = value::array();
    for (const auto& item : member) {
      out.push_back(field_codec<Item>::encode(item, field.items.front()));
    }
    return out;
  }
  static bool absent(const std::vector<Item>& member) { return member.empty(); }
};

} // namespace nats_mcp::json
