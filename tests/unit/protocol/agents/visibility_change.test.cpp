// SPDX-License-Identifier: MIT
// A change of visibility, write by write: nobody sees an agent whom neither the old visibility nor
// the new one would have shown it.
#include "tests/unit/protocol/agents/registering.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <variant>

namespace nats_mcp::agents::visibility_change_test {
namespace {

constexpr std::array all_visibilities{visibility::private_, visibility::project_only,
                                      visibility::user_only, visibility::public_};

struct change {
  visibility from;
  visibility to;
};

std::vector<change> all_changes() {
  std::vector<change> out;
  for (const auto from : all_visibilities) {
    for (const auto to : all_visibilities) {
      out.push_back({from, to});
    }
  }
  return out;
}

/// Everybody there is, as seen from the agent.
std::vector<principal> viewers() {
  const auto self = process::self();
  const std::string project = "ffffffffffffffff";
  const std::string user = "eeeeeeeeeeeeeeee";
  return {{{}, self.project_id, self.user_hash},
          {{}, self.project_id, user},
          {{}, project, self.user_hash},
          {{}, project, user},
          {{}, project, {}}};
}

/// Whether a key matches a pattern as `visible_patterns` gives them.
bool matches(const std::string& pattern, const std::string& key) {
  return pattern.ends_with('>') ? key.starts_with(pattern.substr(0, pattern.size() - 1))
                                : key == pattern;
}

bool sees(const principal& viewer, const testing::key_store& store) {
  const auto patterns = visible_patterns(viewer);
  const auto entries = store.entries(agents_bucket);
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const auto& pattern) { return matches(pattern, entry.key); });
  });
}

class a_change_of_visibility : public ::testing::TestWithParam<change> {
protected:
  [[nodiscard]] registration::request again(const holding& held) const {
    auto out = process{1, GetParam().to}.request();
    out.held = held;
    return out;
  }
  [[nodiscard]] bool could_see(const principal& viewer) const {
    auto self = process::self();
    self.guid = "the agent";
    return may_see(viewer, self, GetParam().from) || may_see(viewer, self, GetParam().to);
  }
  void expect_hidden(const testing::key_store& store) const {
    for (const auto& viewer : viewers()) {
      EXPECT_TRUE(could_see(viewer) || !sees(viewer, store));
    }
  }
  [[nodiscard]] bool widens() const {
    return GetParam().to == visibility::public_ || GetParam().from == visibility::private_;
  }
};

TEST_P(a_change_of_visibility, shows_the_agent_to_nobody_else_at_any_moment) {
  auto store = empty_store();
  const process who{1, GetParam().from};
  const auto before = who.register_in(store)->held;
  const auto script = who.start(again(before));
  conversation talk{script};
  while (!talk.over()) {
    talk.step(store);
    expect_hidden(store);
    const auto seen = records(store, before.record.guid).size();
    if (widens()) {
      EXPECT_GE(seen, 1U) << "who may see it goes on seeing it";
    } else {
      EXPECT_LE(seen, 1U) << "what was wider goes before the new one comes";
    }
  }
  ASSERT_TRUE(*script->end()) << script->end()->error().message;
  const auto& held = script->end()->value().held;
  EXPECT_EQ(held.record.guid, before.record.guid);
  EXPECT_EQ(records(store, held.record.guid), std::vector{held.record});
  EXPECT_EQ(held.record.seen_by, GetParam().to);
}

TEST_P(a_change_of_visibility, cut_off_anywhere_shows_nothing_more_and_can_be_repeated) {
  for (std::size_t when = 0;; ++when) {
    auto store = empty_store();
    const process who{1, GetParam().from};
    const auto before = who.register_in(store)->held;
    const auto script = who.start(again(before));
    conversation talk{script};
    std::size_t at = 0;
    while (!talk.over() && at < when) {
      talk.step(store);
      ++at;
    }
    if (talk.over()) {
      break;
    }
    talk.answer(fail(ec::unknown_outcome, "The answer was lost."));
    talk.finish(store);
    expect_hidden(store);
    // The process believes that nothing has changed, and its next writes change nothing else.
    const auto written = who.update_in(store, before, entry_update::extent::everything);
    ASSERT_TRUE(written) << written.error().message;
    expect_hidden(store);
    const auto repeated = who.register_in(store, again(*written));
    ASSERT_TRUE(repeated) << repeated.error().message;
    expect_hidden(store);
    EXPECT_EQ(records(store, before.record.guid), std::vector{repeated->held.record});
  }
}

TEST_P(a_change_of_visibility, by_a_successor_leaves_nothing_of_the_predecessor) {
  auto store = empty_store();
  const auto before = process{1, GetParam().from}.register_in(store)->held;
  store.pass(3 * interval);
  const auto after = process{2, GetParam().to}.register_in(store);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->held.record.guid, before.record.guid);
  EXPECT_EQ(records(store, before.record.guid), std::vector{after->held.record});
}

