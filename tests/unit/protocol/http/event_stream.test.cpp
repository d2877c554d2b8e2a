// SPDX-License-Identifier: MIT
// Events as a browser reads them.
#include "protocol/http/event_stream.hpp"

#include "protocol/json/value.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <sstream>
#include <string>

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

/// The fields of the only event in a stream, as a browser reads them.
std::map<std::string, std::string> fields_of(const std::string& stream) {
  std::map<std::string, std::string> out;
  std::istringstream lines{stream};
  std::string line;
  while (std::getline(lines, line) && !line.empty()) {
    const auto colon = line.find(": ");
    RC_ASSERT(colon != std::string::npos);
    RC_ASSERT(out.emplace(line.substr(0, colon), line.substr(colon + 2)).second);
  }
  RC_ASSERT(!std::getline(lines, line)); // one event is one event
  return out;
}

RC_GTEST_PROP(any_event, is_read_as_it_was_written_and_known_by_its_number_where_it_came_from, ()) {
  const auto any_incarnation =
    rc::gen::element<std::string>("a", "ab", "a-1", "1", "a-", "b00t", "-");
  const auto incarnation = *any_incarnation;
  const auto number = *rc::gen::arbitrary<std::uint64_t>();
  const auto text = *rc::gen::container<std::string>(rc::gen::element('a', '\n', '\r', ':', '"'));
  const auto data = json::write({{"text", text}});
  const auto fields = fields_of(stream_event(incarnation, number, {"agents", data}));
  RC_ASSERT(fields.size() == 3U);
  RC_ASSERT(fields.at("event") == "agents");
  RC_ASSERT(fields.at("data") == data);
  RC_ASSERT(data.find('\r') == std::string::npos);
  const auto other = *any_incarnation;
  RC_ASSERT(event_number(other, fields.at("id"))
            == (other == incarnation ? std::optional{number} : std::nullopt));
}

} // namespace
} // namespace nats_mcp::http::event_stream_test
