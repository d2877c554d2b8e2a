// SPDX-License-Identifier: MIT
// What a client may listen to, and what of it a server honours.
#include "protocol/mcp/subscriptions.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::mcp::subscriptions_test {
namespace {

result<change_filter> read(std::string_view params) {
  return read_change_filter(json::parse(params).value());
}

TEST(subscriptions, read_every_known_kind_of_change) {
  const auto filter = read(R"({"notifications":{"toolsListChanged":true,"promptsListChanged":false,
    "resourcesListChanged":true,"resourceSubscriptions":["a:b"],"taskIds":[1]}})");
  ASSERT_TRUE(filter);
  EXPECT_EQ(*filter, (change_filter{true, false, true, {"a:b"}}));
}

TEST(subscriptions, refuse_a_filter_that_is_missing_or_of_the_wrong_type) {
  for (const auto* params :
       {"{}", R"({"notifications":[]})", R"({"notifications":{"toolsListChanged":1}})",
        R"({"notifications":{"resourceSubscriptions":"a:b"}})",
        R"({"notifications":{"resourceSubscriptions":[1]}})"}) {
    EXPECT_FALSE(read(params)) << params;
  }
}

TEST(subscriptions, are_honoured_where_request_and_offer_meet) {
  const change_filter everything{true, true, true, {"a:b", "c:d", "a:b"}};
  EXPECT_EQ(honour(everything, change_offer{}), change_filter{});
  const auto only_the_first = [](const std::string& uri) { return uri == "a:b"; };
  EXPECT_EQ(honour(everything, (change_offer{true, false, false, only_the_first})),
            (change_filter{true, false, false, {"a:b"}}))
    << "each resource that exists, once";
  EXPECT_EQ(honour(change_filter{}, (change_offer{true, true, true, only_the_first})),
            change_filter{});
}

TEST(subscriptions, are_acknowledged_with_what_is_honoured_only) {
  const jsonrpc::request_id id{jsonrpc::request_id::kind::integer, "3"};
  EXPECT_EQ(acknowledgement_params({id, {}}),
            R"({"_meta":{"io.modelcontextprotocol/subscriptionId":3},"notifications":{}})");
  EXPECT_EQ(acknowledgement_params({id, {false, true, false, {"a:b"}}}),
            R"({"_meta":{"io.modelcontextprotocol/subscriptionId":3},"notifications":)"
            R"({"promptsListChanged":true,"resourceSubscriptions":["a:b"]}})");
}

} // namespace
} // namespace nats_mcp::mcp::subscriptions_test
