// SPDX-License-Identifier: MIT
#include "tests/fuzz/schema_fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <string>

namespace nats_mcp::fuzz {

namespace {

/// Beyond it no pattern of ours matches, and the library's matcher would need too much stack.
constexpr std::size_t matched_bytes_max = 256;

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) {
    return (static_cast<unsigned char>(letter) & 0xc0U) != 0x80U;
  }));
}

bool matches(const std::string& pattern, const std::string& text) {
  static std::map<std::string, std::regex> known;
  const auto found = known.try_emplace(pattern, pattern, std::regex::ECMAScript).first;
  return text.size() <= matched_bytes_max && std::regex_search(text, found->second);
}

/// Whether the bound is not there or holds.
template <class Holds>
bool bounded(const json::value& schema, const char* keyword, Holds holds) {
  const auto* bound = json::find(schema, keyword);
  return bound == nullptr || holds(bound->get<double>());
}

bool is_type(const json::value& given, const std::string& type) {
  if (type == "integer") {
    return given.is_number() && std::floor(given.get<double>()) == given.get<double>();
  }
  return (type == "string" && given.is_string()) || (type == "number" && given.is_number())
         || (type == "boolean" && given.is_boolean()) || (type == "array" && given.is_array())
         || (type == "object" && given.is_object());
}

bool text_fits(const json::value& schema, const std::string& text) {
  const auto length = static_cast<double>(characters_of(text));
  const auto* pattern = json::find(schema, "pattern");
  return bounded(schema, "minLength", [length](double least) { return length >= least; })
         && bounded(schema, "maxLength", [length](double most) { return length <= most; })
         && (pattern == nullptr || matches(pattern->get<std::string>(), text));
}

bool list_fits(const json::value& schema, const json::value& given) {
  const auto size = static_cast<double>(given.size());
  const auto* items = json::find(schema, "items");
  return bounded(schema, "minItems", [size](double least) { return size >= least; })
         && bounded(schema, "maxItems", [size](double most) { return size <= most; })
         && std::all_of(given.begin(), given.end(), [items](const json::value& item) {
              return items == nullptr || fits(*items, item);
            });
}

bool object_fits(const json::value& schema, const json::value& given) {
  const auto* properties = json::find(schema, "properties");
  const auto* more = json::find(schema, "additionalProperties");
  for (const auto& [name, member] : given.items()) {
    const auto* inner = properties == nullptr ? nullptr : json::find(*properties, name);
    if (inner == nullptr ? more != nullptr && *more == false : !fits(*inner, member)) {
      return false;
    }
  }
  const auto* required = json::find(schema, "required");
  return required == nullptr
         || std::all_of(required->begin(), required->end(), [&given](const json::value& name) {
              return json::find(given, name.get<std::string>()) != nullptr;
            });
}

} // namespace

bool fits(const json::value& schema, const json::value& given) {
  const auto* choices = json::find(schema, "enum");
  if (!is_type(given, schema.at("type").get<std::string>())
      || (choices != nullptr
          && std::find(choices->begin(), choices->end(), given) == choices->end())) {
    return false;
  }
  if (given.is_number()) {
    const auto number = given.get<double>();
    return bounded(schema, "minimum", [number](double least) { return number >= least; })
           && bounded(schema, "maximum", [number](double most) { return number <= most; });
  }
  if (given.is_string()) {
    return text_fits(schema, given.get<std::string>());
  }
  return given.is_array() ? list_fits(schema, given)
                          : !given.is_object() || object_fits(schema, given);
}

} // namespace nats_mcp::fuzz
