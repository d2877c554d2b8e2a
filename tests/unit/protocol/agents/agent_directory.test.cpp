// SPDX-License-Identifier: MIT
#include "protocol/agents/agent_directory.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace nats_mcp::agents::agent_directory_test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;
using jetstream::kv_operation;
using tools::effective_status;

constexpr wall_time noon{1'736'935'200'000ms};
const std::string project = "0123456789abcdef";
const std::string user = "fedcba9876543210";

std::string guid_of(std::size_t number) {
  auto digits = std::to_string(number);
  return "00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

template <class Change>
tools::discover_agents_arguments asking(Change change) {
  tools::discover_agents_arguments out;
  change(out);
  return out;
}

/// Builds a directory entry by entry, as a watch does.
class agent_directory_test : public ::testing::Test {
protected:
  agent_record record(std::size_t number) {
    agent_record out;
    out.guid = guid_of(number);
    out.session_id = "s" + std::to_string(number);
    out.handle = "dev-" + std::to_string(number);
    out.agent_type = "developer";
    out.hostname = "build-1";
    out.project_id = project;
    out.capabilities = {"C++", "review"};
    out.seen_by = visibility::public_;
    return out;
  }

  static std::string key_of(const agent_record& of) {
    return *agent_key({of.guid, project, user}, of.seen_by);
  }

  bool apply(const agent_record& of, wall_time at = noon) {
    return put(key_of(of), write_agent_record(of, "w"), at).changed;
  }
  agent_directory::applied put(const std::string& key, const std::string& value,
                               wall_time at = noon) {
    return directory_.apply({key, value, ++revision_, kv_operation::put, at});
  }
  bool remove(const agent_record& of) {
    return directory_.apply({key_of(of), {}, ++revision_, kv_operation::deleted, noon}).changed;
  }
  void beat(const agent_record& of, wall_time at, const std::string& session) {
    directory_.apply_presence({beat_of(of, at, session)});
  }
  jetstream::kv_entry beat_of(const agent_record& of, wall_time at, const std::string& session) {
    return {key_of(of), write_presence(session, "w"), ++revision_, kv_operation::put, at};
  }

  strings handles(const tools::discover_agents_arguments& what = {}, wall_time now = noon) {
    strings out;
    for (const auto& one : directory_.select(what, now).first) {
      out.push_back(one.handle);
    }
    return out;
  }

  agent_directory directory_;
  std::uint64_t revision_ = 0;
};

TEST_F(agent_directory_test, shows_what_an_agent_says_of_itself) {
  auto one = record(1);
  one.current_task_count = 3;
  one.username = "ann";
  one.registered_at = noon - 1h;
  EXPECT_TRUE(apply(one, noon - 5s));
  const auto found = directory_.find(one.guid, noon);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->guid, one.guid);
  EXPECT_EQ(found->handle, "dev-1");
  EXPECT_EQ(found->agent_type, "developer");
  EXPECT_EQ(found->status, effective_status::online);
  EXPECT_EQ(found->capabilities, (strings{"C++", "review"}));
  EXPECT_EQ(found->last_seen, "2025-01-15T09:59:55.000Z");
  EXPECT_EQ(found->hostname, "build-1");
  EXPECT_EQ(found->project_id, project);
  EXPECT_EQ(found->username, "ann");
  EXPECT_EQ(found->visibility, visibility::public_);
  EXPECT_EQ(found->current_task_count, 3);
  EXPECT_EQ(found->registered_at, "2025-01-15T09:00:00.000Z");
  EXPECT_FALSE(directory_.find(guid_of(2), noon));
}

TEST_F(agent_directory_test, merges_by_guid_and_the_newest_wins) {
  auto one = record(1);
  apply(one);
  one.seen_by = visibility::project_only;
  one.handle = "narrower";
  apply(one);
  EXPECT_EQ(handles(), strings{"narrower"});
  EXPECT_EQ(directory_.size(), 1U);
  remove(one);
  EXPECT_EQ(handles(), strings{"dev-1"}) << "what is left is older, and all there is";
}

