// SPDX-License-Identifier: MIT
#include "protocol/json/schema.hpp"

#include <string>

namespace nats_mcp::json {

namespace {

template <class Bound>
void put(value& schema, const char* keyword, const std::optional<Bound>& bound) {
  if (bound) {
    schema[keyword] = *bound;
  }
}

std::string documentation(const field_rules& rules, schema_reader reader) {
  std::string out{rules.doc};
  if (reader == schema_reader::editor && !rules.environment.empty()) {
    out += " The environment variable " + std::string{rules.environment} + " comes first.";
  }
  return out;
}

value field_schema(const field_description& field, schema_reader reader);

void put_type(value& schema, const field_description& field, schema_reader reader) {
  const auto& rules = field.rules;
  switch (field.type) {
    case field_type::text:
      schema["type"] = "string";
      put(schema, "minLength", rules.length_min);
      put(schema, "maxLength", rules.length_max);
      if (rules.rule != nullptr && !rules.rule->pattern.empty()) {
        schema["pattern"] = std::string{rules.rule->pattern};
      }
      break;
    case field_type::whole_number:
    case field_type::milliseconds:
    case field_type::number:
      schema["type"] = field.type == field_type::number ? "number" : "integer";
      put(schema, "minimum", rules.minimum);
      put(schema, "maximum", rules.maximum);
      break;
    case field_type::boolean:
      schema["type"] = "boolean";
      break;
    case field_type::choice:
      schema["type"] = "string";
      for (const auto choice : field.choices) {
        schema["enum"].push_back(std::string{choice});
      }
      break;
    case field_type::duration_text:
      schema["type"] = "string";
      schema["pattern"] = "^[0-9]+(d|h|m|s|ms)$";
      break;
    case field_type::list:
      schema["type"] = "array";
      put(schema, "minItems", rules.items_min);
      put(schema, "maxItems", rules.items_max);
      schema["items"] = field_schema(field.items.front(), reader);
      break;
    case field_type::object:
      schema = object_schema(*field.members, reader);
      break;
    case field_type::free_object:
      schema["type"] = "object";
      break;
  }
}

value field_schema(const field_description& field, schema_reader reader) {
  auto schema = value::object();
  put_type(schema, field, reader);
  if (auto text = documentation(field.rules, reader); !text.empty()) {
    schema["description"] = std::move(text);
  }
  const bool has_default = field.default_value && field.type != field_type::object;
  if (has_default && reader != schema_reader::checker) {
    schema["default"] = *field.default_value;
  }
  if (reader == schema_reader::editor && !field.rules.example.empty()) {
    if (auto example = parse(field.rules.example)) {
      schema["examples"] = value::array({std::move(*example)});
    }
  }
  return schema;
}

} // namespace

value object_schema(const std::vector<field_description>& members, schema_reader reader) {
  auto schema = value::object();
  schema["type"] = "object";
  auto required = value::array();
  for (const auto& field : members) {
    const std::string name{field.rules.name};
    schema["properties"][name] = field_schema(field, reader);
    if (field.rules.need == presence::required) {
      required.push_back(name);
    }
  }
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  schema["additionalProperties"] = false;
  return schema;
}

} // namespace nats_mcp::json
