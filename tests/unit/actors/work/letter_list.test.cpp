// SPDX-License-Identifier: MIT
// Listing dead letters: in their order, a page at a time, as far as they may be seen.
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/streams.hpp"

#include "tests/unit/actors/work/letters_story.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::testing {
namespace {

class letter_list : public letters_story {
protected:
  /// One item of a scope for each number of the range.
  void bury_some(unsigned first, unsigned last, const std::string& scope = "public") {
    for (auto number = first; number <= last; ++number) {
      auto what = item(number);
      what.scope = scope;
      bury(what);
    }
  }
};

TEST_F(letter_list, is_empty_on_a_server_that_never_saw_work_and_leaves_it_like_that) {
  const auto got = list();
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->items.empty());
  EXPECT_EQ(got->next_cursor, "");
  EXPECT_FALSE(exists("DEAD_LETTER"));
  EXPECT_FALSE(exists("WORK"));
  EXPECT_FALSE(exists("KV_work_items"));
}

TEST_F(letter_list, tells_everything_that_happened_to_an_item) {
  auto what = item(1);
  what.attempts_max = 1;
  auto record = offer(what);
  record = work::taken({{what, 1}, record.queue_sequence}, &record,
                       {"claim", {"a-guid", "ann"}, "session", 30s}, civil_now());
  record = work::failed(record, "claim", {"The build is red.", true, {}}, civil_now(), civil_now())
             .value();
  ASSERT_EQ(record.state, work::item_state::dead);
  const auto letter = work::dead_letter_message(record);
  store(letter.subject, letter.payload);

  const auto got = list();
  ASSERT_TRUE(got) << got.error().message;
  ASSERT_EQ(got->items.size(), 1U);
  const auto& one = got->items.front();
  EXPECT_EQ(one.id, id_of(1));
  EXPECT_EQ(one.task_id, "feature-1");
  EXPECT_EQ(one.capability, "TypeScript");
  EXPECT_EQ(one.failed_at, to_rfc3339(record.updated_at));
  EXPECT_EQ(one.attempts, 1);
  EXPECT_EQ(one.reason, record.reason);
  EXPECT_EQ(one.description, "Do number 1.");
  ASSERT_EQ(one.history.size(), 1U);
  EXPECT_EQ(one.history.front().worker_handle, "ann");
  EXPECT_EQ(one.history.front().end, "failed");
  EXPECT_EQ(one.history.front().error, "The build is red.");
}

TEST_F(letter_list, begins_with_those_that_died_first) {
  bury(item(3));
  bury(item(1));
  bury(item(2));
  EXPECT_EQ(listed(), (strings{id_of(3), id_of(1), id_of(2)}));
}

TEST_F(letter_list, shows_what_is_public_and_what_is_the_projects_own) {
  bury_some(1, 1);
  bury_some(2, 2, project);
  bury_some(3, 3, elsewhere);
  bury_some(4, 4);
  EXPECT_EQ(listed(), (strings{id_of(1), id_of(2), id_of(4)})) << "in the order of their deaths";
}

TEST_F(letter_list, shows_one_capability_alone_however_it_is_written) {
  bury(item(1, "C++"));
  bury(item(2, "c"));
  bury(item(3, "c++"));
  EXPECT_EQ(listed("C++"), (strings{id_of(1), id_of(3)}));
  EXPECT_EQ(listed("*"), strings{}) << "a wildcard is text like any other";
}

TEST_F(letter_list, goes_on_where_its_cursor_says_and_leaves_nothing_out) {
  bury_some(1, 3);
  bury_some(4, 5, project);
  bury_some(6, 7);
  strings all;
  std::optional<std::string> cursor;
  for (auto pages = 0; pages == 0 || cursor; ++pages) {
    ASSERT_LT(pages, 5);
    const auto page = list({}, 2, cursor);
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->items.size(), pages == 3 ? 1U : 2U);
    for (const auto& one : page->items) {
      all.push_back(one.id);
    }
    cursor = page->next_cursor.empty() ? std::nullopt : std::optional{page->next_cursor};
  }
  EXPECT_EQ(all, listed());
  EXPECT_EQ(all.size(), 7U);
}

TEST_F(letter_list, ends_without_a_cursor_when_the_last_page_is_full) {
  bury_some(1, 2);
  const auto page = list({}, 2);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->next_cursor, "");
}

TEST_F(letter_list, takes_a_cursor_when_what_it_pointed_at_is_gone) {
  bury_some(1, 3);
  const auto first = list({}, 1);
  ASSERT_TRUE(first);
  ASSERT_TRUE(discard(id_of(2)));
  const auto second = list({}, 1, first->next_cursor);
  ASSERT_TRUE(second) << second.error().message;
  ASSERT_EQ(second->items.size(), 1U);
  EXPECT_EQ(second->items.front().id, id_of(3));
  const auto beyond = list({}, 1, "1000");
  ASSERT_TRUE(beyond) << beyond.error().message;
  EXPECT_TRUE(beyond->items.empty());
}

TEST_F(letter_list, refuses_a_cursor_nobody_gave_out_in_words) {
  bury_some(1, 1);
  for (const std::string bad : {"", "0", "-1", "x", "1x", "01", "18446744073709551616", "1 "}) {
    const auto got = list({}, 20, bad);
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().code, ec::invalid_argument) << bad;
    EXPECT_NE(got.error().message.find("\"" + bad + "\""), std::string::npos);
    EXPECT_NE(got.error().message.find("list_dead_letter_items"), std::string::npos);
  }
}

TEST_F(letter_list, shows_what_cannot_be_read_with_what_its_place_tells) {
  store("dead.public.typescript.seq-17", "\x01 not JSON");
  store(work::dead_letter_subject("public", "go", id_of(2)), R"({"v":1})");
  const auto got = list();
  ASSERT_TRUE(got) << got.error().message;
  ASSERT_EQ(got->items.size(), 2U);
  EXPECT_EQ(got->items.front().id, "seq-17");
  EXPECT_EQ(got->items.front().capability, "typescript");
  EXPECT_NE(got->items.front().reason.find("cannot be read"), std::string::npos);
  EXPECT_EQ(got->items.back().id, id_of(2));
}

TEST_F(letter_list, leaves_no_consumer_behind) {
  bury_some(1, 2);
  (void)list();
  advance(1s);
  const auto info = nats(jetstream::stream_info_request("DEAD_LETTER", {}));
  ASSERT_TRUE(info);
  EXPECT_NE(info->body.find("\"consumer_count\":0"), std::string::npos) << info->body;
}

TEST_F(letter_list, says_so_when_nats_is_away) {
  bury_some(1, 1);
  network_->restart_server(true, 1h);
  advance(1s);
  const auto got = list();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::nats_unreachable) << got.error().message;
}

TEST_F(letter_list, of_an_actor_that_fails_is_answered_all_the_same) {
  bury_some(1, 1);
  const auto pending = post(letters_, list_dead_letters{{}, now() + 5s});
  run();
  restart();
  EXPECT_EQ(pending.value().error().code, ec::crashed);
  EXPECT_EQ(listed(), strings{id_of(1)});
}

} // namespace
} // namespace nats_mcp::testing
