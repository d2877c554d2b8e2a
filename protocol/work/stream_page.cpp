// SPDX-License-Identifier: MIT
#include "protocol/work/stream_page.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>
#include <utility>

namespace nats_mcp::work {

namespace {

/// Up to where everything is known: the end of the part that was cut first.
std::optional<std::uint64_t> known_until(const std::vector<page_part>& parts) {
  std::optional<std::uint64_t> out;
  for (const auto& part : parts) {
    if (part.cut && !part.messages.empty()) {
      const auto end = part.messages.back().stream_sequence;
      out = std::min(out.value_or(end), end);
    }
  }
  return out;
}

} // namespace

stream_page merged_page(std::vector<page_part> parts, page_bounds bounds) {
  const auto until = known_until(parts);
  std::vector<jetstream::delivery> all;
  for (auto& part : parts) {
    std::move(part.messages.begin(), part.messages.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
    return left.stream_sequence < right.stream_sequence;
  });
  stream_page out;
  std::size_t bytes = 0;
  for (auto& message : all) {
    const bool shown_before =
      !out.messages.empty() && out.messages.back().stream_sequence == message.stream_sequence;
    if (shown_before) {
      continue;
    }
    const bool fits =
      out.messages.empty()
      || (out.messages.size() < bounds.messages && bytes + message.payload.size() <= bounds.bytes);
    if (!fits || (until && message.stream_sequence > *until)) {
      out.next = out.messages.back().stream_sequence + 1;
      return out;
    }
    bytes += message.payload.size();
    out.messages.push_back(std::move(message));
  }
  if (until) {
    out.next = *until + 1;
  }
  return out;
}

std::string page_cursor(std::uint64_t sequence) { return std::to_string(sequence); }

result<std::uint64_t> page_start(const std::optional<std::string>& cursor, std::string_view tool) {
  if (!cursor) {
    return 1;
  }
  std::uint64_t sequence = 0;
  const auto* const end = cursor->data() + cursor->size();
  const auto [rest, failure] = std::from_chars(cursor->data(), end, sequence);
  // Only what was handed out is taken: no sign, no leading zero.
  if (failure != std::errc{} || rest != end || sequence == 0 || page_cursor(sequence) != *cursor) {
    return fail(ec::invalid_argument,
                "cursor must be one that an earlier " + std::string{tool} + " gave, but \""
                  + one_line(first_characters(*cursor, limits::quoted_characters_max))
                  + "\" was given. Leave it out to begin with the first page.");
  }
  return sequence;
}

} // namespace nats_mcp::work
