// SPDX-License-Identifier: MIT
// What a client may listen to, and what of it a server honours.
#include "protocol/mcp/subscriptions.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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

// -- whatever is asked for -----------------------------------------------------------------------

std::vector<std::string> any_uris() {
  return *rc::gen::container<std::vector<std::string>>(
    rc::gen::element<std::string>("a:b", "c:d", "e:\"f\"", ""));
}

change_filter any_filter() {
  const auto any = rc::gen::arbitrary<bool>();
  return {*any, *any, *any, any_uris()};
}

RC_GTEST_PROP(any_subscription, is_read_as_it_was_written, ()) {
  const auto wanted = any_filter();
  json::value written{{"toolsListChanged", wanted.tools_list_changed},
                      {"promptsListChanged", wanted.prompts_list_changed},
                      {"resourcesListChanged", wanted.resources_list_changed},
                      {"resourceSubscriptions", wanted.resource_subscriptions},
                      {"somethingOfTomorrow", 7}};
  const auto filter = read_change_filter({{"notifications", written}});
  RC_ASSERT(filter.has_value());
  RC_ASSERT(*filter == wanted);
}

RC_GTEST_PROP(any_subscription, is_honoured_as_far_as_it_is_offered_and_once, ()) {
  const auto wanted = any_filter();
  const auto any = rc::gen::arbitrary<bool>();
  const auto there = any_uris();
  const auto is_there = [&](const std::string& uri) {
    return std::count(there.begin(), there.end(), uri) > 0;
  };
  const change_offer offered{*any, *any, *any, is_there};
  const auto honoured = honour(wanted, offered);
  RC_ASSERT(honoured.tools_list_changed
            == (wanted.tools_list_changed && offered.tools_list_changed));
  RC_ASSERT(honoured.prompts_list_changed
            == (wanted.prompts_list_changed && offered.prompts_list_changed));
  RC_ASSERT(honoured.resources_list_changed
            == (wanted.resources_list_changed && offered.resources_list_changed));
  const auto& uris = honoured.resource_subscriptions;
  for (const auto& uri : wanted.resource_subscriptions) {
    RC_ASSERT(std::count(uris.begin(), uris.end(), uri) == (is_there(uri) ? 1 : 0));
  }
  for (const auto& uri : uris) {
    const auto& all = wanted.resource_subscriptions;
    RC_ASSERT(std::count(all.begin(), all.end(), uri) > 0);
  }
  RC_ASSERT(honour(honoured, offered) == honoured);
}

RC_GTEST_PROP(any_subscription, is_acknowledged_with_its_id_as_what_is_honoured, ()) {
  const change_filter honoured = any_filter();
  const jsonrpc::request_id id{jsonrpc::request_id::kind::string,
                               *rc::gen::element<std::string>("", "1", "a\"b", "listen:0")};
  const auto params = json::parse(acknowledgement_params({id, honoured}));
  RC_ASSERT(params.has_value());
  RC_ASSERT(read_change_filter(*params).value() == honoured);
  const auto* tag =
    json::find(*json::find(*params, "_meta"), "io.modelcontextprotocol/subscriptionId");
  RC_ASSERT(tag != nullptr);
  RC_ASSERT(jsonrpc::read_request_id(*tag) == id);
}

} // namespace
} // namespace nats_mcp::mcp::subscriptions_test
