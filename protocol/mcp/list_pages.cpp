// SPDX-License-Identifier: MIT
#include "protocol/mcp/list_pages.hpp"

#include "protocol/json/writer.hpp"
#include "protocol/mcp/envelope_legacy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace nats_mcp::mcp {

namespace {

/// FNV-1a. Not for secrecy: a cursor of another version of the list must not fit this one.
std::uint32_t digest(const std::vector<std::string>& texts) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const auto& text : texts) {
    for (const auto character : text) {
      hash = (hash ^ static_cast<unsigned char>(character)) * 16777619U;
    }
  }
  return hash;
}

std::string cursor_text(std::uint32_t list, std::size_t first_entry) {
  std::array<char, 8> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), list, 16).ptr;
  return std::string{buffer.data(), end} + '-' + std::to_string(first_entry);
}

} // namespace

list_pages::list_pages(const content& listed, const modern_envelope& envelope) {
  std::vector<std::string> written;
  written.reserve(listed.entries.size());
  for (const auto& entry : listed.entries) {
    written.push_back(json::write(entry));
  }
  const auto list = digest(written);
  const auto step = listed.entries_per_page == 0 ? std::max<std::size_t>(written.size(), 1)
                                                 : listed.entries_per_page;
  std::size_t first = 0;
  do {
    const auto last = std::min(first + step, written.size());
    std::string members;
    json::append_string(members, listed.member);
    members += ":[";
    for (auto i = first; i < last; ++i) {
      members += i == first ? "" : ",";
      members += written[i];
    }
    members += ']';
    if (last < written.size()) {
      members += R"(,"nextCursor":)";
      json::append_string(members, cursor_text(list, last));
    }
    auto& page = pages_.emplace_back();
    page.cursor = first == 0 ? std::string{} : cursor_text(list, first);
    append_legacy_result(page.legacy, members);
    envelope.append_result(page.modern, members, listed.hint);
    first = last;
  } while (first < written.size());
}

const std::string* list_pages::page(const std::optional<std::string>& cursor, era of) const {
  const auto found = cursor ? std::find_if(std::next(pages_.begin()), pages_.end(),
                                           [&](const auto& page) { return page.cursor == *cursor; })
                            : pages_.begin();
  if (found == pages_.end()) {
    return nullptr;
  }
  return of == era::legacy ? &found->legacy : &found->modern;
}

} // namespace nats_mcp::mcp
