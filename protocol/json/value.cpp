// SPDX-License-Identifier: MIT
#include "protocol/json/value.hpp"

#include "protocol/json/writer.hpp"

#include <utility>

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace nats_mcp::json {

std::string write(const value& document) {
  std::string text;
  append_value(text, document);
  return text;
}

std::string integer_text(const value& number) {
  if (const auto* digits = number.get_ptr<const value::binary_t*>()) {
    return std::string{digits->begin(), digits->end()};
  }
  if (number.is_number_integer()) {
    std::string text;
    append_value(text, number);
    return text;
  }
  return {};
}

const value* find(const value& object, std::string_view key) noexcept {
  const auto* members = object.get_ptr<const value::object_t*>();
  if (members == nullptr) {
    return nullptr;
  }
  for (const auto& [name, member] : *members) {
    if (name == key) {
      return &member;
    }
  }
  return nullptr;
}

value* find(value& object, std::string_view key) noexcept {
  // The one search above; `object` itself is not const.
  return const_cast<value*>(find(std::as_const(object), key));
}

} // namespace nats_mcp::json
