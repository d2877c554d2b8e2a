// SPDX-License-Identifier: MIT
// Which line is which message, and with which code the others are refused.
#include "protocol/jsonrpc/message.hpp"

#include "protocol/limits.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::jsonrpc::message_test {
namespace {

request_id number(std::string digits) { return {request_id::kind::integer, std::move(digits)}; }
request_id text(std::string characters) {
  return {request_id::kind::string, std::move(characters)};
}

/// The id of a line that has to be a request.
std::optional<request_id> id_of_request(std::string_view line) {
  const auto message = parse_message(line);
  const auto* read = std::get_if<request>(&message);
  return read == nullptr ? std::nullopt : std::optional{read->id};
}

struct refusal {
  int code = 0;
  std::optional<request_id> id;

  friend bool operator==(const refusal&, const refusal&) = default;
};

std::ostream& operator<<(std::ostream& out, const refusal& what) {
  return out << what.code << " id " << (what.id ? what.id->text : "none");
}

/// How a line that has to be refused is refused; code 0 when it is not.
refusal refused(std::string_view line) {
  const auto message = parse_message(line);
  const auto* read = std::get_if<invalid>(&message);
  return read == nullptr ? refusal{} : refusal{static_cast<int>(read->error.code), read->id};
}

std::string request_with_id(std::string_view id) {
  return R"({"jsonrpc":"2.0","id":)" + std::string{id} + R"(,"method":"ping"})";
}

TEST(message, reads_a_request_with_its_parameters) {
  const auto message = parse_message(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[2]}})");
  const auto* read = std::get_if<request>(&message);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->id, number("1"));
  EXPECT_EQ(read->method, "m");
  EXPECT_EQ(json::write(read->params), R"({"a":[2]})");
}

TEST(message, gives_a_request_without_parameters_an_empty_object) {
  const auto message = parse_message(request_with_id("1"));
  ASSERT_NE(std::get_if<request>(&message), nullptr);
  EXPECT_EQ(std::get<request>(message).params, json::value::object());
}

TEST(message, accepts_every_legal_id_and_keeps_its_type_and_digits) {
  EXPECT_EQ(id_of_request(request_with_id("0")), number("0"));
  EXPECT_EQ(id_of_request(request_with_id("-3")), number("-3"));
  EXPECT_EQ(id_of_request(request_with_id("9007199254740993")), number("9007199254740993"));
  EXPECT_EQ(id_of_request(request_with_id("123456789012345678901234567890")),
            number("123456789012345678901234567890"));
  EXPECT_EQ(id_of_request(request_with_id(R"("")")), text(""));
  EXPECT_EQ(id_of_request(request_with_id(R"("1")")), text("1"));
  EXPECT_NE(number("1"), text("1"));
}

TEST(message, refuses_illegal_ids_without_repeating_them) {
  const std::string too_long(limits::request_id_bytes_max + 1, 'x');
  for (const auto& id : std::vector<std::string>{"null", "1.5", "1.0", "1e2", "true", "{}", "[]",
                                                 '"' + too_long + '"'}) {
    EXPECT_EQ(refused(request_with_id(id)), (refusal{-32600, std::nullopt})) << id;
  }
}

TEST(message, accepts_an_id_of_exactly_the_bound) {
  const std::string longest(limits::request_id_bytes_max, 'x');
  EXPECT_EQ(id_of_request(request_with_id('"' + longest + '"')), text(longest));
}

TEST(message, answers_what_is_not_json_with_a_parse_error_without_an_id) {
  for (const auto* line : {"{", "not json", "{\"jsonrpc\":\"2.0\",\"id\":1,", "\"\xff\"",
                           "{\"id\":1,\"x\":\"\xc3(\"}"}) {
    EXPECT_EQ(refused(line), (refusal{-32700, std::nullopt})) << line;
  }
}

TEST(message, refuses_values_that_are_no_objects) {
  for (const auto* line : {"1", "\"a\"", "null", "true"}) {
    EXPECT_EQ(refused(line), (refusal{-32600, std::nullopt})) << line;
  }
}

TEST(message, refuses_an_object_without_method_result_or_error_with_its_id) {
  EXPECT_EQ(refused(R"({"jsonrpc":"2.0","id":4})"), (refusal{-32600, number("4")}));
  EXPECT_EQ(refused(R"({"jsonrpc":"2.0"})"), (refusal{-32600, std::nullopt}));
  EXPECT_EQ(refused("{}"), (refusal{-32600, std::nullopt}));
}

