// SPDX-License-Identifier: MIT
#include "protocol/logging/event.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/logging/redaction.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::logging {

namespace {

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char l, char r) { return lower(l) == lower(r); });
}

/// What may leave the process: redacted before it is cut, since half a secret is one too.
std::string presentable(std::string_view text) {
  auto out = redact(text);
  if (out.size() > limits::log_text_bytes_max) {
    auto end = limits::log_text_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) {
      --end;
    }
    out.resize(end);
    out += "…";
  }
  return out;
}

/// A field's value as JSON. A field whose name says it is a secret is hidden whatever it holds.
json::value value_of(const field& each) {
  const auto as_assignment = each.name + "=";
  return std::visit(
    [&](const auto& value) -> json::value {
      using type = std::decay_t<decltype(value)>;
      if (redact(as_assignment + "x") != as_assignment + "x") {
        return "***";
      }
      if constexpr (std::is_same_v<type, std::string>) {
        return presentable(value);
      } else {
        return value;
      }
    },
    each.value);
}

} // namespace

std::string_view to_string(level value) noexcept {
  switch (value) {
    case level::debug:
      return "DEBUG";
    case level::info:
      return "INFO";
    case level::warning:
      return "WARN";
    case level::error:
      return "ERROR";
  }
  return "ERROR";
}

std::optional<level> parse_level(std::string_view text) noexcept {
  for (const auto each : {level::debug, level::info, level::warning, level::error}) {
    if (equal_ignoring_case(text, to_string(each))) {
      return each;
    }
  }
  return std::nullopt;
}

std::optional<format> parse_format(std::string_view text) noexcept {
  if (equal_ignoring_case(text, "json")) {
    return format::json;
  }
  if (equal_ignoring_case(text, "text")) {
    return format::text;
  }
  return std::nullopt;
}

std::string to_json_line(const event& happened, wall_time time) {
  json::value line = json::value::object();
  line["time"] = to_rfc3339(time);
  line["level"] = to_string(happened.severity);
  line["component"] = happened.component;
  line["event"] = happened.id;
  line["message"] = presentable(happened.message);
  if (!happened.fields.empty()) {
    auto& fields = line["fields"] = json::value::object();
    for (const auto& each : happened.fields) {
      fields[each.name] = value_of(each);
    }
  }
  return json::write(line);
}

std::string to_text_line(const event& happened, wall_time time) {
  auto line = to_rfc3339(time);
  line += ' ';
  line += to_string(happened.severity);
  line += ' ';
  line += happened.component;
  line += ' ';
  line += happened.id;
  line += ": ";
  line += one_line(presentable(happened.message));
  for (const auto& each : happened.fields) {
    const auto value = value_of(each);
    line += ' ';
    line += each.name;
    line += '=';
    if (value.is_string()
        && value.get_ref<const std::string&>().find_first_of(" =\"") == std::string::npos) {
      line += one_line(value.get_ref<const std::string&>());
    } else {
      line += one_line(json::write(value));
    }
  }
  return line;
}

} // namespace nats_mcp::logging
