// SPDX-License-Identifier: MIT
#include "protocol/agents/way_back.hpp"

#include "protocol/identifiers.hpp"
#include "protocol/limits.hpp"

#include "tests/support/counting_random.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace nats_mcp::agents::way_back_test {
namespace {

constexpr auto one = "11111111-1111-4111-8111-111111111111";
constexpr auto two = "22222222-2222-4222-8222-222222222222";
constexpr auto three = "33333333-3333-4333-8333-333333333333";

TEST(a_way_back, is_read_as_it_was_written) {
  for (const auto& way :
       {way_back{}, way_back{one, {}}, way_back{{}, {two}}, way_back{one, {three, two}}}) {
    EXPECT_EQ(read_way_back(write_way_back(way, "w")), way);
  }
}

TEST(a_way_back, without_others_is_what_it_always_was) {
  EXPECT_EQ(write_way_back({one, {}}, "w"),
            std::string{R"({"v":1,"writeId":"w","guid":")"} + one + R"("})");
}

TEST(a_way_back, that_cannot_be_read_leads_nowhere) {
  for (const auto* text : {"", "x", "[]", "7", R"({"guid":"../secret"})", R"({"others":"all"})",
                           R"({"others":[7,null,"..",{}]})"}) {
    EXPECT_EQ(read_way_back(text), way_back{}) << text;
  }
}

TEST(a_way_back, names_no_guid_twice) {
  const auto text = std::string{R"({"guid":")"} + one + R"(","others":[")" + one + R"(",")" + two
                    + R"(",")" + two + R"("]})";
  EXPECT_EQ(read_way_back(text), (way_back{one, {two}}));
}

TEST(a_way_back, that_leads_to_another_keeps_the_first_among_the_others) {
  way_back way{one, {two}};
  lead_back_to(way, two);
  EXPECT_EQ(way, (way_back{two, {one}}));
  lead_back_to(way, two);
  EXPECT_EQ(way, (way_back{two, {one}}));
  forget(way, two);
  EXPECT_EQ(way, (way_back{{}, {one}}));
  lead_back_to(way, one);
  EXPECT_EQ(way, (way_back{one, {}}));
}

TEST(a_way_back, has_room_for_so_many_others_and_no_more) {
  way_back way{one, {}};
  auto numbers = testing::counting_from(1);
  for (std::size_t i = 0; i < limits::guids_of_a_name_max; ++i) {
    ASSERT_TRUE(add_other(way, make_uuid(numbers)));
  }
  EXPECT_FALSE(add_other(way, two));
  EXPECT_TRUE(add_other(way, one)) << "it leads there already";
  EXPECT_TRUE(add_other(way, way.others.back()));
  EXPECT_EQ(read_way_back(write_way_back(way, "w")), way);
}

RC_GTEST_PROP(a_way_back, is_read_out_of_any_bytes_without_harm, (const std::string& value)) {
  RC_ASSERT(read_way_back(value) == way_back{});
}

} // namespace
} // namespace nats_mcp::agents::way_back_test
