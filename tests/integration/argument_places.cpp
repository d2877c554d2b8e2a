// SPDX-License-Identifier: MIT
#include "tests/integration/argument_places.hpp"

#include <map>

namespace nats_mcp::testing {

namespace {

/// What makes sense under a name; an argument that is not here takes what its schema allows.
const std::map<std::string, json::value>& sensible() {
  static const std::map<std::string, json::value> all{
    {"agentType", "developer"}, {"capability", "typescript"},
    {"channel", "planning"},    {"deadline", "2099-01-01T00:00:00Z"},
    {"handle", "ann"},          {"itemId", "550e8400-e29b-41d4-a716-446655440000"},
    {"recipientHandle", "ann"}, {"workItemId", "550e8400-e29b-41d4-a716-446655440000"},
  };
  return all;
}

const json::value& member_of(const json::value& schema, const char* key) {
  static const json::value none = json::value::object();
  const auto* found = json::find(schema, key);
  return found == nullptr ? none : *found;
}

bool is_of_type(const json::value& schema, const char* type) {
  return member_of(schema, "type") == type;
}

json::value plain_value(const std::string& name, const json::value& schema) {
  if (const auto known = sensible().find(name); known != sensible().end()) {
    return known->second;
  }
  if (const auto* choices = json::find(schema, "enum")) {
    return choices->front();
  }
  if (is_of_type(schema, "integer") || is_of_type(schema, "number")) {
    const auto* least = json::find(schema, "minimum");
    return least == nullptr ? json::value(0) : *least; // of a wait: none
  }
  if (is_of_type(schema, "boolean")) {
    return false;
  }
  if (is_of_type(schema, "array")) {
    return json::value::array({plain_value({}, member_of(schema, "items"))});
  }
  return is_of_type(schema, "object") ? json::value::object() : json::value("text");
}

/// The arguments a call needs; a wait never takes its time.
json::value needed(const json::value& schema) {
  auto out = json::value::object();
  const auto& properties = member_of(schema, "properties");
  for (const auto& name : member_of(schema, "required")) {
    const auto key = name.get<std::string>();
    out[key] = plain_value(key, member_of(properties, key.c_str()));
  }
  if (const auto* timeout = json::find(properties, "timeout")) {
    out["timeout"] = plain_value("timeout", *timeout);
  }
  return out;
}

/// The value of an argument with the string in it, and what that place is called.
std::vector<std::pair<std::string, json::value>> values_with_string(const std::string& name,
                                                                    const json::value& schema) {
  if (is_of_type(schema, "string")) {
    return {{name, replaced}};
  }
  std::vector<std::pair<std::string, json::value>> out;
  if (is_of_type(schema, "array")) {
    for (auto& [inner, value] : values_with_string(name + "[]", member_of(schema, "items"))) {
      out.emplace_back(inner, json::value::array({value}));
    }
  } else if (is_of_type(schema, "object")) {
    out.emplace_back(name + ".<member>", json::value{{"workItemId", replaced}, {"note", replaced}});
    out.emplace_back(name + ".<name>", json::value{{replaced, "x"}});
  }
  return out;
}

json::value replace(const json::value& document, const std::string& text) {
  if (document.is_string()) {
    return document == replaced ? json::value(text) : document;
  }
  auto out = document;
  if (document.is_array()) {
    for (auto& item : out) {
      item = replace(item, text);
    }
  } else if (document.is_object()) {
    out = json::value::object();
    for (const auto& [key, member] : document.items()) {
      out[key == replaced ? text : key] = replace(member, text);
    }
  }
  return out;
}

} // namespace

std::vector<argument_place> string_places(const json::value& tools) {
  std::vector<argument_place> out;
  for (const auto& tool : tools) {
    const auto& schema = member_of(tool, "inputSchema");
    const auto& properties = member_of(schema, "properties");
    for (const auto& [property, described] : properties.items()) {
      for (const auto& [name, value] : values_with_string(property, described)) {
        argument_place place{member_of(tool, "name").get<std::string>(), name, {}};
        // Alone, and beside each other argument it may need: some need one of two.
        auto call = needed(schema);
        call[property] = value;
        place.calls.push_back(call);
        for (const auto* partner : {"capability", "recipientHandle", "messageType"}) {
          if (const auto* beside = json::find(properties, partner);
              beside != nullptr && property != partner) {
            auto fuller = call;
            fuller[partner] = plain_value(partner, *beside);
            place.calls.push_back(std::move(fuller));
          }
        }
        out.push_back(std::move(place));
      }
    }
  }
  return out;
}

json::value with_text(const json::value& call, const std::string& text) {
  return replace(call, text);
}

} // namespace nats_mcp::testing
