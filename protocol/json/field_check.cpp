// SPDX-License-Identifier: MIT
#include "protocol/json/field_check.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/time.hpp"

#include <algorithm>
#include <cmath>

namespace nats_mcp::json {

namespace {

std::string in_quotes(std::string_view text) { return "\"" + std::string{text} + "\""; }

void write_place(const place& where, std::string& pointer, std::string& key) {
  if (where.outer == nullptr) {
    return;
  }
  write_place(*where.outer, pointer, key);
  if (where.member.empty()) {
    pointer += "/" + std::to_string(where.index);
    key += "[" + std::to_string(where.index) + "]";
    return;
  }
  pointer += '/';
  for (const char letter : where.member) {
    if (letter == '~' || letter == '/') {
      pointer += letter == '~' ? "~0" : "~1";
    } else {
      pointer += letter;
    }
  }
  key += (key.empty() ? "" : ".")
         + first_characters(one_line(where.member), limits::quoted_characters_max);
}

problem at(const place& where) {
  problem out;
  write_place(where, out.pointer, out.key);
  return out;
}

/// What was given, short and harmless: `"5" (text)`.
std::string given_text(const value& given) {
  const auto text = [&given] {
    return first_characters(one_line(write(given)), limits::quoted_characters_max);
  };
  switch (given.type()) {
    case value::value_t::null:
      return "null";
    case value::value_t::object:
      return "an object";
    case value::value_t::array:
      return "a list of " + std::to_string(given.size());
    case value::value_t::string: {
      const auto& content = given.get_ref<const std::string&>();
      if (content.size() > limits::quoted_characters_max) {
        return in_quotes(one_line(first_characters(content, limits::quoted_characters_max)))
               + " (text of " + std::to_string(count_characters(content)) + " characters)";
      }
      return text() + " (text)";
    }
    default:
      return text();
  }
}

std::string example_of(const field_description& field) {
  if (field.rules.example.empty()) {
    return {};
  }
  return "example: " + (field.rules.name.empty() ? "" : in_quotes(field.rules.name) + ": ")
         + std::string{field.rules.example};
}

void refuse(const value& given, const check_context& context) {
  auto out = at(context.where);
  out.reason = "must be " + accepted(context.field);
  if (context.field.rules.secret == secrecy::plain) {
    out.reason += ", but " + given_text(given) + " was given";
  }
  out.advice = given.is_null() && context.field.rules.need == presence::optional
                 ? "leave it out instead"
                 : example_of(context.field);
  context.problems.push_back(std::move(out));
}

std::string range(std::optional<std::int64_t> least, std::optional<std::int64_t> greatest) {
  if (least && greatest) {
    return " from " + std::to_string(*least) + " to " + std::to_string(*greatest);
  }
  if (least) {
    return " of at least " + std::to_string(*least);
  }
  return greatest ? " of at most " + std::to_string(*greatest) : std::string{};
}

/// How many there may be of something, to stand before its name.
std::string count_range(std::optional<std::uint64_t> least, std::optional<std::uint64_t> most) {
  if (least && most) {
    return " " + std::to_string(*least) + " to " + std::to_string(*most);
  }
  if (least) {
    return " at least " + std::to_string(*least);
  }
  return most ? " at most " + std::to_string(*most) : std::string{};
}

bool within(std::int64_t number, const field_rules& rules) {
  return (!rules.minimum || number >= *rules.minimum)
         && (!rules.maximum || number <= *rules.maximum);
}

/// A number without a fraction, if it fits 64 bits.
std::optional<std::int64_t> whole(const value& given) {
  if (given.is_number_unsigned()) {
    const auto number = given.get<std::uint64_t>();
    return number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
             ? std::nullopt
             : std::optional{static_cast<std::int64_t>(number)};
  }
  if (given.is_number_integer()) {
    return given.get<std::int64_t>();
  }
  if (given.is_number_float()) {
    const auto number = given.get<double>();
    if (std::floor(number) == number && std::abs(number) < 9.2e18) {
      return static_cast<std::int64_t>(number);
    }
  }
  return std::nullopt;
}

} // namespace

std::string_view likely_meant(std::string_view given, const std::vector<std::string_view>& known) {
  std::string_view best;
  // A third of the letters may differ: more is another word.
  auto best_distance = std::max<std::size_t>(1, std::min<std::size_t>(given.size(), 64) / 3) + 1;
  for (const auto name : known) {
    if (given.size() <= 4 * name.size() + 4) {
      const auto distance = edit_distance(given, name);
      if (distance < best_distance) {
        best = name;
        best_distance = distance;
      }
    }
  }
  return best;
}

std::string accepted(const field_description& field) {
  const auto& rules = field.rules;
  switch (field.type) {
    case field_type::text:
      if (rules.rule != nullptr) {
        return std::string{rules.rule->in_words};
      }
      if (rules.length_min == 1U && !rules.length_max) {
        return "text that is not empty";
      }
      if (rules.length_min || rules.length_max) {
        return "text of" + count_range(rules.length_min, rules.length_max) + " characters";
      }
      return "text";
    case field_type::whole_number:
      return "a whole number" + range(rules.minimum, rules.maximum);
    case field_type::number:
      return "a number" + range(rules.minimum, rules.maximum);
    case field_type::boolean:
      return "true or false";
    case field_type::milliseconds:
      return "a whole number of milliseconds" + range(rules.minimum, rules.maximum);
    case field_type::duration_text:
      return "a duration such as \"7d\", \"24h\", \"30m\" or \"45s\"";
    case field_type::list: {
      const auto& item = field.items.front();
      const auto many = "a list of" + count_range(rules.items_min, rules.items_max);
      return item.type == field_type::choice
               ? "a list, each item " + accepted(item)
               : many + (item.type == field_type::object ? " objects" : " texts");
    }
    case field_type::choice: {
      std::string out = field.choices.size() == 1 ? "" : "one of ";
      for (const auto choice : field.choices) {
        out += (choice == field.choices.front() ? "" : ", ") + in_quotes(choice);
      }
      return out;
    }
    case field_type::object:
    case field_type::free_object:
      return "an object";
  }
  return {};
}

const std::string* checked_text(const value& given, const check_context& context) {
  if (!given.is_string()) {
    refuse(given, context);
    return nullptr;
  }
  const auto& text = given.get_ref<const std::string&>();
  const auto& rules = context.field.rules;
  bool good = true;
  if (rules.length_min || rules.length_max) {
    const auto length = count_characters(text);
    good = length >= rules.length_min.value_or(0)
           && length <= rules.length_max.value_or(std::numeric_limits<std::uint64_t>::max());
  }
  const bool rule_broken = rules.rule != nullptr && !rules.rule->holds(text);
  if (!good || rule_broken) {
    refuse(given, context);
    if (rule_broken) {
      context.problems.back().headline = rules.rule->refusal;
    }
    return nullptr;
  }
  return &text;
}

std::optional<std::int64_t> checked_whole(const value& given, whole_bounds bounds,
                                          const check_context& context) {
  const auto number = whole(given);
  if (!number || !within(*number, context.field.rules) || *number < bounds.least
      || *number > bounds.greatest) {
    refuse(given, context);
    return std::nullopt;
  }
  return number;
}

std::optional<double> checked_number(const value& given, const check_context& context) {
  const auto& rules = context.field.rules;
  const auto number = given.is_number() ? given.get<double>() : std::nan("");
  if (std::isnan(number) || (rules.minimum && number < static_cast<double>(*rules.minimum))
      || (rules.maximum && number > static_cast<double>(*rules.maximum))) {
    refuse(given, context);
    return std::nullopt;
  }
  return number;
}

std::optional<bool> checked_boolean(const value& given, const check_context& context) {
  if (!given.is_boolean()) {
    refuse(given, context);
    return std::nullopt;
  }
  return given.get<bool>();
}

std::optional<std::size_t> checked_choice(const value& given, const check_context& context) {
  const auto& choices = context.field.choices;
  if (given.is_string()) {
    const auto& text = given.get_ref<const std::string&>();
    const auto found = std::find(choices.begin(), choices.end(), text);
    if (found != choices.end()) {
      return static_cast<std::size_t>(found - choices.begin());
    }
    refuse(given, context);
    if (const auto meant = likely_meant(text, choices); !meant.empty()) {
      context.problems.back().advice = "did you mean " + in_quotes(meant) + "?";
    }
    return std::nullopt;
  }
  refuse(given, context);
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> checked_duration(const value& given,
                                                          const check_context& context) {
  std::optional<std::int64_t> count;
  if (context.field.type == field_type::milliseconds) {
    count = whole(given);
  } else if (given.is_string()) {
    if (const auto parsed = parse_duration(given.get_ref<const std::string&>())) {
      count = parsed->count();
    }
  }
  if (!count || !within(*count, context.field.rules)
      || std::abs(*count) > limits::duration_max.count()) {
    refuse(given, context);
    return std::nullopt;
  }
  return std::chrono::milliseconds{*count};
}

bool checked_list(const value& given, const check_context& context) {
  const auto& rules = context.field.rules;
  if (!given.is_array() || given.size() < rules.items_min.value_or(0)
      || given.size() > rules.items_max.value_or(std::numeric_limits<std::uint64_t>::max())) {
    refuse(given, context);
    return false;
  }
  return true;
}

bool checked_object(const value& given, const check_context& context) {
  if (!given.is_object()) {
    refuse(given, context);
    return false;
  }
  return true;
}

bool is_structure(const value& document, const place& where, std::vector<problem>& problems) {
  if (document.is_object()) {
    return true;
  }
  auto out = at(where);
  out.reason = "must be an object, but " + given_text(document) + " was given";
  problems.push_back(std::move(out));
  return false;
}

void report_unknown(std::string_view member, const std::vector<field_description>& fields,
                    const place& where, std::vector<problem>& problems) {
  std::vector<std::string_view> names;
  std::string allowed;
  for (const auto& field : fields) {
    names.push_back(field.rules.name);
    allowed += (allowed.empty() ? "" : ", ") + std::string{field.rules.name};
  }
  auto out = at({&where, member});
  out.reason = "is not known";
  if (names.empty()) {
    out.advice = "nothing may be given here";
  } else if (const auto meant = likely_meant(member, names); !meant.empty()) {
    out.advice = "did you mean " + in_quotes(meant) + "?";
  } else {
    out.advice = "allowed: " + allowed;
  }
  problems.push_back(std::move(out));
}

void report_missing(const field_description& field, const place& where,
                    std::vector<problem>& problems) {
  auto out = at({&where, field.rules.name});
  out.reason = "is missing; it must be " + accepted(field);
  out.advice = example_of(field);
  problems.push_back(std::move(out));
}

} // namespace nats_mcp::json
