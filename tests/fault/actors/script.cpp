// SPDX-License-Identifier: MIT
#include "tests/fault/actors/script.hpp"

#include "protocol/json/member.hpp"

#include <charconv>

namespace nats_mcp::fault {

json::value filled_in(const json::value& pattern, const script_memory& known, std::uint64_t mark) {
  if (pattern.is_string()) {
    auto text = pattern.get<std::string>();
    if (text.starts_with('$')) {
      const auto found = known.find(text.substr(1));
      return found == known.end() ? std::string{} : found->second;
    }
    if (text.ends_with('~')) {
      text.pop_back();
      return text + std::to_string(mark);
    }
    return pattern;
  }
  auto out = pattern;
  if (out.is_object() || out.is_array()) {
    for (auto& member : out) {
      member = filled_in(member, known, mark);
    }
  }
  return out;
}

std::string fact_at(const json::value& content, std::string_view path) {
  const auto* place = &content;
  while (!path.empty()) {
    const auto end = path.find('.');
    const auto name = path.substr(0, end);
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
    if (place->is_array()) {
      std::size_t index = 0;
      std::from_chars(name.data(), name.data() + name.size(), index);
      if (index >= place->size()) {
        return {};
      }
      place = &(*place)[index];
    } else if (const auto* member = json::find(*place, name)) {
      place = member;
    } else {
      return {};
    }
  }
  return place->is_string() ? place->get<std::string>() : json::write(*place);
}

} // namespace nats_mcp::fault
