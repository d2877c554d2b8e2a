// SPDX-License-Identifier: MIT
// The exact bytes of what the server writes.
#include "protocol/jsonrpc/encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::jsonrpc::encoding_test {
namespace {

const request_id number{request_id::kind::integer, "7"};
const request_id text{request_id::kind::string, "7"};

TEST(encoding, repeats_the_id_with_its_type) {
  EXPECT_EQ(result_line(number, "{}"), R"({"jsonrpc":"2.0","id":7,"result":{}})");
  EXPECT_EQ(result_line(text, "{}"), R"({"jsonrpc":"2.0","id":"7","result":{}})");
}

TEST(encoding, escapes_string_ids) {
  EXPECT_EQ(result_line({request_id::kind::string, "a\"\n"}, "1"),
            R"({"jsonrpc":"2.0","id":"a\"\n","result":1})");
}

TEST(encoding, leaves_the_id_out_of_an_error_when_it_was_unreadable) {
  EXPECT_EQ(error_line(std::nullopt, {error_code::parse_error, "Parse error", std::nullopt}),
            R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}})");
}

TEST(encoding, writes_error_data_only_when_there_is_some) {
  EXPECT_EQ(error_line(number, {error_code::invalid_params, "x", json::value{{"uri", "a"}}}),
            R"({"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"x","data":{"uri":"a"}}})");
}

TEST(encoding, writes_notifications_without_an_id) {
  EXPECT_EQ(notification_line("notifications/x", R"({"a":1})"),
            R"({"jsonrpc":"2.0","method":"notifications/x","params":{"a":1}})");
}

TEST(encoding, joins_the_answers_of_a_batch) { EXPECT_EQ(array_line({"{}", "1"}), "[{},1]"); }

RC_GTEST_PROP(encoding, of_any_id_is_read_back_as_that_id, ()) {
  const request_id id =
    *rc::gen::arbitrary<bool>()
      ? request_id{request_id::kind::integer, std::to_string(*rc::gen::arbitrary<std::int64_t>())
                                                + *rc::gen::element<std::string>("", "0000000000")}
      : request_id{
        request_id::kind::string,
        json::parse(json::write(*rc::gen::arbitrary<std::string>())).value().get<std::string>()};
  RC_PRE(id.type == request_id::kind::string || id.text[0] != '0' || id.text.size() == 1);
  const auto line = result_line(id, "{}");
  const auto answer = json::parse(line);
  RC_ASSERT(answer.has_value());
  RC_ASSERT(read_request_id(*json::find(*answer, "id")) == id);
  const auto failed = json::parse(error_line(id, {error_code::internal_error, id.text, {}}));
  RC_ASSERT(json::find(*json::find(*failed, "error"), "message")->is_string());
}

} // namespace
} // namespace nats_mcp::jsonrpc::encoding_test