TEST_P(a_change_of_visibility, by_a_successor_is_not_undone_by_a_predecessor_that_wakes_up) {
  auto store = empty_store();
  const process sleeper{1, GetParam().from};
  const auto before = sleeper.register_in(store)->held;
  store.pass(3 * interval);
  const process successor{2, GetParam().to};
  const auto after = successor.register_in(store);
  ASSERT_TRUE(after);
  const auto agents = store.history(agents_bucket).size();
  const auto untouched = [&] {
    return store.history(agents_bucket).size() == agents
           && records(store, before.record.guid) == std::vector{after->held.record}
           && holder(store, before.record.guid) == successor.session()
           && store.entry(agents_bucket, after->held.agent_key)->revision
                == after->held.entry_revision
           && store.entry(sessions_bucket, before.record.guid)->revision
                == after->held.anchor_revision
           && store.history(presence_bucket).empty();
  };
  for (const auto extent : {entry_update::extent::record, entry_update::extent::anchor,
                            entry_update::extent::everything}) {
    const auto refused = sleeper.update_in(store, before, extent);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ec::conflict);
    EXPECT_TRUE(untouched());
  }
  const auto goodbye = sleeper.say_goodbye_in(store, before);
  ASSERT_FALSE(goodbye);
  EXPECT_EQ(goodbye.error().code, ec::conflict);
  EXPECT_TRUE(untouched());
  auto again = sleeper.request();
  again.held = before;
  const auto refused = sleeper.register_in(store, again);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::conflict);
  EXPECT_TRUE(untouched());
}

/// A successor that has written the wider record, and is about to delete the narrower one.
class widening : public ::testing::Test {
protected:
  widening() {
    store_.pass(3 * interval);
    while (!std::holds_alternative<jetstream::kv_delete>(talk_.next())) {
      talk_.step(store_);
    }
  }
  /// The predecessor wakes up and writes the narrower record again.
  void wake_up() {
    const auto written = sleeper_.update_in(store_, before_, entry_update::extent::record);
    before_.entry_revision = written ? written->entry_revision : before_.entry_revision;
  }

  testing::key_store store_ = empty_store();
  process sleeper_{1, visibility::project_only};
  holding before_ = sleeper_.register_in(store_)->held;
  process successor_{2, visibility::public_};
  std::shared_ptr<registration> script_{successor_.start()};
  conversation talk_{script_};
};

TEST_F(widening, deletes_the_narrower_entry_that_a_waking_predecessor_wrote_again) {
  wake_up();
  ASSERT_EQ(records(store_, before_.record.guid).size(), 2U);
  talk_.finish(store_);
  ASSERT_TRUE(*script_->end()) << script_->end()->error().message;
  const auto& held = script_->end()->value().held;
  EXPECT_EQ(held.record.guid, before_.record.guid);
  EXPECT_EQ(records(store_, held.record.guid), std::vector{held.record});
}

TEST_F(widening, is_content_when_the_narrower_entry_is_gone_at_the_second_look) {
  wake_up();
  talk_.step(store_); // the conflict
  store_.expire(agents_bucket, before_.agent_key);
  talk_.finish(store_);
  ASSERT_TRUE(*script_->end()) << script_->end()->error().message;
}

TEST_F(widening, gives_up_when_the_narrower_entry_is_written_again_and_again) {
  while (!talk_.over()) {
    (void)store_.put({std::string{agents_bucket}, before_.agent_key, "x", {}, {}, {}});
    talk_.step(store_);
  }
  ASSERT_FALSE(*script_->end());
  EXPECT_EQ(script_->end()->error().code, ec::busy);
}

TEST_F(widening, becomes_an_agent_of_its_own_when_another_took_over_meanwhile) {
  wake_up();
  talk_.step(store_); // the conflict
  const process third{3};
  ASSERT_TRUE(store_.put({std::string{sessions_bucket},
                          before_.record.guid,
                          write_anchor({third.session(), before_.agent_key, {}, interval}, "w"),
                          {},
                          {},
                          {}}));
  talk_.finish(store_);
  ASSERT_TRUE(*script_->end()) << script_->end()->error().message;
  EXPECT_NE(script_->end()->value().held.record.guid, before_.record.guid);
  EXPECT_EQ(holder(store_, before_.record.guid), third.session());
}

std::string name_of(const ::testing::TestParamInfo<change>& what) {
  static constexpr std::array names{"private", "project", "user", "public"};
  return std::string{names.at(static_cast<std::size_t>(what.param.from))} + "_and_"
         + names.at(static_cast<std::size_t>(what.param.to));
}

INSTANTIATE_TEST_SUITE_P(between, a_change_of_visibility, ::testing::ValuesIn(all_changes()),
                         name_of);

} // namespace
} // namespace nats_mcp::agents::visibility_change_test
