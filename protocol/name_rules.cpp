// SPDX-License-Identifier: MIT
#include "protocol/name_rules.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <array>

namespace nats_mcp {

namespace {

/// First tokens of subjects that belong to the system (docs/wire.md, "Names").
constexpr std::array<std::string_view, 5> reserved{"global", "inbox", "work", "dead", "coord"};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= limits::name_characters_max
         && std::all_of(text.begin(), text.end(), [](char letter) {
              return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')
                     || letter == '-';
            });
}

bool is_namespace(std::string_view text) {
  return is_name(text) && std::find(reserved.begin(), reserved.end(), text) == reserved.end();
}

bool is_guid(std::string_view text) { return agents::is_guid(text); }

bool is_capability(std::string_view text) {
  return !text.empty() && text.size() <= limits::capability_bytes_max;
}

bool is_inbox_prefix(std::string_view text) {
  constexpr std::string_view beginning{"_INBOX"};
  return text.starts_with(beginning) && text.size() <= limits::name_characters_max
         && std::all_of(text.begin(), text.end(), [](char letter) {
              return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
                     || (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
            });
}

static_assert(limits::capability_bytes_max == 64, "the words below say so too");
static_assert(limits::name_characters_max == 64, "the patterns below say so too");

} // namespace

const json::text_rule& channel_name_rule() noexcept {
  static constexpr json::text_rule rule{
    "^[a-z0-9-]{1,64}$", is_name, "1 to 64 lowercase letters, digits and hyphens",
    "Invalid channel name. Must be lowercase alphanumeric with hyphens only"};
  return rule;
}

const json::text_rule& handle_rule() noexcept {
  static constexpr json::text_rule rule{
    "^[a-z0-9-]{1,64}$", is_name, "1 to 64 lowercase letters, digits and hyphens", {}};
  return rule;
}

const json::text_rule& guid_rule() noexcept {
  static constexpr json::text_rule rule{
    "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    is_guid,
    "a GUID: 32 hex digits in lower case, in groups of 8-4-4-4-12",
    {}};
  return rule;
}

const json::text_rule& capability_rule() noexcept {
  static constexpr json::text_rule rule{{}, is_capability, "text of 1 to 64 bytes", {}};
  return rule;
}

const json::text_rule& inbox_prefix_rule() noexcept {
  static constexpr json::text_rule rule{
    "^_INBOX[A-Za-z0-9_-]{0,58}$",
    is_inbox_prefix,
    "_INBOX, and up to 58 letters, digits, hyphens and underscores behind it",
    {}};
  return rule;
}

const json::text_rule& namespace_rule() noexcept {
  static constexpr json::text_rule rule{
    "^(?!(global|inbox|work|dead|coord)$)[a-z0-9-]{1,64}$",
    is_namespace,
    "1 to 64 lowercase letters, digits and hyphens, and none of the reserved names global, inbox, "
    "work, dead and coord",
    {}};
  return rule;
}

} // namespace nats_mcp
