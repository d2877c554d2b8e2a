// SPDX-License-Identifier: MIT
// Each rule on made-up files: it fires where it must, and only there.
#include "tests/tidy/rules.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::tidy {

namespace {

std::string layers(std::string path, std::string_view text) {
  return to_text(check_layers(make_source(std::move(path), text)));
}

std::string banned(std::string path, std::string_view text) {
  return to_text(check_banned(make_source(std::move(path), text)));
}

std::string lengths(std::string path, std::string_view text) {
  return to_text(check_lengths(make_source(std::move(path), text)));
}

std::string repeated(std::string_view line, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += line;
  }
  return text;
}

} // namespace

TEST(masking, blanks_comments_and_literals_and_keeps_lines) {
  const auto file = make_source("x.cpp", "a /* b\n c */ d // e\nf(\"g\\\"h\", 'i', 1'000);\n"
                                         "R\"(new\nx)\" j");
  EXPECT_EQ(file.code, (std::vector<std::string>{"a     ", "      d     ", "f(      ,    , 1'000);",
                                                 "      ", "    j"}));
}

TEST(layers_rule, names_file_line_and_advice) {
  EXPECT_EQ(
    layers("protocol/a.cpp", "\n#include \"actors/b.hpp\"\n"),
    "protocol/a.cpp:2: error: include of actors/b.hpp is banned, protocol/ stands below all "
    "others: pass the value in\n");
}

TEST(layers_rule, keeps_transport_below_actors) {
  EXPECT_NE(layers("transport/a.cpp", "#include \"actors/b.hpp\""), "");
  EXPECT_EQ(layers("actors/a.cpp", "#include \"transport/b.hpp\""), "");
}

TEST(layers_rule, keeps_caf_in_actors) {
  EXPECT_NE(layers("protocol/a.hpp", "#include <caf/all.hpp>"), "");
  EXPECT_NE(layers("transport/a.hpp", "#include <caf/all.hpp>"), "");
  EXPECT_EQ(layers("actors/a.hpp", "#include <caf/all.hpp>"), "");
}

TEST(layers_rule, keeps_nats_in_one_folder_and_the_benchmarks) {
  EXPECT_NE(layers("actors/a.cpp", "#include <nats/nats.h>"), "");
  EXPECT_NE(layers("transport/stdio/a.cpp", "#include <nats.h>"), "");
  EXPECT_EQ(layers("transport/nats/a.cpp", "#include <nats/nats.h>"), "");
  EXPECT_EQ(layers("tests/bench/a.cpp", "#include <nats/nats.h>"), "");
}

TEST(banned_rule, names_what_to_use_instead) {
  EXPECT_EQ(banned("actors/a.cpp", "x = steady_clock::now();"),
            "actors/a.cpp:1: error: reading a clock is banned, use the `now` that is passed in, or "
            "the actor clock\n");
}

TEST(banned_rule, does_not_look_into_comments_and_literals) {
  EXPECT_EQ(banned("protocol/a.cpp", "// std::cout, new int\nf(\"delete x\");"), "");
}

TEST(banned_rule, tells_ownership_from_deleted_functions) {
  EXPECT_EQ(banned("protocol/a.hpp", "a(const a&) = delete;\nint new_value = 0;"), "");
  EXPECT_NE(banned("protocol/a.cpp", "auto* p = new thing;"), "");
  EXPECT_NE(banned("protocol/a.cpp", "delete p;"), "");
}

TEST(banned_rule, lets_transport_and_main_read_clocks) {
  EXPECT_EQ(banned("transport/a.cpp", "steady_clock::now()"), "");
  EXPECT_EQ(banned("actors/main/a.cpp", "steady_clock::now()"), "");
}

TEST(banned_rule, refuses_sleeping_tests) {
  EXPECT_NE(banned("tests/unit/a.test.cpp", "std::this_thread::sleep_for(1s);"), "");
}

TEST(banned_rule, refuses_swallowed_errors_and_namespaces_in_headers) {
  EXPECT_NE(banned("actors/a.cpp", "} catch (...) {"), "");
  EXPECT_NE(banned("actors/a.hpp", "using namespace std;"), "");
  EXPECT_EQ(banned("actors/a.cpp", "using namespace std::chrono_literals;"), "");
}

TEST(lengths_rule, knows_three_kinds_of_files) {
  EXPECT_EQ(lengths("protocol/a.hpp", repeated("\n", 150)), "");
  EXPECT_NE(lengths("protocol/a.hpp", repeated("\n", 151)), "");
  EXPECT_EQ(lengths("protocol/a.cpp", repeated("\n", 350)), "");
  EXPECT_NE(lengths("protocol/a.cpp", repeated("\n", 351)), "");
  EXPECT_NE(lengths("tests/a.test.cpp", repeated("\n", 401)), "");
}

TEST(lengths_rule, measures_functions_and_not_what_holds_them) {
  const auto body = "void f() {\n" + repeated("  x();\n", 69) + "}\n";
  EXPECT_EQ(
    lengths("protocol/a.cpp", body),
    "protocol/a.cpp:1: error: a function of 71 lines is banned, use at most 70: split it by "
    "step\n");
  EXPECT_EQ(lengths("protocol/a.cpp", "namespace a {\n" + repeated("int x;\n", 90) + "}\n"), "");
  EXPECT_EQ(lengths("protocol/a.cpp", "const table rows{\n" + repeated("  1,\n", 90) + "};\n"), "");
}

TEST(dead_files_rule, finds_sources_nobody_builds_and_headers_nobody_includes) {
  const std::vector<source_file> files{
    make_source("protocol/CMakeLists.txt", "add_library(protocol\n  json/a.cpp)"),
    make_source("protocol/json/a.cpp", "#include \"protocol/json/a.hpp\""),
    make_source("protocol/json/a.hpp", ""),
    make_source("protocol/json/b.cpp", ""),
    make_source("protocol/json/c.hpp", ""),
  };
  const auto findings = check_dead_files(files);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].path, "protocol/json/b.cpp");
  EXPECT_EQ(findings[1].path, "protocol/json/c.hpp");
}

TEST(links_rule, follows_relative_links_only) {
  const auto file =
    make_source("tests/a.md", "[x](https://example.org) [y](#part) [z](../README.md#p)"
                              "\n[w](nowhere.md)");
  EXPECT_EQ(to_text(check_links(file, NATS_MCP_SOURCE_DIR)),
            "tests/a.md:2: error: a link to nowhere.md is banned, use one to a file that exists\n");
}

} // namespace nats_mcp::tidy