TEST(message, refuses_another_jsonrpc_version_with_the_id) {
  EXPECT_EQ(refused(R"({"id":4,"method":"ping"})"), (refusal{-32600, number("4")}));
  EXPECT_EQ(refused(R"({"jsonrpc":"1.0","id":"a","method":"ping"})"), (refusal{-32600, text("a")}));
  EXPECT_EQ(refused(R"({"jsonrpc":2.0,"id":4,"method":"ping"})"), (refusal{-32600, number("4")}));
}

TEST(message, refuses_a_method_that_is_no_string) {
  EXPECT_EQ(refused(R"({"jsonrpc":"2.0","id":4,"method":7})"), (refusal{-32600, number("4")}));
}

TEST(message, refuses_parameters_that_are_no_object_as_invalid_parameters) {
  for (const auto* params : {"[]", "[1]", "null", "\"a\"", "3"}) {
    EXPECT_EQ(
      refused(std::string{R"({"jsonrpc":"2.0","id":4,"method":"m","params":)"} + params + "}"),
      (refusal{-32602, number("4")}))
      << params;
  }
}

TEST(message, ignores_extra_members_at_the_top) {
  EXPECT_EQ(id_of_request(R"({"jsonrpc":"2.0","id":4,"method":"ping","extra":{"a":1}})"),
            number("4"));
}

TEST(message, reads_what_has_no_id_as_a_notification) {
  const auto message = parse_message(R"({"jsonrpc":"2.0","method":"n","params":{"a":1}})");
  const auto* read = std::get_if<notification>(&message);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->method, "n");
  EXPECT_EQ(json::write(read->params), R"({"a":1})");
}

TEST(message, never_answers_a_notification_with_wrong_parameters) {
  const auto message = parse_message(R"({"jsonrpc":"2.0","method":"n","params":[1]})");
  EXPECT_NE(std::get_if<notification>(&message), nullptr);
}

TEST(message, takes_everything_with_a_result_or_an_error_for_a_response) {
  for (const auto* line :
       {R"({"jsonrpc":"2.0","id":1,"result":{}})", R"({"jsonrpc":"2.0","id":1,"error":{"code":1}})",
        R"({"jsonrpc":"2.0","id":null,"error":{}})", R"({"id":1,"result":3})"}) {
    EXPECT_TRUE(std::holds_alternative<response>(parse_message(line))) << line;
  }
}

TEST(message, answers_a_line_beyond_a_bound_under_its_own_id) {
  const auto deep =
    std::string(limits::json_depth_max, '[') + std::string(limits::json_depth_max, ']');
  EXPECT_EQ(refused(R"({"jsonrpc":"2.0","id":"x","method":"m","params":{"a":)" + deep + "}}"),
            (refusal{-32600, text("x")}));
  EXPECT_EQ(refused(R"({"params":)" + deep + R"(,"id":12})"), (refusal{-32600, number("12")}));
}

TEST(message, reads_a_batch_in_order) {
  const auto message = parse_message(
    R"([{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","method":"b"},7,{"result":1}])");
  const auto* read = std::get_if<batch>(&message);
  ASSERT_NE(read, nullptr);
  ASSERT_EQ(read->members.size(), 4U);
  EXPECT_TRUE(std::holds_alternative<request>(read->members[0]));
  EXPECT_TRUE(std::holds_alternative<notification>(read->members[1]));
  EXPECT_TRUE(std::holds_alternative<invalid>(read->members[2]));
  EXPECT_TRUE(std::holds_alternative<response>(read->members[3]));
}

TEST(message, refuses_a_batch_inside_a_batch) {
  const auto message = parse_message("[[]]");
  const auto* read = std::get_if<batch>(&message);
  ASSERT_NE(read, nullptr);
  EXPECT_TRUE(std::holds_alternative<invalid>(read->members.at(0)));
}

TEST(message, refuses_empty_and_huge_batches_as_one) {
  EXPECT_EQ(refused("[]"), (refusal{-32600, std::nullopt}));
  std::string huge = "[1";
  for (std::size_t i = 0; i < limits::batch_members_max; ++i) {
    huge += ",1";
  }
  EXPECT_EQ(refused(huge + "]"), (refusal{-32600, std::nullopt}));
}

} // namespace
} // namespace nats_mcp::jsonrpc::message_test
