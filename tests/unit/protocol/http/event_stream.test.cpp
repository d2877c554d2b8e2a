// SPDX-License-Identifier: MIT
// Events as a browser reads them.
#include "protocol/http/event_stream.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::http::event_stream_test {
namespace {

TEST(an_event, has_an_id_a_name_and_one_line_of_data) {
  EXPECT_EQ(stream_event("b00t", 12, {"agents", "{\"total\":1}"}),
            "id: b00t-12\nevent: agents\ndata: {\"total\":1}\n\n");
}

TEST(a_stream, says_how_soon_to_come_back) {
  EXPECT_EQ(stream_opening(), ": the coordinator's page\nretry: 2000\n\n");
}

TEST(a_beat, says_what_time_it_is_and_leaves_the_last_id) {
  EXPECT_EQ(stream_beat(wall_time{}),
            ": beat\nevent: clock\ndata: {\"now\":\"1970-01-01T00:00:00.000Z\"}\n\n");
}

TEST(an_id, counts_with_the_server_that_gave_it) {
  EXPECT_EQ(event_number("b00t", "b00t-12"), 12U);
  for (const auto* id : {"", "12", "b00t", "b00t-", "b00t-x", "b00t-1x", "b00t--1", "other-12",
                         "b00t-99999999999999999999"}) {
    EXPECT_EQ(event_number("b00t", id), std::nullopt) << id;
  }
}

} // namespace
} // namespace nats_mcp::http::event_stream_test
