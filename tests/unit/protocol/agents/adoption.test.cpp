// SPDX-License-Identifier: MIT
// The GUIDs of processes that are gone go to the one their name leads back to: cut off anywhere,
// against whoever wakes up, and never from anybody who lives.
#include "protocol/agents/adoption.hpp"

#include "tests/support/choices.hpp"
#include "tests/unit/protocol/agents/registering.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::agents::adoption_test {
namespace {

/// The first process holds the GUID of the name; the second came beside it and was killed.
class adopting : public ::testing::Test {
protected:
  holding must_register(const process& who) {
    const auto end = who.register_in(store_);
    EXPECT_TRUE(end) << end.error().message;
    return end.value_or(registration::outcome{}).held;
  }
  [[nodiscard]] adoption::request request() const {
    adoption::request out;
    out.held = own_;
    out.self = process::self();
    out.self.guid = own_.record.guid;
    out.returning_key = process::returning();
    out.watched = watched_;
    out.asked_at = local_;
    out.at_once = true;
    return out;
  }
  [[nodiscard]] static std::shared_ptr<adoption> start(adoption::request what) {
    return std::make_shared<adoption>(std::move(what), counting_from(1ULL << 40U));
  }
  /// The first one gives a sign of life and looks, some time later, by its own clock as well.
  adoption::outcome look_later(std::chrono::milliseconds time) {
    store_.pass(time);
    local_ += time;
    first_.beat_in(store_, own_);
    auto what = request();
    what.at_once = false;
    return must_look(std::move(what));
  }
  adoption::outcome must_look() { return must_look(request()); }
  adoption::outcome must_look(adoption::request what) {
    const auto script = start(std::move(what));
    conversation talk{script};
    while (!talk.over()) {
      auto answer = store_.carry_out(talk.next());
      talk.answer(std::move(answer), local_);
    }
    EXPECT_TRUE(*script->end()) << script->end()->error().message;
    auto out = script->end()->value_or(adoption::outcome{});
    watched_ = out.watched;
    return out;
  }
  static std::vector<std::string> guids(const adoption::outcome& found) {
    std::vector<std::string> out;
    for (const auto& one : found.formers) {
      out.push_back(one.guid);
    }
    return out;
  }
  using strings = std::vector<std::string>;

  testing::key_store store_ = empty_store();
  monotonic_time local_{};
  std::map<std::string, watched_holder> watched_;
  process first_{1};
  process second_{2, visibility::public_};
  holding own_ = must_register(first_);
  holding other_ = must_register(second_);
};

TEST_F(adopting, leaves_one_that_was_seen_a_moment_ago) {
  store_.pass(3 * interval - 1ms);
  first_.beat_in(store_, own_);
  EXPECT_TRUE(must_look().formers.empty());
  EXPECT_EQ(holder(store_, other_.record.guid), second_.session());
  EXPECT_EQ(records(store_, other_.record.guid).size(), 1U);
}

TEST_F(adopting, takes_one_that_is_silent_and_nobody_finds_it_any_more) {
  store_.pass(3 * interval);
  first_.beat_in(store_, own_);
  EXPECT_EQ(guids(must_look()), strings{other_.record.guid});
  EXPECT_EQ(holder(store_, other_.record.guid), first_.session());
  EXPECT_TRUE(records(store_, other_.record.guid).empty());
  EXPECT_EQ(way_in(store_), (way_back{own_.record.guid, {other_.record.guid}})) << "still listed";
}

TEST_F(adopting, takes_one_that_said_goodbye_at_once) {
  ASSERT_TRUE(second_.say_goodbye_in(store_, other_));
  EXPECT_EQ(guids(look_later(1ms)), strings{other_.record.guid});
}

TEST_F(adopting, tells_how_long_ago_its_records_went) {
  ASSERT_TRUE(second_.say_goodbye_in(store_, other_));
  EXPECT_EQ(must_look().formers.front().quiet_for, 0ms);
  const auto later = look_later(17min);
  ASSERT_EQ(guids(later), strings{other_.record.guid});
  EXPECT_EQ(later.formers.front().quiet_for, 17min);
}

TEST_F(adopting, goes_on_counting_what_another_process_of_the_name_had_taken) {
  ASSERT_TRUE(second_.say_goodbye_in(store_, other_));
  ASSERT_EQ(guids(must_look()), strings{other_.record.guid});
  store_.pass(17min); // and the taker is gone
  process next{3};
  const auto held = must_register(next);
  ASSERT_EQ(held.record.guid, own_.record.guid);
  auto what = request();
  what.held = held;
  const auto found = must_look(what);
  ASSERT_EQ(guids(found), strings{other_.record.guid});
  EXPECT_EQ(found.formers.front().quiet_for, 17min);
}

TEST_F(adopting, leaves_those_of_another_project_or_computer_whoever_listed_them) {
  const std::string hidden = "30000000-0000-4000-8000-000000000003";
  const std::string remote = "30000000-0000-4000-8000-000000000004";
  auto record = own_.record;
  record.guid = remote;
  record.session_id = "of another";
  record.hostname = "elsewhere";
  const auto put = [&](std::string_view bucket, const std::string& key, const std::string& value) {
    ASSERT_TRUE(store_.put({std::string{bucket}, key, value, {}, "w", {}}));
  };
  put(sessions_bucket, hidden,
      write_anchor({"of another", "project.ffffffffffffffff." + hidden, {}, interval}, "w"));
  put(sessions_bucket, remote,
      write_anchor({"of another", "public.all." + remote, {}, interval}, "w"));
  put(agents_bucket, "public.all." + remote, write_agent_record(record, "w"));
  auto way = way_in(store_);
  ASSERT_TRUE(add_other(way, hidden) && add_other(way, remote));
  put(sessions_bucket, process::returning(), write_way_back(way, "w"));
  store_.pass(1h);
  first_.beat_in(store_, own_);
  EXPECT_EQ(guids(must_look()), strings{other_.record.guid});
  EXPECT_EQ(holder(store_, hidden), "of another");
  EXPECT_EQ(holder(store_, remote), "of another");
}

TEST_F(adopting, counts_anew_for_what_its_own_process_wrote_until_now) {
  // As when a process returns: the GUID it had is its own still, and so is the record.
  auto moved = request();
  moved.held.session_id = second_.session();
  ASSERT_TRUE(store_.put({std::string{sessions_bucket},
                          own_.record.guid,
                          write_anchor({second_.session(), {}, {}, interval}, "w"),
                          {},
                          {},
                          {}}));
  store_.pass(1h);
  const auto found = must_look(moved);
  ASSERT_EQ(guids(found), strings{other_.record.guid});
  EXPECT_EQ(found.formers.front().quiet_for, 0ms) << "until now somebody could write to it";
  EXPECT_TRUE(records(store_, other_.record.guid).empty());
}

TEST_F(adopting, later_gives_one_that_is_silent_time_to_show_up) {
  store_.pass(1h); // both computers slept
  EXPECT_TRUE(look_later(1ms).formers.empty());
  EXPECT_TRUE(look_later(2 * interval).formers.empty());
  EXPECT_EQ(guids(look_later(interval)), strings{other_.record.guid});
}

TEST_F(adopting, later_leaves_one_that_shows_up_now_and_then) {
  for (int beats = 0; beats < 10; ++beats) {
    second_.beat_in(store_, other_);
    EXPECT_TRUE(look_later(2 * interval).formers.empty());
  }
}

TEST_F(adopting, takes_one_of_which_nothing_is_left_but_its_place_on_the_list) {
  store_.expire(sessions_bucket, other_.record.guid);
  store_.expire(agents_bucket, other_.agent_key);
  EXPECT_EQ(guids(must_look()), strings{other_.record.guid});
  EXPECT_EQ(holder(store_, other_.record.guid), first_.session());
}

TEST_F(adopting, is_for_the_one_the_name_leads_back_to) {
  auto what = request();
  what.held = other_;
  const auto script = start(what);
  conversation{script}.finish(store_);
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::conflict);
}