TEST_F(agent_directory_test, keeps_the_newer_of_two_revisions_whatever_comes_last) {
  auto one = record(1);
  const jetstream::kv_entry old{key_of(one), write_agent_record(one, "w"), 4, kv_operation::put,
                                noon};
  one.handle = "renamed";
  revision_ = 8;
  apply(one);
  EXPECT_FALSE(directory_.apply(old).changed);
  EXPECT_EQ(handles(), strings{"renamed"});
}

TEST_F(agent_directory_test, forgets_an_agent_whose_entry_is_not_kept_any_more) {
  auto one = record(1);
  apply(one, noon - limits::agent_kept_for);
  one.seen_by = visibility::project_only;
  apply(one, noon - limits::agent_kept_for + 1ms);
  apply(record(2), noon - limits::agent_kept_for);
  directory_.forget_expired(noon);
  EXPECT_EQ(directory_.size(), 1U);
  ASSERT_TRUE(directory_.find(one.guid, noon));
  EXPECT_EQ(directory_.find(one.guid, noon)->visibility, visibility::project_only);
  directory_.forget_expired(noon + 1ms);
  EXPECT_EQ(directory_.size(), 0U);
}

TEST_F(agent_directory_test, forgets_an_agent_that_was_deleted_or_cannot_be_read) {
  const auto one = record(1);
  apply(one);
  EXPECT_TRUE(remove(one));
  EXPECT_FALSE(remove(one)) << "nothing is different now";
  EXPECT_EQ(directory_.size(), 0U);
  apply(one);
  EXPECT_TRUE(put(key_of(one), "no JSON").changed);
  EXPECT_EQ(directory_.size(), 0U);
  EXPECT_FALSE(put("no.such.key", "{}").changed);
}

TEST_F(agent_directory_test, tells_what_cannot_be_read_from_what_was_deleted) {
  const auto one = record(1);
  EXPECT_FALSE(put(key_of(one), write_agent_record(one, "w")).unreadable);
  EXPECT_TRUE(put(key_of(one), "no JSON").unreadable) << "where an agent was";
  EXPECT_TRUE(put(key_of(one), "no JSON").unreadable) << "where nobody is";
  EXPECT_TRUE(put("no.such.key", "{}").unreadable);
  for (const auto& key : {key_of(one), std::string{"no.such.key"}}) {
    EXPECT_FALSE(directory_.apply({key, {}, ++revision_, kv_operation::deleted, noon}).unreadable);
  }
}

TEST_F(agent_directory_test, forgets_exactly_the_keys_of_a_pattern) {
  auto everywhere = record(1);
  apply(everywhere);
  everywhere.seen_by = visibility::project_only;
  apply(everywhere);
  auto own = record(2);
  own.seen_by = visibility::private_;
  apply(own);
  apply(record(3));
  directory_.forget("public.all.>");
  EXPECT_EQ(handles(), (strings{"dev-1", "dev-2"}));
  directory_.forget("private." + own.guid);
  EXPECT_EQ(handles(), strings{"dev-1"});
  directory_.clear();
  EXPECT_EQ(directory_.size(), 0U);
}

TEST_F(agent_directory_test, shows_stale_and_offline_agents_only_to_who_asks_for_them) {
  apply(record(1), noon);
  apply(record(2), noon - 150s); // stale
  apply(record(3), noon - 200s); // offline
  auto busy = record(4);
  busy.status = tools::agent_status::busy;
  apply(busy, noon);
  EXPECT_EQ(handles(), (strings{"dev-1", "dev-4"}));
  EXPECT_EQ(handles(asking([&](auto& it) { it.include_offline = true; })),
            (strings{"dev-1", "dev-4", "dev-2", "dev-3"}));
  EXPECT_EQ(handles(asking([&](auto& it) { it.status = effective_status::stale; })),
            strings{"dev-2"});
  EXPECT_EQ(handles(asking([&](auto& it) { it.status = effective_status::offline; })),
            strings{"dev-3"});
  EXPECT_EQ(handles(asking([&](auto& it) { it.status = effective_status::busy; })),
            strings{"dev-4"});
}

