// SPDX-License-Identifier: MIT
// tools/list, page by page.
#include "tests/unit/protocol/mcp/session_fixture.hpp"

#include <set>

namespace nats_mcp::mcp::session_lists_test {
namespace {

std::string list_request(const std::string& cursor) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{)"
         + (cursor.empty() ? "" : R"("cursor":)" + cursor) + "}}";
}

class session_lists : public session_test {
protected:
  session_lists() {
    auto options = two_tools();
    options.tools = {tool_named("a"), tool_named("b"), tool_named("c"), tool_named("d"),
                     tool_named("e")};
    options.tools_per_page = 2;
    subject = session{options, {}};
  }

  void SetUp() override { ASSERT_EQ(shake_hands("2025-11-25"), "2025-11-25"); }

  json::value result_of(const std::string& line) {
    const auto answer = json::parse(answer_to(line)).value();
    const auto* member = json::find(answer, "result");
    return member == nullptr ? json::value{} : *member;
  }
};

TEST_F(session_test, lists_all_tools_on_one_page_as_they_were_described) {
  EXPECT_EQ(shake_hands("2025-11-25"), "2025-11-25");
  EXPECT_EQ(
    answer_to(list_request("")),
    R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"echo","inputSchema":{"type":"object"}},)"
    R"({"name":"wait","inputSchema":{"type":"object"}}]}})");
}

TEST_F(session_test, lists_no_tools_as_an_empty_list) {
  auto options = two_tools();
  options.tools.clear();
  subject = session{options, {}};
  EXPECT_NE(answer_to(modern_request("1", "tools/list", "")).find(R"("tools":[],"ttlMs")"),
            std::string::npos);
}

TEST_F(session_lists, lead_from_page_to_page_to_an_end) {
  std::vector<std::string> names;
  std::string cursor;
  for (int page = 0; page < 3; ++page) {
    const auto result = result_of(list_request(cursor));
    for (const auto& tool : *json::find(result, "tools")) {
      names.push_back(json::find(tool, "name")->get<std::string>());
    }
    const auto* next = json::find(result, "nextCursor");
    cursor = next == nullptr ? "" : json::write(*next);
    EXPECT_EQ(cursor.empty(), page == 2);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
}

TEST_F(session_lists, are_the_same_in_both_eras_with_the_same_hint_on_every_page) {
  const auto legacy = result_of(list_request(""));
  auto cursor = json::write(*json::find(legacy, "nextCursor"));
  const auto second = result_of(list_request(cursor));
  const auto modern = result_of(modern_request("1", "tools/list", ",\"cursor\":" + cursor));
  EXPECT_EQ(*json::find(modern, "tools"), *json::find(second, "tools"));
  EXPECT_EQ(*json::find(modern, "resultType"), "complete");
  EXPECT_EQ(*json::find(modern, "ttlMs"), 300000);
  EXPECT_EQ(*json::find(modern, "cacheScope"), "public");
  EXPECT_NE(json::find(modern, "_meta"), nullptr);
  EXPECT_EQ(json::find(second, "ttlMs"), nullptr);
}

TEST_F(session_lists, refuse_cursors_they_did_not_give) {
  for (const auto* cursor : {R"("")", R"("b3BhcXVlOjUw")", "7", "null", R"("2")"}) {
    EXPECT_EQ(code_of(list_request(cursor)), -32602) << cursor;
  }
}

TEST_F(session_lists, refuse_the_cursor_of_another_list) {
  const auto cursor = json::write(*json::find(result_of(list_request("")), "nextCursor"));
  auto options = two_tools();
  options.tools = {tool_named("x"), tool_named("b"), tool_named("c")};
  options.tools_per_page = 2;
  subject = session{options, subject.checkpoint()};
  EXPECT_EQ(code_of(list_request(cursor)), -32602);
}

} // namespace
} // namespace nats_mcp::mcp::session_lists_test
