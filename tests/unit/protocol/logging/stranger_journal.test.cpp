// SPDX-License-Identifier: MIT
#include "protocol/logging/stranger_journal.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace nats_mcp::logging {

namespace {

TEST(stranger_journal_test, tells_of_an_entry_where_it_is_and_how_large_once) {
  stranger_journal journal;
  const auto told = journal.on("agents", "public.all.x", 17);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->severity, level::warning);
  EXPECT_EQ(told->id, "storage.unreadable");
  const auto line = to_json_line(*told, {});
  EXPECT_NE(line.find(R"("bucket":"agents")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("key":"public.all.x")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("bytes":17)"), std::string::npos) << line;
  EXPECT_FALSE(journal.on("agents", "public.all.x", 17).has_value());
  EXPECT_FALSE(journal.on("agents", "public.all.x", 3).has_value()) << "it was written again";
}

TEST(stranger_journal_test, tells_of_the_same_key_in_another_bucket) {
  stranger_journal journal;
  EXPECT_TRUE(journal.on("agents", "x", 1).has_value());
  EXPECT_TRUE(journal.on("work_items", "x", 1).has_value());
}

TEST(stranger_journal_test, tells_of_so_many_only_and_says_so_with_the_last) {
  stranger_journal journal;
  std::size_t told = 0;
  std::string last;
  for (std::size_t i = 0; i < 2 * limits::unreadable_told_max; ++i) {
    if (const auto one = journal.on("agents", std::to_string(i), 1)) {
      ++told;
      last = one->message;
    }
  }
  EXPECT_EQ(told, limits::unreadable_told_max);
  EXPECT_NE(last.find("not told of any more"), std::string::npos) << last;
}

RC_GTEST_PROP(stranger_journal_property, tells_of_every_entry_once_until_it_has_told_of_enough,
              ()) {
  stranger_journal journal;
  std::set<std::pair<std::string, std::string>> told;
  const auto entries = *rc::gen::element(5, 100, 300);
  for (int read = 0; read < 300; ++read) {
    const auto entry = *rc::gen::inRange(0, entries);
    const std::string bucket = entry % 2 == 0 ? "agents" : "work_items";
    const auto key = std::to_string(entry / 2);
    const bool is_news =
      told.size() < limits::unreadable_told_max && told.insert({bucket, key}).second;
    const auto line = journal.on(bucket, key, 7);
    RC_ASSERT(line.has_value() == is_news);
    if (line) {
      const bool says_it_is_the_last = line->message.find("any more") != std::string::npos;
      RC_ASSERT(says_it_is_the_last == (told.size() == limits::unreadable_told_max));
    }
  }
}

} // namespace

} // namespace nats_mcp::logging
