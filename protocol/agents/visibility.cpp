// SPDX-License-Identifier: MIT
#include "protocol/agents/visibility.hpp"

#include <array>
#include <cstddef>

namespace nats_mcp::agents {

namespace {

constexpr std::string_view public_owner = "all";

struct key_form {
  visibility seen_by;
  std::string_view prefix;
  /// Whether an owner stands between the prefix and the guid.
  bool owned;
};

constexpr std::array<key_form, 4> key_forms{{
  {visibility::private_, "private.", false},
  {visibility::project_only, "project.", true},
  {visibility::user_only, "user.", true},
  {visibility::public_, "public.", true},
}};

std::string_view owner_token(const principal& owner, visibility seen_by) {
  switch (seen_by) {
    case visibility::private_:
      return {};
    case visibility::project_only:
      return owner.project_id;
    case visibility::user_only:
      return owner.user_hash;
    case visibility::public_:
      return public_owner;
  }
  return {};
}

/// What stands before the guid; nothing where there is no owner.
std::optional<std::string> key_prefix(const key_form& form, const principal& whose) {
  std::string out{form.prefix};
  if (form.owned) {
    const auto owner = owner_token(whose, form.seen_by);
    if (owner.empty()) {
      return std::nullopt;
    }
    out.append(owner).append(1, '.');
  }
  return out;
}

} // namespace

bool may_see(const principal& viewer, const principal& owner, visibility of_owner) {
  const auto same = [](const std::string& left, const std::string& right) {
    return !left.empty() && left == right;
  };
  if (same(viewer.guid, owner.guid)) {
    return true;
  }
  switch (of_owner) {
    case visibility::private_:
      return false;
    case visibility::project_only:
      return same(viewer.project_id, owner.project_id);
    case visibility::user_only:
      return same(viewer.user_hash, owner.user_hash);
    case visibility::public_:
      return true;
  }
  return false;
}

std::optional<std::string> agent_key(const principal& owner, visibility of_owner) {
  for (const auto& form : key_forms) {
    if (form.seen_by == of_owner) {
      auto key = key_prefix(form, owner);
      return key ? std::optional{*key + owner.guid} : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<parsed_agent_key> parse_agent_key(std::string_view key) {
  for (const auto& form : key_forms) {
    if (!key.starts_with(form.prefix)) {
      continue;
    }
    parsed_agent_key out;
    out.seen_by = form.seen_by;
    auto rest = key.substr(form.prefix.size());
    if (form.owned) {
      const auto dot = rest.find('.');
      if (dot == std::string_view::npos || dot == 0) {
        return std::nullopt;
      }
      out.owner = rest.substr(0, dot);
      rest = rest.substr(dot + 1);
    }
    out.guid = rest;
    return is_guid(rest) ? std::optional{out} : std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string> visible_patterns(const principal& viewer) {
  std::vector<std::string> out;
  for (const auto& form : key_forms) {
    if (form.seen_by == visibility::private_) {
      if (!viewer.guid.empty()) {
        out.push_back(std::string{form.prefix} + viewer.guid);
      }
    } else if (const auto prefix = key_prefix(form, viewer)) {
      out.push_back(*prefix + '>');
    }
  }
  return out;
}

visibility visibility_of_pattern(std::string_view pattern) noexcept {
  for (const auto& form : key_forms) {
    if (pattern.starts_with(form.prefix)) {
      return form.seen_by;
    }
  }
  return visibility::private_;
}

std::vector<std::string> visible_keys(const principal& viewer, std::string_view guid) {
  std::vector<std::string> out;
  for (const auto& form : key_forms) {
    if (form.seen_by == visibility::private_ && viewer.guid != guid) {
      continue;
    }
    if (const auto prefix = key_prefix(form, viewer)) {
      out.push_back(*prefix + std::string{guid});
    }
  }
  return out;
}

bool is_guid(std::string_view text) noexcept {
  if (text.size() != guid_length) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !digit) {
      return false;
    }
  }
  return true;
}

} // namespace nats_mcp::agents
