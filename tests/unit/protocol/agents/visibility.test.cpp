// SPDX-License-Identifier: MIT
// Who may see whom: the decision against a truth table written down by hand, and the keys, patterns
// and look-ups against the decision.
#include "protocol/agents/visibility.hpp"

#include "protocol/jetstream/stream_comparison.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

namespace nats_mcp::agents::visibility_test {
namespace {

constexpr std::string_view ann = "123e4567-e89b-12d3-a456-426614174000";
constexpr std::string_view bob = "550e8400-e29b-41d4-a716-446655440000";

constexpr std::array all_visibilities{visibility::private_, visibility::project_only,
                                      visibility::user_only, visibility::public_};

struct row {
  bool same_agent;
  bool same_project;
  bool same_user;
  /// private, project-only, user-only, public
  std::array<bool, 4> seen;
};

constexpr std::array truth{
  row{false, false, false, {false, false, false, true}},
  row{false, false, true, {false, false, true, true}},
  row{false, true, false, {false, true, false, true}},
  row{false, true, true, {false, true, true, true}},
  row{true, false, false, {true, true, true, true}},
  row{true, false, true, {true, true, true, true}},
  row{true, true, false, {true, true, true, true}},
  row{true, true, true, {true, true, true, true}},
};

TEST(visibility, is_what_the_table_says) {
  const principal owner{std::string{ann}, "p1", "u1"};
  for (const auto& [agent, project, user, seen] : truth) {
    const principal viewer{std::string{agent ? ann : bob}, project ? "p1" : "p2",
                           user ? "u1" : "u2"};
    for (std::size_t i = 0; i < all_visibilities.size(); ++i) {
      EXPECT_EQ(may_see(viewer, owner, all_visibilities[i]), seen[i])
        << agent << project << user << " " << i;
    }
  }
}

TEST(visibility, treats_what_is_not_known_as_nobodys) {
  const principal owner{std::string{ann}, "", ""};
  const principal viewer{"", "", ""};
  EXPECT_FALSE(may_see(viewer, owner, visibility::private_));
  EXPECT_FALSE(may_see(viewer, owner, visibility::project_only));
  EXPECT_FALSE(may_see(viewer, owner, visibility::user_only));
  EXPECT_TRUE(may_see(viewer, owner, visibility::public_));
  EXPECT_FALSE(may_see(viewer, viewer, visibility::private_)) << "nobody is not oneself";
  EXPECT_FALSE(agent_key(owner, visibility::user_only));
}

TEST(visibility, stands_in_the_key) {
  const principal owner{std::string{ann}, "p1", "u1"};
  const auto key = [&owner](visibility seen_by) { return agent_key(owner, seen_by).value(); };
  EXPECT_EQ(key(visibility::private_), "private." + owner.guid);
  EXPECT_EQ(key(visibility::project_only), "project.p1." + owner.guid);
  EXPECT_EQ(key(visibility::user_only), "user.u1." + owner.guid);
  EXPECT_EQ(key(visibility::public_), "public.all." + owner.guid);
}

TEST(visibility, is_not_read_from_what_is_no_key) {
  const std::string guid{ann};
  for (const auto& key :
       {std::string{}, guid, "private.x." + guid, "private." + guid + ".", "project." + guid,
        "project.." + guid, "project.p1." + guid + ".x", "secret.p1." + guid,
        "public.all." + guid.substr(1), "PUBLIC.all." + guid}) {
    EXPECT_FALSE(parse_agent_key(key)) << key;
  }
}

TEST(visibility, lets_an_unregistered_viewer_watch_no_private_entry) {
  EXPECT_EQ(visible_patterns({"", "p1", ""}),
            (std::vector<std::string>{"project.p1.>", "public.all.>"}));
  EXPECT_EQ(visible_patterns({std::string{ann}, "p1", "u1"}),
            (std::vector<std::string>{"private." + std::string{ann}, "project.p1.>", "user.u1.>",
                                      "public.all.>"}));
}

TEST(guid, is_36_characters_in_lower_case) {
  EXPECT_TRUE(is_guid(ann));
  EXPECT_FALSE(is_guid("123E4567-e89b-12d3-a456-426614174000"));
  EXPECT_FALSE(is_guid("123e4567-e89b-12d3-a456-42661417400"));
  EXPECT_FALSE(is_guid("123e4567+e89b-12d3-a456-426614174000"));
}

principal any_principal() {
  return {*rc::gen::element(std::string{ann}, std::string{bob}, std::string{}),
          *rc::gen::element<std::string>("p1", "p2", ""),
          *rc::gen::element<std::string>("u1", "u2", "")};
}

/// Somebody who has a record.
principal any_owner() {
  auto out = any_principal();
  out.guid = *rc::gen::element(std::string{ann}, std::string{bob});
  return out;
}

RC_GTEST_PROP(visibility, of_keys_is_what_was_written_into_them, ()) {
  const auto owner = any_owner();
  const auto seen_by = *rc::gen::elementOf(all_visibilities);
  const auto key = agent_key(owner, seen_by);
  RC_PRE(key.has_value());
  const auto parsed = parse_agent_key(*key);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->seen_by == seen_by);
  RC_ASSERT(parsed->guid == owner.guid);
}

RC_GTEST_PROP(visibility, of_others_is_the_same_for_decision_patterns_and_keys, ()) {
  const auto viewer = any_principal();
  const auto owner = any_owner();
  RC_PRE(viewer.guid != owner.guid);
  const auto seen_by = *rc::gen::elementOf(all_visibilities);
  const auto key = agent_key(owner, seen_by);
  RC_PRE(key.has_value());
  const bool seen = may_see(viewer, owner, seen_by);
  const auto patterns = visible_patterns(viewer);
  const auto matching =
    std::count_if(patterns.begin(), patterns.end(),
                  [&key](const auto& pattern) { return jetstream::covers(pattern, *key); });
  RC_ASSERT(matching == (seen ? 1 : 0));
  const auto keys = visible_keys(viewer, owner.guid);
  RC_ASSERT((std::count(keys.begin(), keys.end(), *key) == 1) == seen);
  RC_ASSERT(keys.size() <= 4U);
}

RC_GTEST_PROP(visibility, lets_everybody_find_their_own_entry, ()) {
  // The same agent, as its project and user are now.
  const auto self = any_owner();
  const auto seen_by = *rc::gen::elementOf(all_visibilities);
  const auto key = agent_key(self, seen_by);
  RC_PRE(key.has_value());
  RC_ASSERT(may_see(self, self, seen_by));
  const auto patterns = visible_patterns(self);
  RC_ASSERT(std::count_if(patterns.begin(), patterns.end(),
                          [&key](const auto& pattern) { return jetstream::covers(pattern, *key); })
            == 1);
  const auto keys = visible_keys(self, self.guid);
  RC_ASSERT(std::count(keys.begin(), keys.end(), *key) == 1);
}

TEST(visible_patterns, tell_whose_entries_they_match) {
  const principal viewer{"550e8400-e29b-41d4-a716-446655440000", "0123456789abcdef",
                         "fedcba9876543210"};
  std::vector<visibility> found;
  for (const auto& pattern : visible_patterns(viewer)) {
    found.push_back(visibility_of_pattern(pattern));
  }
  EXPECT_EQ(found, (std::vector{visibility::private_, visibility::project_only,
                                visibility::user_only, visibility::public_}));
}

} // namespace
} // namespace nats_mcp::agents::visibility_test
