// SPDX-License-Identifier: MIT
// One declaration per structure: a table of its members. From it come decoding with error
// sentences, encoding, the JSON Schema (protocol/json/schema.hpp) and the reference pages. Used by
// the tools and by the configuration.
//
//   template <> struct described<point> { static const field_table<point>& fields() {
//     static const field_table<point> table{{
//       member<point>(&point::x, {.name = "x", .doc = "…", .need = presence::required}),
//     }};
//     return table;
//   } };
#pragma once

#include "protocol/json/compound_codec.hpp"

#include <cassert>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace nats_mcp::json {

/// A member of `Structure` with what is declared of it; made by `member`.
template <class Structure>
struct field {
  using decoder = std::function<bool(const value&, const check_context&, Structure&)>;
  /// Null: the member is absent.
  using encoder = std::function<value(const Structure&, const field_description&)>;

  field_description description;
  decoder decode;
  encoder encode;
};

/// Declares a member.
/// @param access a pointer to the member, or a function from the structure to a reference to it.
template <class Structure, class Access>
[[nodiscard]] field<Structure> member(Access access, field_rules rules) {
  using type = std::remove_cvref_t<std::invoke_result_t<Access, Structure&>>;
  using codec = field_codec<type>;
  field<Structure> out;
  out.description.rules = rules;
  codec::describe(out.description);
  out.decode = [access](const value& given, const check_context& context, Structure& into) {
    return codec::decode(given, context, std::invoke(access, into));
  };
  out.encode = [access](const Structure& from, const field_description& about) {
    const type& current = std::invoke(access, from);
    const bool left_out = about.rules.need == presence::optional && codec::absent(current);
    return left_out ? value{} : codec::encode(current, about);
  };
  if (rules.need == presence::optional) {
    if (auto initial = out.encode(Structure{}, out.description); !initial.is_null()) {
      out.description.default_value = std::move(initial);
    }
  }
  return out;
}

/// The members of `Structure`, in the order in which they are written and documented.
template <class Structure>
class field_table {
public:
  explicit field_table(std::vector<field<Structure>> fields) {
    assert(fields.size() <= 64); // one bit each while decoding
    for (auto& entry : fields) {
      descriptions_.push_back(std::move(entry.description));
      decoders_.push_back(std::move(entry.decode));
      encoders_.push_back(std::move(entry.encode));
    }
  }

  /// Takes the members of `document` over into `into`; what is absent there stays as it is. Reports
  /// every problem: a value that breaks its rule, an unknown member, a required one that is
  /// missing.
  /// @returns whether there was none.
  bool decode(const value& document, const place& where, std::vector<problem>& problems,
              Structure& into) const {
    if (!is_structure(document, where, problems)) {
      return false;
    }
    std::uint64_t seen = 0;
    bool good = true;
    for (const auto& [name, given] : document.items()) {
      const auto index = position(name);
      if (index == descriptions_.size()) {
        report_unknown(name, descriptions_, where, problems);
        good = false;
        continue;
      }
      seen |= std::uint64_t{1} << index;
      const place inner{&where, name};
      good = decoders_[index](given, {descriptions_[index], inner, problems}, into) && good;
    }
    for (std::size_t index = 0; index < descriptions_.size(); ++index) {
      const bool there = ((seen >> index) & 1U) != 0;
      if (!there && descriptions_[index].rules.need == presence::required) {
        report_missing(descriptions_[index], where, problems);
        good = false;
      }
    }
    return good;
  }

  /// The structure as JSON. Optional members that are not set or are empty are left out.
  [[nodiscard]] value encode(const Structure& from) const {
    auto out = value::object();
    for (std::size_t index = 0; index < descriptions_.size(); ++index) {
      if (auto encoded = encoders_[index](from, descriptions_[index]); !encoded.is_null()) {
        out[std::string{descriptions_[index].rules.name}] = std::move(encoded);
      }
    }
    return out;
  }

  [[nodiscard]] const std::vector<field_description>& descriptions() const noexcept {
    return descriptions_;
  }

private:
  [[nodiscard]] std::size_t position(std::string_view name) const noexcept {
    std::size_t index = 0;
    while (index < descriptions_.size() && descriptions_[index].rules.name != name) {
      ++index;
    }
    return index;
  }

  std::vector<field_description> descriptions_;
  std::vector<typename field<Structure>::decoder> decoders_;
  std::vector<typename field<Structure>::encoder> encoders_;
};

} // namespace nats_mcp::json
