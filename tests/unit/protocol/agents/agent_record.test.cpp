// SPDX-License-Identifier: MIT
#include "protocol/agents/agent_record.hpp"

#include "protocol/agents/way_back.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::agents::agent_record_test {
namespace {

using namespace std::chrono_literals;

const std::string guid = "550e8400-e29b-41d4-a716-446655440000";
const std::string other_guid = "550e8400-e29b-41d4-a716-446655440001";
const principal ann{guid, "0123456789abcdef", "fedcba9876543210"};

rc::Gen<std::string> any_bytes() {
  return rc::gen::resize(static_cast<int>(limits::name_characters_max / 2),
                         rc::gen::string<std::string>());
}

/// Up to the longest name, of characters that are hard to write in one way or another.
rc::Gen<std::string> any_text() {
  using strings = std::vector<std::string>;
  return rc::gen::map(rc::gen::resize(static_cast<int>(limits::name_characters_max),
                                      rc::gen::container<strings>(rc::gen::element<std::string>(
                                        "a", "B", "0", " ", "\"", "\\", "/", "\n", "\x01", "\x7f",
                                        "ö", "→", "🦊", ".", "*", ">"))),
                      [](const strings& characters) {
                        std::string out;
                        for (std::size_t i = 0;
                             i < characters.size() && i < limits::name_characters_max; ++i) {
                          out += characters[i];
                        }
                        return out;
                      });
}

/// Whatever an agent of this project and user can say of itself.
agent_record any_record(const rc::Gen<std::string>& short_text) {
  agent_record out;
  out.guid = guid;
  out.session_id = *short_text;
  out.ended = *rc::gen::arbitrary<bool>();
  out.agent_type = *short_text;
  out.handle = *short_text;
  out.hostname = *short_text;
  out.project_id = ann.project_id;
  out.username = *short_text;
  out.capabilities = *rc::gen::resize(8, rc::gen::container<std::vector<std::string>>(short_text));
  std::erase_if(out.capabilities,
                [](const auto& one) { return one.size() > limits::capability_bytes_max; });
  out.seen_by = *rc::gen::element(visibility::private_, visibility::project_only,
                                  visibility::user_only, visibility::public_);
  out.status = *rc::gen::element(tools::agent_status::online, tools::agent_status::busy,
                                 tools::agent_status::offline);
  out.current_task_count = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
  out.heartbeat_interval = std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(
    limits::heartbeat_interval_min.count(), limits::heartbeat_interval_max.count())};
  out.registered_at =
    wall_time{std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)}};
  return out;
}

bool is_text(const agent_record& record) {
  bool all = is_utf8(record.session_id) && is_utf8(record.agent_type) && is_utf8(record.handle)
             && is_utf8(record.hostname) && is_utf8(record.username);
  for (const auto& one : record.capabilities) {
    all = all && is_utf8(one);
  }
  return all;
}

result<agent_record> read(const json::value& value, visibility seen_by = visibility::public_) {
  return read_agent_record(*agent_key(ann, seen_by), json::write(value));
}

RC_GTEST_PROP(an_agents_record, comes_back_as_it_was_written, ()) {
  const auto record = any_record(any_text());
  const auto back =
    read_agent_record(*agent_key(ann, record.seen_by), write_agent_record(record, "w"));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == record);
}

RC_GTEST_PROP(an_agents_record, can_be_written_whatever_bytes_a_name_holds, ()) {
  const auto record = any_record(any_bytes());
  const auto back =
    read_agent_record(*agent_key(ann, record.seen_by), write_agent_record(record, "w"));
  RC_ASSERT(back.has_value());
  RC_ASSERT(is_text(*back));
}

RC_GTEST_PROP(an_agents_record, is_read_out_of_any_bytes_without_harm,
              (const std::string& key, const std::string& value)) {
  RC_ASSERT(!read_agent_record(key, value));
  RC_ASSERT(!read_agent_record(*agent_key(ann, visibility::public_), value));
  (void)read_anchor(value);
  (void)read_presence(value);
}

TEST(an_agents_record, stands_under_the_key_of_its_guid_only) {
  EXPECT_TRUE(read({{"guid", guid}}));
  for (const auto& value : {json::value{{"guid", other_guid}}, json::value{{"guid", 7}},
                            json::value::object(), json::value::array({guid})}) {
    const auto refused = read(value);
    ASSERT_FALSE(refused) << json::write(value);
    EXPECT_EQ(refused.error().code, ec::malformed);
  }
}

TEST(an_agents_record, is_seen_by_whom_its_key_says_whatever_it_says_itself) {
  const auto record =
    read({{"guid", guid}, {"visibility", "public"}, {"projectId", "ffffffffffffffff"}},
         visibility::project_only);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->seen_by, visibility::project_only);
  EXPECT_EQ(record->project_id, ann.project_id);
}

