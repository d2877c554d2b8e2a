// SPDX-License-Identifier: MIT
// What is declared of one member of a structure: name, meaning, bounds, secrecy. The one source
// from which decoding, the error sentences, the JSON Schema and the reference pages are made.
#pragma once

#include "protocol/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::json {

/// A rule for texts: the pattern for the schema, and the same rule as a function, which is what
/// decides (a test holds the two together).
struct text_rule {
  /// ECMA-262, anchored.
  std::string_view pattern;
  bool (*holds)(std::string_view) = nullptr;
  /// What holds, in words that follow "must be".
  std::string_view in_words;
  /// A sentence, without its full stop, that comes first when the rule is broken. May be empty.
  std::string_view refusal;
};

enum class presence : std::uint8_t { optional, required };
/// `address`: may hold credentials, shown without them. What is not plain is never repeated in a
/// sentence.
enum class secrecy : std::uint8_t { plain, secret, address };
/// How a time span is written: a number of milliseconds, or a text such as `7d`.
enum class duration_form : std::uint8_t { milliseconds, text };

/// What a declaration says of a member. Its default is the one of the default-constructed
/// structure.
struct field_rules {
  std::string_view name{};
  /// One or two sentences, for the schema and the reference page.
  std::string_view doc{};
  presence need = presence::optional;
  /// Of numbers, and of time spans in milliseconds.
  std::optional<std::int64_t> minimum{};
  std::optional<std::int64_t> maximum{};
  /// Of texts and of the texts in a list, in characters.
  std::optional<std::uint64_t> length_min{};
  std::optional<std::uint64_t> length_max{};
  std::optional<std::uint64_t> items_min{};
  std::optional<std::uint64_t> items_max{};
  /// For texts and the texts in a list.
  const text_rule* rule = nullptr;
  /// A legal value, as JSON.
  std::string_view example{};
  /// The environment variable that says the same; empty = none.
  std::string_view environment{};
  secrecy secret = secrecy::plain;
  duration_form duration = duration_form::milliseconds;
};

/// Always there; the name says it all.
[[nodiscard]] constexpr field_rules required(std::string_view name) {
  return {.name = name, .need = presence::required};
}

/// Of results: always there, and explained.
[[nodiscard]] constexpr field_rules fact(std::string_view name, std::string_view doc) {
  return {.name = name, .doc = doc, .need = presence::required};
}

enum class field_type : std::uint8_t {
  text,
  whole_number,
  number,
  boolean,
  /// One of a closed list of texts.
  choice,
  milliseconds,
  duration_text,
  list,
  /// A structure with a field table of its own.
  object,
  /// Any JSON object.
  free_object,
};

/// A member as its table knows it: the declaration and what its C++ type adds.
struct field_description {
  field_rules rules;
  field_type type = field_type::text;
  std::vector<std::string_view> choices;
  /// Of a list: the description of its items, exactly one.
  std::vector<field_description> items;
  /// Of an object: its members.
  const std::vector<field_description>* members = nullptr;
  /// Absent: the member is required, or its absence means something of its own.
  std::optional<value> default_value;
};

/// Where in a document decoding is. Lives on the stack; made into text only when something is
/// wrong.
struct place {
  const place* outer = nullptr;
  /// Empty for an item of a list and for the document itself.
  std::string_view member{};
  std::size_t index = 0;
};

/// One thing that is wrong with a document.
struct problem {
  /// RFC 6901, such as `/channels/0/name`.
  std::string pointer;
  /// The same for a reader: `channels[0].name`.
  std::string key;
  /// A sentence that comes before everything else, without its full stop. May be empty.
  std::string headline;
  /// What follows the key: "must be …, but … was given".
  std::string reason;
  /// What to do: a clause without its full stop, such as `did you mean "channel"?`. May be empty.
  std::string advice;

  friend bool operator==(const problem&, const problem&) = default;
};

/// The name of `known` that `given` may have been meant for, or an empty view.
[[nodiscard]] std::string_view likely_meant(std::string_view given,
                                            const std::vector<std::string_view>& known);

} // namespace nats_mcp::json
