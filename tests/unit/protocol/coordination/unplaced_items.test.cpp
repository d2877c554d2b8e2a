// SPDX-License-Identifier: MIT
// Which items without a worker are looked at again, when, and how much room they leave for others.
#include "protocol/coordination/unplaced_items.hpp"

#include "protocol/limits/coordination.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::coordination::unplaced_items_test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

class unplaced : public ::testing::Test {
protected:
  /// Those that are looked at, while there is room for so many looks.
  strings looked_at(const std::map<std::string, std::size_t>& places, std::size_t room = 100) {
    strings out;
    const auto places_for = [&](const item_kind& kind) {
      const auto known = places.find(kind.capability);
      return known == places.end() ? 0 : known->second;
    };
    items_.look(places_for, now_, [&](const std::string& id) {
      if (out.size() == room) {
        return false;
      }
      out.push_back(id);
      return true;
    });
    return out;
  }
  void add(const std::string& id, const std::string& capability = "rust") {
    items_.add(id, {capability, "public", "ann", {}, {}}, now_);
  }
  /// The look at it is over and there was no worker, again.
  void in_vain(const std::string& id) {
    add(id);
    items_.looked_at(id, now_);
  }
  void add_many(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      add("many-" + std::to_string(i), "nobody's");
    }
  }

  unplaced_items items_;
  monotonic_time now_{1h};
};

TEST_F(unplaced, are_looked_at_in_their_order_one_for_each_free_place) {
  add("a");
  add("b");
  add("c");
  EXPECT_EQ(looked_at({{"rust", 2}}), (strings{"a", "b"}));
}

TEST_F(unplaced, are_left_alone_while_nobody_who_can_do_them_has_room) {
  add("a");
  EXPECT_TRUE(looked_at({}).empty());
  EXPECT_TRUE(looked_at({{"go", 5}}).empty());
}

TEST_F(unplaced, of_many_kinds_have_their_turn_with_one_of_the_next_looks) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < 2 * limits::unplaced_kinds_at_once; ++i) {
    const auto kind = "kind-" + std::to_string(i);
    add("of " + kind, kind);
    places[kind] = 1;
  }
  EXPECT_EQ(looked_at(places).size(), limits::unplaced_kinds_at_once);
  EXPECT_EQ(looked_at(places).size(), limits::unplaced_kinds_at_once);
  EXPECT_TRUE(looked_at(places).empty());
}

TEST_F(unplaced, take_the_places_for_which_they_are_looked_at) {
  add("a");
  add("b");
  EXPECT_EQ(looked_at({{"rust", 1}}), strings{"a"});
  EXPECT_TRUE(looked_at({{"rust", 1}}).empty()) << "perhaps it is given to a";
  items_.remove("a");
  EXPECT_EQ(looked_at({{"rust", 1}}), strings{"b"});
}

TEST_F(unplaced, that_were_looked_at_in_vain_let_the_others_go_first_and_wait_a_while) {
  add("of another project");
  add("b");
  ASSERT_EQ(looked_at({{"rust", 1}}), strings{"of another project"});
  in_vain("of another project");
  EXPECT_EQ(looked_at({{"rust", 2}}), strings{"b"});
  in_vain("b");
  now_ += limits::assignment_retry;
  EXPECT_EQ(looked_at({{"rust", 2}}), (strings{"of another project", "b"}));
}

TEST_F(unplaced, whose_look_failed_wait_on) {
  add("a");
  ASSERT_EQ(looked_at({{"rust", 1}}), strings{"a"});
  items_.looked_at("a", now_);
  now_ += limits::assignment_retry;
  EXPECT_EQ(looked_at({{"rust", 1}}), strings{"a"});
}

TEST_F(unplaced, whose_request_comes_again_keep_their_place_in_the_line) {
  add("a");
  add("b");
  add("a");
  EXPECT_EQ(looked_at({{"rust", 1}}), strings{"a"});
}

TEST_F(unplaced, for_which_there_was_no_room_to_look_are_looked_at_next) {
  add("a");
  add("b");
  EXPECT_EQ(looked_at({{"rust", 2}}, 1), strings{"a"});
  EXPECT_EQ(looked_at({{"rust", 2}}), strings{"b"});
}

TEST_F(unplaced, of_which_more_is_known_wait_as_what_they_are) {
  add("a");
  items_.add("a", {"rust", "public", "ann", "ben", {}}, now_);
  EXPECT_EQ(items_.size(), 1U);
  EXPECT_EQ(items_.preferred_worker("a"), "ben");
  EXPECT_EQ(looked_at({{"rust", 2}}), strings{"a"}) << "once";
}