TEST(an_agents_record, bounds_what_others_wrote) {
  const std::string long_text(2'000, 'x');
  const auto record = read({{"guid", guid},
                            {"handle", long_text},
                            {"agentType", long_text},
                            {"hostname", long_text},
                            {"username", long_text},
                            {"capabilities", std::vector<std::string>(1000, long_text)}});
  ASSERT_TRUE(record);
  const auto cut = first_characters(long_text, limits::name_characters_max);
  EXPECT_EQ(record->handle, cut);
  EXPECT_EQ(record->agent_type, cut);
  EXPECT_EQ(record->username, cut);
  EXPECT_EQ(record->hostname, first_characters(long_text, limits::hostname_characters_max));
  EXPECT_EQ(record->capabilities, std::vector<std::string>(limits::capabilities_max, cut));
}

TEST(an_agents_record, makes_sense_of_numbers_that_make_none) {
  const auto interval_of = [](const json::value& given) {
    return read({{"guid", guid}, {"heartbeatIntervalMs", given}})->heartbeat_interval;
  };
  EXPECT_EQ(interval_of(0), limits::heartbeat_interval_min);
  EXPECT_EQ(interval_of(90'000), 90s);
  EXPECT_EQ(interval_of(UINT64_MAX), limits::heartbeat_interval_max);
  EXPECT_EQ(interval_of(-5), limits::heartbeat_interval_max);
  EXPECT_EQ(interval_of("soon"), limits::heartbeat_interval_max);
  EXPECT_EQ(read({{"guid", guid}, {"currentTaskCount", -3}})->current_task_count, 0);
  EXPECT_EQ(read({{"guid", guid}, {"currentTaskCount", "many"}})->current_task_count, 0);
}

TEST(an_agents_record, passes_over_capabilities_that_are_no_text) {
  EXPECT_EQ(read({{"guid", guid}, {"capabilities", {"a", 7, nullptr, "b"}}})->capabilities,
            (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(read({{"guid", guid}, {"capabilities", "a"}})->capabilities.empty());
}

TEST(an_agents_record, says_nothing_of_a_user_that_is_not_known) {
  agent_record record;
  record.guid = guid;
  const auto written = json::parse(write_agent_record(record, "w-1"));
  ASSERT_TRUE(written);
  EXPECT_FALSE(written->contains("username"));
  EXPECT_FALSE(written->contains("ended"));
  EXPECT_EQ(written->at("v"), 1);
  EXPECT_EQ(written->at("writeId"), "w-1");
}

TEST(a_sign_of_life, names_its_session) {
  EXPECT_EQ(read_presence(write_presence("s-1", "w")), "s-1");
  EXPECT_EQ(read_presence("no JSON"), "");
  EXPECT_EQ(read_presence(R"({"v":1})"), "");
}

TEST(an_anchor, comes_back_as_it_was_written) {
  const anchor held{"s-1", "public.all." + guid, wall_time{1'736'935'200'123ms}, 90s};
  const auto back = read_anchor(write_anchor(held, "w"));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, held);
}

TEST(an_anchor, of_nobody_is_none) {
  EXPECT_FALSE(read_anchor(R"({"v":1,"sessionId":""})"));
  EXPECT_FALSE(read_anchor("{}"));
  EXPECT_EQ(read_anchor("[").error().code, ec::malformed);
}

TEST(an_agents_record, of_a_stranger_keeps_the_bounds_in_bytes_where_they_are_bytes) {
  std::string foxes;
  for (std::size_t count = 0; count < limits::name_characters_max; ++count) {
    foxes += "🦊";
  }
  const json::value written{{"guid", guid}, {"capabilities", {foxes}}};
  const auto record = read_agent_record("public.all." + guid, json::write(written));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->capabilities.at(0).size(),
            limits::capability_bytes_max + std::string{"…"}.size());
}

TEST(an_agents_record, under_a_hostile_key_is_cut_and_refused_in_words_that_can_be_shown) {
  const auto value = json::write(json::value{{"guid", guid}});
  const auto record = read_agent_record("project." + std::string(3000, 'p') + "." + guid, value);
  ASSERT_TRUE(record);
  EXPECT_EQ(count_characters(record->project_id), limits::name_characters_max + 1);
  EXPECT_EQ(read_agent_record("public.\x1b[2J", value).error().message,
            R"(The entry "public.\u001b[2J" is no agent's.)");
}

RC_GTEST_PROP(an_anchor, of_anybody_comes_back_as_it_was_written, ()) {
  anchor held;
  held.session_id = "s" + *any_text();
  RC_PRE(count_characters(held.session_id) <= limits::name_characters_max);
  held.agent_key = *any_text();
  held.since = wall_time{std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(0, 1LL << 41)}};
  held.heartbeat_interval = std::chrono::milliseconds{*rc::gen::inRange<std::int64_t>(
    limits::heartbeat_interval_min.count(), limits::heartbeat_interval_max.count() + 1)};
  const auto back = read_anchor(write_anchor(held, *any_text()));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == held);
}

RC_GTEST_PROP(small_entries, are_read_out_of_any_bytes_without_harm, (const std::string& value)) {
  RC_ASSERT(read_presence(value).empty());
  RC_ASSERT(!read_anchor(value));
  RC_ASSERT(read_way_back(value).guid.empty());
}

} // namespace
} // namespace nats_mcp::agents::agent_record_test
