// SPDX-License-Identifier: MIT
// The rules over the repository. A failure prints one line per place, as a compiler would.
#include "tests/tidy/rules.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace nats_mcp::tidy {

namespace {

const std::string root = NATS_MCP_SOURCE_DIR;

/// Plain lines in the failure, not an escaped string.
testing::AssertionResult none(const std::vector<finding>& findings) {
  return findings.empty() ? testing::AssertionSuccess()
                          : testing::AssertionFailure() << '\n'
                                                        << to_text(findings);
}

std::vector<finding>
all_findings(const std::vector<std::string_view>& endings,
             const std::function<std::vector<finding>(const source_file&)>& rule) {
  std::vector<finding> findings;
  for (const auto& file : load_tree(root, endings)) {
    const auto found = rule(file);
    findings.insert(findings.end(), found.begin(), found.end());
  }
  return findings;
}

} // namespace

TEST(repository, is_where_the_build_says) {
  EXPECT_GT(load_tree(root, {".cpp", ".hpp"}).size(), 10U);
}

TEST(repository, keeps_the_direction_of_its_layers) {
  EXPECT_TRUE(none(all_findings({".cpp", ".hpp"}, check_layers)));
}

TEST(repository, has_no_banned_calls) {
  EXPECT_TRUE(none(all_findings({".cpp", ".hpp"}, check_banned)));
}

TEST(repository, has_no_overlong_files_or_functions) {
  EXPECT_TRUE(none(all_findings({".cpp", ".hpp"}, check_lengths)));
}

TEST(repository, has_no_dead_files) {
  EXPECT_TRUE(none(check_dead_files(load_tree(root, {".cpp", ".hpp", "CMakeLists.txt"}))));
}

TEST(repository, has_no_dead_links) {
  EXPECT_TRUE(
    none(all_findings({".md"}, [](const source_file& file) { return check_links(file, root); })));
}

} // namespace nats_mcp::tidy
