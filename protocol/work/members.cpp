// SPDX-License-Identifier: MIT
#include "protocol/work/members.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/utf8.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <limits>

namespace nats_mcp::work {

namespace {

/// Far beyond what anybody reaches, and there is always a next one.
constexpr std::uint64_t generation_max = std::uint64_t{1} << 53U;
constexpr double progress_max = 100;

} // namespace

std::string kept_note(std::string_view text) {
  return json::shortened(text, limits::work_note_bytes_max);
}

std::string note_member(const json::value& object, std::string_view key) {
  return kept_note(json::text_member(object, key));
}

json::value object_member(const json::value& object, std::string_view key) {
  const auto* found = json::find(object, key);
  return found != nullptr && found->is_object() ? *found : json::value::object();
}

std::optional<wall_time> time_member(const json::value& object, std::string_view key) {
  const auto time = parse_rfc3339(json::text_member(object, key));
  return time ? std::optional{*time} : std::nullopt;
}

std::optional<double> progress_member(const json::value& object, std::string_view key) {
  const auto* found = json::find(object, key);
  if (found == nullptr || !found->is_number()) {
    return std::nullopt;
  }
  const auto progress = found->get<double>();
  return progress >= 0 && progress <= progress_max ? std::optional{progress} : std::nullopt;
}

std::uint32_t count_member(const json::value& object, std::string_view key,
                           std::uint32_t otherwise) {
  const auto given = json::unsigned_member(object, key).value_or(otherwise);
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max() / 2;
  return static_cast<std::uint32_t>(std::min(given, most));
}

std::uint64_t generation_member(const json::value& object) {
  return std::clamp<std::uint64_t>(json::unsigned_member(object, "gen").value_or(1), 1,
                                   generation_max);
}

json::value party_to_json(const party& who) { return {{"guid", who.guid}, {"handle", who.handle}}; }

party party_member(const json::value& object, std::string_view key) {
  party out;
  const auto* found = json::find(object, key);
  if (found == nullptr) {
    return out;
  }
  if (const auto guid = json::text_member(*found, "guid"); agents::is_guid(guid)) {
    out.guid = guid;
  }
  out.handle = first_characters(json::text_member(*found, "handle"), limits::name_characters_max);
  return out;
}

} // namespace nats_mcp::work