TEST_F(adopting, is_not_for_one_that_was_taken_over_itself) {
  store_.pass(3 * interval);
  const process third{3};
  ASSERT_EQ(must_register(third).record.guid, own_.record.guid);
  const auto script = start(request());
  conversation{script}.finish(store_);
  ASSERT_FALSE(*script->end());
  EXPECT_EQ(script->end()->error().code, ec::conflict);
}

TEST_F(adopting, cut_off_anywhere_is_gone_on_with_by_the_next_look) {
  store_.pass(3 * interval);
  first_.beat_in(store_, own_);
  for (std::size_t when = 0;; ++when) {
    auto store = store_;
    const auto script = start(request());
    conversation talk{script};
    for (std::size_t at = 0; at < when && !talk.over(); ++at) {
      talk.step(store);
    }
    if (talk.over()) {
      EXPECT_GT(when, 12U);
      break;
    }
    ASSERT_EQ(unlisted_in(store), "");
    const auto again = start(request());
    conversation{again}.finish(store);
    ASSERT_TRUE(*again->end());
    EXPECT_EQ(guids(**again->end()), strings{other_.record.guid}) << when;
    EXPECT_TRUE(records(store, other_.record.guid).empty());
  }
}

TEST_F(adopting, whose_commands_fail_leaves_the_rest_for_the_next_look) {
  store_.pass(3 * interval);
  first_.beat_in(store_, own_);
  for (std::size_t when = 3;; ++when) {
    auto store = store_;
    const auto script = start(request());
    conversation talk{script};
    for (std::size_t at = 0; at < when && !talk.over(); ++at) {
      talk.step(store);
    }
    if (talk.over()) {
      break;
    }
    talk.answer(fail(ec::unknown_outcome, "The answer was lost."));
    talk.finish(store);
    ASSERT_TRUE(*script->end()) << script->end()->error().message;
    const auto again = start(request());
    conversation{again}.finish(store);
    EXPECT_EQ(guids(**again->end()), strings{other_.record.guid}) << when;
    EXPECT_TRUE(records(store, other_.record.guid).empty());
  }
}

TEST_F(adopting, from_one_that_wakes_up_leaves_one_holder_in_every_order) {
  store_.pass(3 * interval);
  first_.beat_in(store_, own_);
  testing::choices order;
  std::size_t taken = 0;
  std::size_t kept = 0;
  do {
    auto store = store_;
    const auto look = start(request());
    const auto waking = second_.update(other_, entry_update::extent::everything);
    conversation of_look{look};
    conversation of_waking{waking};
    while (!of_look.over() || !of_waking.over()) {
      const bool choice = !of_look.over() && !of_waking.over();
      const bool look_next = choice ? order.next(2) == 0 : !of_look.over();
      (look_next ? of_look : of_waking).step_round(store);
    }
    ASSERT_TRUE(*look->end());
    const bool took = !(*look->end())->formers.empty();
    EXPECT_EQ(holder(store, other_.record.guid), took ? first_.session() : second_.session());
    EXPECT_EQ(!*waking->end(), took) << "who lost it is told";
    EXPECT_EQ(records(store, other_.record.guid).size(), took ? 0U : 1U);
    (took ? taken : kept) += 1;
  } while (order.another());
  EXPECT_GT(taken, 0U);
  EXPECT_GT(kept, 0U);
}

} // namespace
} // namespace nats_mcp::agents::adoption_test
