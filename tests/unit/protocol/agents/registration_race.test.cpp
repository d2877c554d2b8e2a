// SPDX-License-Identifier: MIT
// Several processes at once, in every order: nobody ever shares a GUID, and in the end what stands
// in the buckets is what the processes believe.
#include "tests/support/choices.hpp"
#include "tests/unit/protocol/agents/registering.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace nats_mcp::agents::registration_race_test {
namespace {

using testing::choices;

enum class past { nobody, silent, gone, alive };

/// What happened before the race. @returns the GUID of whoever was there.
std::string tell(past what, testing::key_store& store) {
  if (what == past::nobody) {
    return {};
  }
  const process before{99};
  const auto held = before.register_in(store)->held;
  if (what == past::silent) {
    store.pass(3 * interval);
  } else if (what == past::gone) {
    (void)before.say_goodbye_in(store, held);
  }
  return held.record.guid;
}

struct racer {
  process who;
  std::shared_ptr<registration> script;
  conversation talk;

  explicit racer(std::uint64_t number)
    : who{number}
    , script{who.start()}
    , talk{script} {
    // nop
  }
};

/// Which of them are not there yet.
std::vector<racer*> running(std::vector<racer>& all) {
  std::vector<racer*> out;
  for (auto& one : all) {
    if (!one.talk.over()) {
      out.push_back(&one);
    }
  }
  return out;
}

/// Empty when all is well, else what is not.
std::string judge_end(const testing::key_store& store, const std::vector<racer>& all) {
  std::set<std::string> taken;
  for (const auto& one : all) {
    const auto& end = *one.script->end();
    if (!end) {
      return "failed: " + end.error().message;
    }
    const auto& held = end->held;
    const auto& guid = held.record.guid;
    if (!taken.insert(guid).second) {
      return "two processes hold " + guid;
    }
    if (holder(store, guid) != one.who.session()) {
      return "the anchor of " + guid + " is not its holder's";
    }
    if (records(store, guid) != std::vector{held.record}) {
      return "the record of " + guid + " is not its holder's";
    }
    if (store.entry(agents_bucket, held.agent_key)->revision != held.entry_revision
        || store.entry(sessions_bucket, guid)->revision != held.anchor_revision) {
      return "the holder of " + guid + " does not know the newest revisions";
    }
  }
  return {};
}

/// Where both are agents of their own there are far more orders; the property below has some of the
/// rest.
constexpr std::size_t runs_max = 5'000;

class registration_race : public ::testing::TestWithParam<past> {};

TEST_P(registration_race, of_two_gives_each_a_guid_of_its_own_in_every_order) {
  choices order;
  std::size_t runs = 0;
  std::size_t returned = 0;
  do {
    auto store = empty_store();
    const auto before = tell(GetParam(), store);
    std::vector<racer> all;
    all.emplace_back(1);
    all.emplace_back(2);
    for (auto left = running(all); !left.empty(); left = running(all)) {
      left[order.next(left.size())]->talk.step_round(store);
    }
    ASSERT_EQ(judge_end(store, all), "") << "in run " << runs;
    for (const auto& one : all) {
      returned += one.script->end()->value().held.record.guid == before ? 1 : 0;
    }
    ++runs;
  } while (runs < runs_max && order.another());
  EXPECT_GT(runs, 250U);
  const bool takes = GetParam() == past::silent || GetParam() == past::gone;
  EXPECT_EQ(returned, takes ? runs : 0U) << "one of them is the agent that was away";
}

std::string name_of(const ::testing::TestParamInfo<past>& what) {
  switch (what.param) {
    case past::nobody:
      return "nobody";
    case past::silent:
      return "a_silent_one";
    case past::gone:
      return "one_that_said_goodbye";
    case past::alive:
      return "a_live_one";
  }
  return {};
}

INSTANTIATE_TEST_SUITE_P(after, registration_race,
                         ::testing::Values(past::nobody, past::silent, past::gone, past::alive),
                         name_of);

RC_GTEST_PROP(registration_race_of_many, gives_each_a_guid_of_its_own, ()) {
  auto store = empty_store();
  (void)tell(*rc::gen::element(past::nobody, past::silent, past::gone, past::alive), store);
  std::vector<racer> all;
  const auto count = *rc::gen::inRange<std::uint64_t>(2, 5);
  for (std::uint64_t i = 0; i < count; ++i) {
    all.emplace_back(i);
  }
  // One command at a time: answers of one round may come from different moments.
  const auto order =
    *rc::gen::container<std::vector<std::uint8_t>>(400, rc::gen::arbitrary<std::uint8_t>());
  std::size_t at = 0;
  for (auto left = running(all); !left.empty(); left = running(all)) {
    left[order[at++ % order.size()] % left.size()]->talk.step(store);
    RC_ASSERT(unlisted_in(store) == "");
  }
  RC_ASSERT(judge_end(store, all) == "");
}

class waking_up : public ::testing::TestWithParam<entry_update::extent> {};

TEST_P(waking_up, while_somebody_returns_leaves_one_holder_in_every_order) {
  choices order;
  std::size_t kept = 0;
  std::size_t lost = 0;
  do {
    auto store = empty_store();
    const process sleeper{1};
    auto held = sleeper.register_in(store)->held;
    store.pass(3 * interval);
    held.record.status = tools::agent_status::busy;
    const auto waking = sleeper.update(held, GetParam());
    conversation talk{waking};
    std::vector<racer> successor;
    successor.emplace_back(2);
    auto& other = successor.front();
    while (!talk.over() || !other.talk.over()) {
      const bool choice = !talk.over() && !other.talk.over();
      const bool sleeper_next = choice ? order.next(2) == 0 : !talk.over();
      (sleeper_next ? talk : other.talk).step_round(store);
    }
    ASSERT_EQ(judge_end(store, successor), "");
    const auto& guid = held.record.guid;
    const bool taken = other.script->end()->value().held.record.guid == guid;
    (taken ? lost : kept) += 1;
    if (!taken) {
      ASSERT_TRUE(*waking->end()) << waking->end()->error().message;
      EXPECT_EQ(holder(store, guid), sleeper.session());
      EXPECT_EQ(records(store, guid).front().session_id, sleeper.session());
    } else if (GetParam() != entry_update::extent::record) {
      // A record alone may have been written before the successor's, which then stands over it.
      ASSERT_FALSE(*waking->end());
      EXPECT_EQ(waking->end()->error().code, ec::conflict);
    }
  } while (order.another());
  EXPECT_GT(lost, 0U);
  EXPECT_GT(kept, 0U);
}

std::string name_of_extent(const ::testing::TestParamInfo<entry_update::extent>& what) {
  switch (what.param) {
    case entry_update::extent::record:
      return "the_record";
    case entry_update::extent::anchor:
      return "the_anchor";
    case entry_update::extent::everything:
      return "everything";
  }
  return {};
}

INSTANTIATE_TEST_SUITE_P(to_write, waking_up,
                         ::testing::Values(entry_update::extent::record,
                                           entry_update::extent::anchor,
                                           entry_update::extent::everything),
                         name_of_extent);

} // namespace
} // namespace nats_mcp::agents::registration_race_test
