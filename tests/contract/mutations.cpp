// SPDX-License-Identifier: MIT
// contract_mutations check|write <contract_gateway> <page>: runs the contract on the model once for
// every falsehood the model can be told to live by. One that no test notices is a failure: the
// suite would not have noticed either if the model had become false by itself. Which tests notice
// which falsehood stands in a table on the page; `check` says whether it is up to date.
#include "tests/simulation/jetstream/mutation.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using nats_mcp::simulation::mutations;

constexpr std::string_view table_begin = "<!-- mutations: written by contract_mutations -->\n";
constexpr std::string_view table_end = "<!-- end of mutations -->\n";
constexpr std::size_t named_tests_max = 3;

/// What one run of the suite said.
struct verdict {
  std::vector<std::string> failed;
  bool passed = false;
};

/// `settling/simulated.a_late_…, where …` as a reader knows it: `settling.a_late_…`.
std::string reader_name(std::string_view line) {
  const auto test = line.substr(0, line.find_first_of(",\n"));
  return std::string{test.substr(0, test.find('/'))} + std::string{test.substr(test.find('.'))};
}

verdict run_suite(const std::string& suite) {
  const auto command = "'" + suite + "' --gtest_filter='*/simulated.*:*/simulated_newer.*' 2>&1";
  verdict said;
  FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) {
    return said;
  }
  constexpr std::string_view mark = "[  FAILED  ] ";
  std::array<char, 512> line{};
  bool listing = false;
  while (std::fgets(line.data(), line.size(), output) != nullptr) {
    const std::string_view text{line.data()};
    // The list at the end names every failed test once.
    if (text.starts_with(mark) && text.find("listed below") != text.npos) {
      listing = true;
    } else if (listing && text.starts_with(mark)) {
      const auto name = reader_name(text.substr(mark.size()));
      if (std::find(said.failed.begin(), said.failed.end(), name) == said.failed.end()) {
        said.failed.push_back(name);
      }
    }
  }
  said.passed = ::pclose(output) == 0;
  // The order in which tests run is the linker's.
  std::sort(said.failed.begin(), said.failed.end());
  return said;
}

std::string row(const nats_mcp::simulation::named_mutation& one, const verdict& said) {
  std::string out = "| `" + std::string{one.name} + "` | " + std::string{one.meaning} + " | ";
  for (std::size_t at = 0; at < said.failed.size() && at < named_tests_max; ++at) {
    out += (at == 0 ? "`" : ", `") + said.failed[at] + "`";
  }
  if (said.failed.size() > named_tests_max) {
    out += " and " + std::to_string(said.failed.size() - named_tests_max) + " more";
  }
  return out + " |\n";
}

/// The table, or nothing after saying what survived.
std::optional<std::string> examine(const std::string& suite) {
  ::unsetenv("NATS_MCP_MUTATION");
  if (!run_suite(suite).passed) {
    std::cerr << "The contract does not hold for the honest model.\n";
    return std::nullopt;
  }
  std::string table = "| falsehood | the falsified server … | noticed by |\n|---|---|---|\n";
  bool survived = false;
  for (const auto& one : mutations()) {
    ::setenv("NATS_MCP_MUTATION", std::string{one.name}.c_str(), 1);
    const auto said = run_suite(suite);
    if (said.failed.empty()) {
      std::cerr << (said.passed ? "No test notices that the model "
                                : "The suite ends without a verdict when the model ")
                << one.meaning << " (" << one.name << ").\n";
      survived = true;
    }
    table += row(one, said);
  }
  return survived ? std::nullopt : std::optional{table};
}

std::string text_of(const std::string& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments{argv, static_cast<std::size_t>(argc)};
  constexpr std::size_t expected = 4;
  if (arguments.size() != expected) {
    std::cerr << "usage: contract_mutations check|write <contract_gateway> <page>\n";
    return EXIT_FAILURE;
  }
  const std::string_view action{arguments[1]};
  const std::string page{arguments[3]};
  const auto before = text_of(page);
  const auto begin = before.find(table_begin);
  const auto end = before.find(table_end);
  if (begin == std::string::npos || end == std::string::npos) {
    std::cerr << page << " has no place for the table of mutations.\n";
    return EXIT_FAILURE;
  }
  const auto table = examine(arguments[2]);
  if (!table) {
    return EXIT_FAILURE;
  }
  const auto after = before.substr(0, begin + table_begin.size()) + *table + before.substr(end);
  if (action == "write") {
    std::ofstream{page} << after;
    return EXIT_SUCCESS;
  }
  if (after != before) {
    std::cerr << page << " is out of date: contract_mutations write brings it up to date.\n";
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
