// SPDX-License-Identifier: MIT
// Commands that fail, or whose outcome nobody knows, at every point of a registration and of a
// later write.
#include "tests/unit/protocol/agents/registering.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace nats_mcp::agents::registration_faults_test {
namespace {

/// What becomes of one command.
struct fault {
  std::string name;
  ec code = ec::none;
  /// The server did carry it out.
  bool happened = false;
};

const std::array faults{
  fault{"never sent", ec::timeout, false}, fault{"lost on the way", ec::unknown_outcome, false},
  fault{"answer lost", ec::unknown_outcome, true}, fault{"no bucket", ec::not_found, false}};

/// Runs to the end; the command number `when` fails. @returns whether there was such a command.
bool finish_with(const fault& what, std::size_t when, conversation& talk,
                 testing::key_store& store) {
  bool met = false;
  for (std::size_t at = 0; !talk.over(); ++at) {
    if (at != when) {
      talk.step(store);
      continue;
    }
    met = true;
    if (what.happened) {
      (void)store.carry_out(talk.next());
    }
    talk.answer(fail(what.code, what.name));
  }
  return met;
}

/// Every GUID that stands anywhere but in the way back.
std::set<std::string> guids_in(const testing::key_store& store) {
  std::set<std::string> out;
  for (const auto& entry : store.entries(sessions_bucket)) {
    if (is_guid(entry.key)) {
      out.insert(entry.key);
    }
  }
  for (const auto& entry : store.entries(agents_bucket)) {
    out.emplace(parse_agent_key(entry.key)->guid);
  }
  return out;
}

class a_fault : public ::testing::TestWithParam<fault> {
protected:
  /// A failed lookup may be no failure: a bucket that does not exist has no entries.
  [[nodiscard]] bool may_be_harmless() const { return GetParam().code == ec::not_found; }
};

TEST_P(a_fault, ends_a_registration_with_its_error_and_the_next_one_succeeds_as_the_same_agent) {
  for (const bool beside_a_live_one : {false, true}) {
    for (std::size_t when = 0;; ++when) {
      SCOPED_TRACE("command " + std::to_string(when));
      auto store = empty_store();
      std::string live;
      if (beside_a_live_one) {
        live = process{9}.register_in(store)->held.record.guid;
      }
      const process who{1};
      const auto script = who.start();
      conversation talk{script};
      if (!finish_with(GetParam(), when, talk, store)) {
        ASSERT_GT(when, 5U);
        break;
      }
      const auto& end = *script->end();
      if (!end) {
        EXPECT_EQ(end.error().code, GetParam().code);
        EXPECT_EQ(end.error().message, GetParam().name);
      } else {
        EXPECT_TRUE(may_be_harmless());
      }
      const auto again = who.register_in(store);
      ASSERT_TRUE(again) << again.error().message;
      const auto& guid = again->held.record.guid;
      EXPECT_NE(guid, live);
      EXPECT_EQ(holder(store, guid), who.session());
      EXPECT_EQ(records(store, guid), std::vector{again->held.record});
      auto left = guids_in(store);
      left.erase(live);
      EXPECT_EQ(left, std::set{guid}) << "nothing of the first attempt is left behind";
    }
  }
}

TEST_P(a_fault, of_a_write_is_never_taken_for_success) {
  for (const auto extent : {entry_update::extent::record, entry_update::extent::anchor,
                            entry_update::extent::everything}) {
    for (std::size_t when = 0;; ++when) {
      SCOPED_TRACE("command " + std::to_string(when));
      auto store = empty_store();
      const process who{1};
      const auto before = who.register_in(store)->held;
      auto wanted = before;
      wanted.record.current_task_count = 7;
      const auto script = who.update(wanted, extent);
      conversation talk{script};
      if (!finish_with(GetParam(), when, talk, store)) {
        ASSERT_GE(when, 1U);
        break;
      }
      ASSERT_FALSE(*script->end());
      EXPECT_EQ(script->end()->error().code, GetParam().code);
      // What is known still is what was known before: the next write sorts it out.
      wanted.record.current_task_count = 8;
      const auto again = who.update_in(store, wanted, entry_update::extent::everything);
      ASSERT_TRUE(again) << again.error().message;
      EXPECT_EQ(records(store, before.record.guid), std::vector{wanted.record});
      EXPECT_EQ(holder(store, before.record.guid), who.session());
    }
  }
}

TEST_P(a_fault, while_conflicts_are_looked_into_is_told_too) {
  for (std::size_t when = 0;; ++when) {
    SCOPED_TRACE("command " + std::to_string(when));
    auto store = empty_store();
    const process who{1};
    auto held = who.register_in(store)->held;
    ASSERT_TRUE(who.update_in(store, held, entry_update::extent::everything)); // newer revisions
    const auto script = who.update(held, entry_update::extent::everything);
    conversation talk{script};
    if (!finish_with(GetParam(), when, talk, store)) {
      ASSERT_GE(when, 5U);
      break;
    }
    const auto& end = *script->end();
    EXPECT_TRUE(end ? may_be_harmless() : end.error().code == GetParam().code || may_be_harmless());
    EXPECT_EQ(holder(store, held.record.guid), who.session());
  }
}

INSTANTIATE_TEST_SUITE_P(command, a_fault, ::testing::ValuesIn(faults), [](const auto& what) {
  auto name = what.param.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
});

TEST(without_buckets, nobody_is_registered) {
  testing::key_store store{};
  const auto refused = process{1}.register_in(store);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::not_found);
}

TEST(without_the_bucket_of_records, nobody_is_registered) {
  testing::key_store store{sessions_bucket, presence_bucket};
  const auto refused = process{1}.register_in(store);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::not_found);
}

} // namespace
} // namespace nats_mcp::agents::registration_faults_test