TEST_F(agent_directory_test, lets_a_heartbeat_of_the_session_that_speaks_revive_an_agent) {
  const auto one = record(1);
  apply(one, noon - 1h);
  beat(one, noon - 1s, "s0");
  EXPECT_TRUE(handles().empty());
  const auto older = beat_of(one, noon - 2s, "s1");
  const auto newer = beat_of(one, noon - 1s, "s0");
  directory_.apply_presence({newer, older});
  EXPECT_TRUE(handles().empty()) << "the older one is not the newest there is";
  beat(one, noon, "s1");
  EXPECT_EQ(handles(), strings{"dev-1"});
}

TEST_F(agent_directory_test, believes_the_newer_heartbeat_also_when_its_time_stamp_is_older) {
  const auto one = record(1);
  apply(one, noon - 2h);
  beat(one, noon, "s1");
  beat(one, noon - 1h, "s1"); // the server's clock was set back
  EXPECT_EQ(directory_.find(one.guid, noon - 1h)->status, effective_status::online);
  EXPECT_EQ(directory_.find(one.guid, noon - 57min)->status, effective_status::offline);
}

TEST_F(agent_directory_test, hands_back_signs_of_life_that_no_agent_gave) {
  const auto one = record(1);
  apply(one, noon - 1h);
  const auto sound = beat_of(one, noon, "s1");
  auto odd_value = beat_of(record(2), noon, "s2");
  odd_value.value = "\xff";
  auto odd_key = beat_of(record(3), noon, "s3");
  odd_key.key = "odd";
  auto removed = beat_of(record(4), noon, "s4");
  removed.operation = kv_operation::deleted;
  removed.value.clear();
  const auto strange = directory_.apply_presence({sound, odd_value, odd_key, removed});
  ASSERT_EQ(strange.size(), 2U);
  EXPECT_EQ(strange[0].key, odd_value.key);
  EXPECT_EQ(strange[1].key, "odd");
  EXPECT_EQ(handles(), strings{"dev-1"});
}

TEST_F(agent_directory_test, matches_texts_without_regard_to_case) {
  auto one = record(1);
  apply(one);
  auto two = record(2);
  two.agent_type = "tester";
  two.hostname = "laptop";
  two.capabilities = {"python"};
  two.project_id = "ffffffffffffffff";
  apply(two);
  EXPECT_EQ(handles(asking([&](auto& it) { it.agent_type = "TESTER"; })), strings{"dev-2"});
  EXPECT_EQ(handles(asking([&](auto& it) { it.capability = "c++"; })), strings{"dev-1"});
  EXPECT_EQ(handles(asking([&](auto& it) { it.hostname = "Laptop"; })), strings{"dev-2"});
  EXPECT_EQ(handles(asking([&](auto& it) { it.project_id = project; })), strings{"dev-1"});
  EXPECT_TRUE(handles(asking([&](auto& it) {
                it.agent_type = "tester";
                it.capability = "c++";
              }))
                .empty());
}

TEST_F(agent_directory_test, lists_the_most_recently_seen_first_and_then_by_guid) {
  apply(record(3), noon - 1s);
  apply(record(1), noon - 2s);
  apply(record(2), noon - 1s);
  EXPECT_EQ(handles(), (strings{"dev-2", "dev-3", "dev-1"}));
}

TEST_F(agent_directory_test, finds_every_agent_of_a_handle) {
  auto one = record(1);
  auto two = record(2);
  two.handle = one.handle;
  apply(one, noon - 5s);
  apply(two, noon);
  apply(record(3));
  const auto found = directory_.find_handle("dev-1", noon);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].guid, two.guid);
  EXPECT_EQ(found[1].guid, one.guid);
  EXPECT_TRUE(directory_.find_handle("Dev-1", noon).empty());
}

TEST_F(agent_directory_test, shows_at_least_one_agent_a_page) {
  apply(record(1));
  apply(record(2));
  EXPECT_EQ(handles(asking([&](auto& it) { it.limit = 0; })).size(), 1U);
  EXPECT_EQ(handles(asking([&](auto& it) { it.limit = -7; })).size(), 1U);
}

