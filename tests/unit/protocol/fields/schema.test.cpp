// SPDX-License-Identifier: MIT
// The JSON Schema and the reference rows that follow from a field table.
#include "protocol/json/schema.hpp"

#include "protocol/json/reference.hpp"

#include "tests/unit/protocol/fields/sample.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::json::schema_test {
namespace {

value schema(schema_reader reader) {
  return object_schema(described<sample>::fields().descriptions(), reader);
}

TEST(schema, is_a_closed_object_without_combinators) {
  const auto whole = schema(schema_reader::caller);
  EXPECT_EQ(whole["type"], "object");
  EXPECT_EQ(whole["additionalProperties"], false);
  EXPECT_EQ(whole["required"], value::array({"channel"}));
  for (const auto* combinator : {"oneOf", "anyOf", "allOf"}) {
    EXPECT_FALSE(whole.contains(combinator));
  }
}

TEST(schema, says_for_each_type_what_decoding_checks) {
  const auto members = schema(schema_reader::caller)["properties"];
  EXPECT_EQ(write(members["channel"]),
            R"({"type":"string","pattern":"^[a-z0-9-]{1,64}$","description":"Where."})");
  EXPECT_EQ(
    write(members["limit"]),
    R"({"type":"integer","minimum":1,"maximum":1000,"description":"How many.","default":50})");
  EXPECT_EQ(write(members["after"]), R"({"type":"integer"})");
  EXPECT_EQ(write(members["kind"]),
            R"({"type":"string","enum":["apple","pear"],"default":"apple"})");
  EXPECT_EQ(write(members["tags"]), R"({"type":"array","maxItems":2,)"
                                    R"("items":{"type":"string","minLength":1,"maxLength":4}})");
  EXPECT_EQ(write(members["wait"]),
            R"({"type":"integer","minimum":0,"maximum":5000,"default":1000})");
  EXPECT_EQ(members["age"]["default"], "1d");
  EXPECT_EQ(members["nested"]["properties"]["name"]["type"], "string");
  EXPECT_EQ(members["parts"]["items"]["required"], value::array({"name"}));
  EXPECT_EQ(write(members["free"]), R"({"type":"object"})");
}

TEST(schema, tells_each_reader_what_it_needs) {
  EXPECT_FALSE(schema(schema_reader::checker)["properties"]["limit"].contains("default"));
  EXPECT_FALSE(schema(schema_reader::caller)["properties"]["limit"].contains("examples"));
  const auto editor = schema(schema_reader::editor)["properties"];
  EXPECT_EQ(editor["limit"]["examples"], value::array({10}));
  EXPECT_NE(write(editor["kind"]).find("SAMPLE_KIND"), std::string::npos);
}

TEST(schema, of_no_members_is_still_closed) {
  EXPECT_EQ(write(object_schema({}, schema_reader::caller)),
            R"({"type":"object","additionalProperties":false})");
}

TEST(reference, has_a_row_for_every_member_nested_ones_too) {
  const auto rows = reference_rows(described<sample>::fields().descriptions());
  std::vector<std::string> names;
  for (const auto& row : rows) {
    names.push_back(row.name);
  }
  const std::vector<std::string> expected{
    "channel",     "limit", "after", "small",        "share",        "unread",
    "kind",        "tags",  "parts", "parts[].name", "parts[].size", "nested.name",
    "nested.size", "wait",  "age",   "free",         "token"};
  EXPECT_EQ(names, expected);
  EXPECT_EQ(rows[1].accepted, "a whole number from 1 to 1000");
  EXPECT_EQ(rows[1].initial, "50");
  EXPECT_EQ(rows[0].need, presence::required);
  EXPECT_EQ(rows[6].environment, "SAMPLE_KIND");
}

TEST(reference, keeps_a_cell_in_its_column) { EXPECT_EQ(table_cell("a|b\nc"), "a\\|b c"); }

} // namespace
} // namespace nats_mcp::json::schema_test