TEST_F(unplaced, may_be_over_before_their_look_has_begun) {
  add("a");
  add("b");
  items_.look([](const item_kind&) { return 2U; }, now_,
              [&](const std::string& id) {
                items_.looked_at(id, now_); // as when leadership ended in between
                return true;
              });
  now_ += limits::assignment_retry;
  EXPECT_EQ(looked_at({{"rust", 2}}), (strings{"a", "b"}));
}

TEST_F(unplaced, that_are_over_are_forgotten) {
  add("a");
  add("b");
  ASSERT_EQ(looked_at({{"rust", 1}}), strings{"a"});
  items_.remove_unless([](const std::string&) { return false; });
  EXPECT_EQ(items_.size(), 0U);
  add("c");
  EXPECT_EQ(looked_at({{"rust", 1}}), strings{"c"}) << "the place is free again";
}

TEST_F(unplaced, come_again_soon_while_they_are_few) {
  EXPECT_EQ(items_.retry_after(), limits::assignment_retry);
  add_many(2 * limits::unplaced_looks_per_second);
  EXPECT_EQ(items_.retry_after(), limits::assignment_retry);
}

TEST_F(unplaced, come_again_more_slowly_the_more_there_are_so_that_others_come_between_them) {
  add_many(10 * limits::unplaced_looks_per_second);
  EXPECT_EQ(items_.retry_after(), 10s);
}

TEST_F(unplaced, come_again_within_the_time_nobody_may_be_left_alone) {
  add_many(100 * limits::unplaced_looks_per_second);
  EXPECT_EQ(items_.retry_after(), limits::assignment_look_max);
}

TEST_F(unplaced, are_remembered_up_to_a_bound) {
  add_many(limits::unplaced_remembered_max);
  add("one too many");
  EXPECT_EQ(items_.size(), limits::unplaced_remembered_max);
  EXPECT_TRUE(looked_at({{"rust", 1}}).empty());
}

// -- whatever happens ----------------------------------------------------------------------------

/// Every item is under a look or waits, none is begun twice, and no kind takes more places than it
/// has; once there are places enough, everybody has had a turn.
RC_GTEST_PROP(unplaced_in_any_order, are_looked_at_once_each_within_their_places_and_all_of_them,
              ()) {
  unplaced_items items;
  monotonic_time now{1h};
  std::map<std::string, std::string> kinds;
  std::set<std::string> under_a_look;
  const auto some = [] { return "item-" + std::to_string(*rc::gen::inRange(0, 8)); };
  const auto look = [&](std::size_t places, std::size_t room) {
    std::map<std::string, std::size_t> taken;
    for (const auto& id : under_a_look) {
      ++taken[kinds.at(id)];
    }
    items.look([&](const item_kind&) { return places; }, now,
               [&](const std::string& id) {
                 if (room == 0) {
                   return false;
                 }
                 --room;
                 RC_ASSERT(kinds.contains(id));
                 RC_ASSERT(under_a_look.insert(id).second);
                 RC_ASSERT(++taken[kinds.at(id)] <= places);
                 return true;
               });
  };
  const auto over = [&](const std::string& id) {
    items.looked_at(id, now);
    under_a_look.erase(id);
  };
  for (const int event : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6))) {
    const auto id = some();
    if (event == 0) {
      const auto kind = *rc::gen::element<std::string>("rust", "go", "java");
      items.add(id, {kind, "public", "ann", {}, {}}, now); // ends a look at it
      kinds[id] = kind;
      under_a_look.erase(id);
    } else if (event == 1) {
      items.remove(id);
      kinds.erase(id);
      under_a_look.erase(id);
    } else if (event == 2) {
      over(id);
    } else if (event == 3) {
      now += std::chrono::milliseconds{*rc::gen::inRange(0, 3000)};
    } else {
      look(*rc::gen::inRange<std::size_t>(0, 4), *rc::gen::inRange<std::size_t>(0, 4));
    }
    RC_ASSERT(items.size() == kinds.size());
  }
  for (const auto& [id, kind] : kinds) {
    over(id);
  }
  now += limits::assignment_retry;
  look(kinds.size(), kinds.size());
  RC_ASSERT(under_a_look.size() == kinds.size());
}

} // namespace
} // namespace nats_mcp::coordination::unplaced_items_test
