// SPDX-License-Identifier: MIT
#include "protocol/json/writer.hpp"

#include "protocol/json/utf8.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace nats_mcp::json {

namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

void append_escaped(std::string& out, char character) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (character) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default: {
      const auto code = static_cast<unsigned char>(character);
      out += "\\u00";
      out += digits[code >> 4U];
      out += digits[code & 0xFU];
    }
  }
}

bool stands_for_itself(char character) noexcept {
  const auto code = static_cast<unsigned char>(character);
  return code >= 0x20 && code < 0x7F && character != '"' && character != '\\';
}

template <class Number>
void append_digits(std::string& out, Number number) {
  std::array<char, 32> buffer{};
  const auto [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  if (failure == std::errc{}) {
    out.append(buffer.data(), end);
  } else {
    out += '0';
  }
}

void append_array(std::string& out, const value& array) {
  out += '[';
  auto first = true;
  for (const auto& element : array) {
    if (!first) {
      out += ',';
    }
    first = false;
    append_value(out, element);
  }
  out += ']';
}

void append_object(std::string& out, const value::object_t& object) {
  out += '{';
  auto first = true;
  for (const auto& [key, member] : object) {
    if (!first) {
      out += ',';
    }
    first = false;
    append_string(out, key);
    out += ':';
    append_value(out, member);
  }
  out += '}';
}

} // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0; // everything before it is in `out`
  std::size_t at = 0;
  while (at < text.size()) {
    if (stands_for_itself(text[at])) {
      ++at;
      continue;
    }
    const auto length = sequence_length(text.substr(at));
    if (length > 1) {
      at += length;
      continue;
    }
    out.append(text, copied, at - copied);
    if (length == 0) {
      out += replacement_character;
    } else {
      append_escaped(out, text[at]);
    }
    copied = ++at;
  }
  out.append(text, copied);
  out += '"';
}

void append_number(std::string& out, double number) {
  if (number == 0 && std::signbit(number)) {
    out += "-0.0"; // `-0` is read back as the integer 0
  } else if (std::isfinite(number)) {
    append_digits(out, number);
  } else {
    out += "null";
  }
}

void append_value(std::string& out, const value& document) {
  switch (document.type()) {
    case value::value_t::null:
    case value::value_t::discarded:
      out += "null";
      break;
    case value::value_t::boolean:
      out += *document.get_ptr<const value::boolean_t*>() ? "true" : "false";
      break;
    case value::value_t::number_integer:
      append_digits(out, *document.get_ptr<const value::number_integer_t*>());
      break;
    case value::value_t::number_unsigned:
      append_digits(out, *document.get_ptr<const value::number_unsigned_t*>());
      break;
    case value::value_t::number_float:
      append_number(out, *document.get_ptr<const value::number_float_t*>());
      break;
    case value::value_t::string:
      append_string(out, *document.get_ptr<const value::string_t*>());
      break;
    case value::value_t::binary: {
      // The parser keeps the digits of an integer beyond 64 bits here; nothing else makes one.
      const auto digits = integer_text(document);
      out += digits.empty() ? "null" : digits;
      break;
    }
    case value::value_t::array:
      append_array(out, document);
      break;
    case value::value_t::object:
      append_object(out, *document.get_ptr<const value::object_t*>());
      break;
  }
}

} // namespace nats_mcp::json
