// SPDX-License-Identifier: MIT
#include "protocol/json/flat_object.hpp"
#include "protocol/json/locate.hpp"
#include "protocol/json/surrogates.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <string>

namespace nats_mcp::fuzz {

namespace {

std::size_t depth_of(const json::value& document) {
  std::size_t deepest = 0;
  if (document.is_structured()) {
    for (const auto& inner : document) {
      deepest = std::max(deepest, depth_of(inner));
    }
    return deepest + 1;
  }
  return 0;
}

void check_refusal(std::string_view text, const error& why) {
  require_sentence(why.message, sentence_bytes_max);
  require(why.code == ec::malformed || why.code == ec::limit_exceeded,
          "a text is no JSON or beyond a bound", text);
  const auto fault = json::find_syntax_fault(text);
  if (why.code == ec::malformed && text.find('\0') == std::string_view::npos) {
    require(fault.has_value(), "what is no JSON has a fault", text);
  }
  if (fault) {
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    require(fault->line >= 1 && fault->line <= static_cast<std::size_t>(lines),
            "a fault is on a line of the text", text);
    require_sentence(fault->reason, sentence_bytes_max);
  }
}

/// The short way reads what the parser reads.
void check_flat(std::string_view text, const result<json::value>& document) {
  auto flat = json::read_flat_object(text);
  if (!flat) {
    return;
  }
  require(document && document->is_object(), "a flat object is JSON", text);
  for (const auto& member : *flat) {
    const auto* same = json::find(*document, member.key);
    require(same != nullptr, "a flat member is one of the document", text);
    if (const auto* found = json::find_text(*flat, member.key)) {
      require(same->is_string() && same->get_ref<const std::string&>() == *found,
              "a flat text is the document's", text);
    }
  }
}

void check_places(std::string_view text, const json::value& document) {
  const auto places = json::locate(text);
  const auto lines = static_cast<std::size_t>(1 + std::count(text.begin(), text.end(), '\n'));
  for (const auto& [pointer, line] : places.lines) {
    // Of two members with one name the last one is in the document, and the places of both are
    // told.
    require(!places.repeated.empty() || document.contains(json::value::json_pointer{pointer}),
            "a place is in the document", pointer);
    require(line >= 1 && line <= lines, "a place is on a line of the text", pointer);
  }
  for (const auto& pointer : places.repeated) {
    require(places.lines.count(pointer) == 1, "what stands there twice has a place", pointer);
  }
}

void check_member(std::string_view text, const json::value& document, std::string_view key) {
  const auto* member = json::find(document, key);
  if (member == nullptr || member->is_structured() || json::replace_lone_surrogates(text)) {
    return;
  }
  const auto scanned = json::scan_member(text, key);
  require(scanned.has_value() && json::write(*scanned) == json::write(*member),
          "a member that is scanned for is the document's", text);
}

} // namespace

void json_text(std::string_view bytes) {
  const auto document = json::parse(bytes);
  check_flat(bytes, document);
  if (!document) {
    check_refusal(bytes, document.error());
    return;
  }
  require(depth_of(*document) <= limits::json_depth_max, "no text is too deep", bytes);
  const auto written = json::write(*document);
  require(is_json_line(written), "what is written is one line of JSON", written);
  const auto again = json::parse(written);
  require(again.has_value(), "what is written is read", written);
  // A number beyond 64 bits may be a fraction's or an id's to the program; its text stays the same.
  require(json::write(*again) == written, "what is written is what was read", written);
  check_places(bytes, *document);
  check_member(bytes, *document, "id");
}

} // namespace nats_mcp::fuzz
