// SPDX-License-Identifier: MIT
#include "protocol/config/layer.hpp"

#include "protocol/config/configuration_fields.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

namespace nats_mcp::config {

namespace {

using json::field_description;
using json::field_type;

/// Calls `visit` with every field that is no structure, its pointer and its key.
using visitor =
  std::function<void(const field_description&, const std::string& pointer, const std::string& key)>;

void visit_fields(const std::vector<field_description>& fields, const std::string& pointer,
                  const std::string& key, const visitor& visit) {
  for (const auto& field : fields) {
    const std::string name{field.rules.name};
    const auto inner_pointer = pointer + "/" + name;
    const auto inner_key = key.empty() ? name : key + "." + name;
    if (field.type == field_type::object) {
      visit_fields(*field.members, inner_pointer, inner_key, visit);
    } else {
      visit(field, inner_pointer, inner_key);
    }
  }
}

json::value list_of(std::string_view text) {
  auto out = json::value::array();
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (const auto item = trimmed(text.substr(0, comma)); !item.empty()) {
      out.push_back(std::string{item});
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

/// A variable's text as the JSON its field expects; what does not convert stays text, and the field
/// says what is wrong with it.
json::value converted(const std::string& text, const field_description& field) {
  switch (field.type) {
    case field_type::whole_number:
    case field_type::milliseconds: {
      std::int64_t number = 0;
      const auto* const end = text.data() + text.size();
      const auto [rest, status] = std::from_chars(text.data(), end, number);
      return status == std::errc{} && rest == end ? json::value(number) : json::value(text);
    }
    case field_type::boolean:
      if (text == "true" || text == "1") {
        return true;
      }
      return text == "false" || text == "0" ? json::value(false) : json::value(text);
    case field_type::list:
      return list_of(text);
    default:
      return text;
  }
}

bool ours(std::string_view variable) {
  return variable.substr(0, 9) == "NATS_MCP_" || variable.substr(0, 10) == "WORKQUEUE_";
}

} // namespace

layer read_layer(std::string path, const std::string& text, std::vector<problem>& problems) {
  layer out;
  out.source = std::move(path);
  if (text.size() > limits::configuration_bytes_max) {
    problems.push_back(
      {out.source, 0, {}, {}, "is larger than a configuration may be (1 MiB)", {}});
    return out;
  }
  auto parsed = json::parse(text);
  if (!parsed) {
    const auto fault = json::find_syntax_fault(text);
    problems.push_back({out.source,
                        fault ? fault->line : 0,
                        {},
                        {},
                        "is no JSON: " + one_line(fault ? fault->reason : parsed.error().message),
                        "comments and trailing commas are not allowed"});
    return out;
  }
  out.document = std::move(*parsed);
  out.places = json::locate(text);
  if (out.document.is_object()) {
    out.document.erase("$schema"); // for editors
  }
  for (const auto& pointer : out.places.repeated) {
    problems.push_back({out.source,
                        json::line_of(out.places, pointer),
                        one_line(pointer.substr(pointer.rfind('/') + 1)),
                        {},
                        "stands here a second time",
                        "remove one of the two"});
  }
  return out;
}

layer environment_layer(const std::map<std::string, std::string>& environment,
                        const std::vector<field_description>& fields,
                        std::vector<problem>& problems) {
  layer out;
  out.source = "environment";
  std::vector<std::string_view> known{project_path_variable};
  visit_fields(
    fields, {}, {}, [&](const field_description& field, const std::string& pointer, const auto&) {
      if (field.rules.environment.empty()) {
        return;
      }
      known.push_back(field.rules.environment);
      const auto variable = environment.find(std::string{field.rules.environment});
      if (variable == environment.end() || variable->second.empty()) {
        return;
      }
      if (!is_utf8(variable->second)) {
        // Whatever is made of it would be another name in JSON than in a subject.
        problems.push_back({out.source, 0, variable->first, {}, "is no text in UTF-8", {}});
        return;
      }
      out.document[json::value::json_pointer{pointer}] = converted(variable->second, field);
      out.variables[pointer] = variable->first;
    });
  for (const auto& [name, content] : environment) {
    const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
    if (!ours(name) || is_known) {
      continue;
    }
    // Other programs may use such names too; only what is nearly one of ours is a slip.
    constexpr std::size_t slip = 2;
    for (const auto candidate : known) {
      if (ours(candidate) && edit_distance(name, candidate) <= slip) {
        problems.push_back({out.source,
                            0,
                            one_line(name),
                            {},
                            "is not a known variable",
                            "did you mean " + std::string{candidate} + "?"});
        break;
      }
    }
  }
  return out;
}

void spell_choices(layer& in, const std::vector<field_description>& fields) {
  const auto spell = [](json::value& given, const std::vector<std::string_view>& choices) {
    const auto* text = given.get_ptr<const std::string*>();
    const auto found = text == nullptr ? choices.end()
                                       : std::find_if(choices.begin(), choices.end(),
                                                      [text](std::string_view choice) {
                                                        return equal_but_for_case(choice, *text);
                                                      });
    if (found != choices.end()) {
      given = std::string{*found};
    }
  };
  visit_fields(fields, {}, {},
               [&](const field_description& field, const std::string& pointer, const auto&) {
                 const json::value::json_pointer where{pointer};
                 if (!in.document.contains(where)) {
                   return;
                 }
                 auto& given = in.document[where];
                 if (field.type == field_type::choice) {
                   spell(given, field.choices);
                 } else if (field.type == field_type::list && given.is_array()) {
                   for (auto& item : given) {
                     spell(item, field.items.front().choices);
                   }
                 }
               });
}

problem located(const json::problem& found, const layer& from) {
  problem out{from.source, 0, found.key, found.headline, found.reason, found.advice};
  if (!from.places.lines.empty()) {
    out.line = json::line_of(from.places, found.pointer);
  }
  for (const auto& [pointer, variable] : from.variables) {
    if (found.pointer.compare(0, pointer.size(), pointer) == 0) {
      out.key = variable;
      if (out.suggestion.compare(0, 8, "example:") == 0) {
        out.suggestion.clear(); // it is written for a file
      }
    }
  }
  return out;
}

void note_origins(const layer& from, const std::vector<field_description>& fields,
                  const std::vector<json::problem>& refused,
                  std::map<std::string, origin>& origins) {
  const auto is_refused = [&refused](const std::string& pointer) {
    return std::any_of(refused.begin(), refused.end(), [&pointer](const json::problem& one) {
      return one.pointer == pointer || one.pointer.starts_with(pointer + "/");
    });
  };
  visit_fields(
    fields, {}, {},
    [&](const field_description&, const std::string& pointer, const std::string& key) {
      if (!from.document.contains(json::value::json_pointer{pointer}) || is_refused(pointer)) {
        return;
      }
      const auto line = from.places.lines.empty() ? 0 : json::line_of(from.places, pointer);
      origins[key] = {from.source, line};
    });
}

} // namespace nats_mcp::config