TEST_F(agent_directory_test, takes_in_no_more_agents_than_its_bound) {
  for (std::size_t i = 0; i < limits::agents_in_view_max; ++i) {
    apply(record(i));
  }
  EXPECT_FALSE(directory_.incomplete());
  EXPECT_FALSE(apply(record(limits::agents_in_view_max)));
  EXPECT_EQ(directory_.size(), limits::agents_in_view_max);
  EXPECT_TRUE(directory_.incomplete());
  EXPECT_TRUE(apply(record(0))) << "who is in it is still told of";
  remove(record(1));
  EXPECT_TRUE(apply(record(limits::agents_in_view_max)));
  directory_.forget("project." + project + ".>");
  EXPECT_TRUE(directory_.incomplete()) << "who is missing stands under other keys";
  directory_.forget("public.all.>");
  EXPECT_FALSE(directory_.incomplete()) << "all of them come again";
}

TEST_F(agent_directory_test, tells_of_those_behind_the_limit_where_they_are) {
  apply(record(1), noon - 2s);
  apply(record(2), noon - 1s);
  apply(record(3), noon);
  auto found = directory_.select(asking([&](auto& it) { it.limit = 1; }), noon);
  ASSERT_EQ(found.first.size(), 1U);
  ASSERT_EQ(found.behind.size(), 2U);
  std::sort(found.behind.begin(), found.behind.end());
  EXPECT_EQ(found.behind[0].guid_text(), guid_of(2));
  EXPECT_EQ(found.behind[0].seen, noon - 1s);
  EXPECT_EQ(found.behind[1].guid_text(), guid_of(1));
}

TEST_F(agent_directory_test, finds_one_agent_if_it_matches) {
  apply(record(1));
  const auto testers = asking([&](auto& it) { it.agent_type = "tester"; });
  EXPECT_TRUE(directory_.find_matching(guid_of(1), {}, noon));
  EXPECT_FALSE(directory_.find_matching(guid_of(1), testers, noon));
  EXPECT_FALSE(directory_.find_matching(guid_of(1), {}, noon + 1h)) << "it is offline then";
  EXPECT_FALSE(directory_.find_matching(guid_of(2), {}, noon));
}

TEST_F(agent_directory_test, notices_who_falls_silent_and_who_comes_back) {
  EXPECT_FALSE(directory_.next_look());
  apply(record(1), noon);
  apply(record(2), noon + 10s);
  EXPECT_FALSE(directory_.look_who_is_there(noon + 10s)) << "as their entries say";
  EXPECT_EQ(directory_.next_look(), noon + 120s);
  beat(record(1), noon + 60s, "s1");
  EXPECT_EQ(directory_.next_look(), noon + 130s);
  EXPECT_TRUE(directory_.look_who_is_there(noon + 130s)) << "the second one is stale";
  EXPECT_FALSE(directory_.look_who_is_there(noon + 131s));
  EXPECT_EQ(directory_.next_look(), noon + 180s);
  beat(record(1), noon + 120s, "s1");
  EXPECT_EQ(directory_.next_look(), noon + 190s) << "it may come back until then";
  beat(record(2), noon + 135s, "s2");
  EXPECT_TRUE(directory_.look_who_is_there(noon + 190s));
  EXPECT_EQ(directory_.next_look(), noon + 240s);
}

TEST_F(agent_directory_test, waits_for_nobody_who_has_left) {
  auto one = record(1);
  apply(one, noon);
  EXPECT_TRUE(directory_.look_who_is_there(noon + 180s));
  EXPECT_FALSE(directory_.next_look());
  one.ended = true;
  apply(one, noon + 200s);
  EXPECT_FALSE(directory_.look_who_is_there(noon + 200s));
  EXPECT_FALSE(directory_.next_look());
}

TEST_F(agent_directory_test, knows_the_newest_stamp) {
  EXPECT_EQ(directory_.newest_stamp(), wall_time{});
  apply(record(1), noon);
  apply(record(2), noon - 5s);
  EXPECT_EQ(directory_.newest_stamp(), noon);
}

} // namespace
} // namespace nats_mcp::agents::agent_directory_test
