// SPDX-License-Identifier: MIT
// Functions are found by the shape clang-format gives them: a block opened at some indentation is
// closed by the next brace at the same one.
#include "tests/tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <regex>

namespace nats_mcp::tidy {

namespace {

constexpr std::size_t header_lines_max = 150;
constexpr std::size_t source_lines_max = 350;
constexpr std::size_t test_lines_max = 400;
constexpr std::size_t function_lines_max = 70;

/// Files that are longer on purpose. The number may only fall: a file under its usual bound again
/// is a finding too.
struct allowance {
  std::string_view path;
  std::size_t lines;
};

const std::array allowances{
  allowance{"actors/interfaces.hpp", 200},          // every actor's interface, in one place
  allowance{"actors/mcp/tool_dispatch.hpp", 220},   // every tool's handler, in one place
  allowance{"actors/messages.hpp", 250},            // every message of the actors, in one place
  allowance{"protocol/jetstream/command.hpp", 300}, // every request to a gateway, in one place
};

std::size_t usual_lines_max(const source_file& file) {
  if (file.path.starts_with("tests/")) {
    return test_lines_max;
  }
  return file.path.ends_with(".hpp") ? header_lines_max : source_lines_max;
}

std::size_t lines_max(const source_file& file) {
  for (const auto& [path, lines] : allowances) {
    if (file.path == path) {
      return lines;
    }
  }
  return usual_lines_max(file);
}

/// Blocks that are no function: their members are looked at one by one.
bool is_container(const std::string& line) {
  static const std::regex container(
    R"(^\s*((template\s*<.*>\s*)?(inline )?(namespace|class|struct|union|enum|extern)\b|(CAF|CAPTURE)_).*\{$)");
  return std::regex_search(line, container);
}

bool is_table(const std::string& line) {
  static const std::regex table(R"((=\s*|[A-Za-z_0-9>]\s?)\{$)");
  return line.find('(') == std::string::npos && std::regex_search(line, table);
}

std::size_t indentation(const std::string& line) {
  const auto first = line.find_first_not_of(' ');
  return first == std::string::npos ? std::string::npos : first;
}

/// The line on which what ends on line `last` begins: its brackets are closed there.
std::size_t first_line_of(const source_file& file, std::size_t last) {
  std::ptrdiff_t open = 0;
  for (auto at = last;; --at) {
    const auto& line = file.code[at];
    open += std::count(line.begin(), line.end(), ')') - std::count(line.begin(), line.end(), '(');
    if (open <= 0 || at == 0) {
      return at;
    }
  }
}

/// The line that closes the block opened on line `open`, or `open` if there is none.
std::size_t end_of_block(const source_file& file, std::size_t open) {
  const auto& begin = file.code[first_line_of(file, open)];
  auto indent = indentation(begin);
  if (begin[indent] == ':' || begin[indent] == ',') {
    indent -= 2; // the last line of a constructor's initializers
  }
  for (auto at = open + 1; at < file.code.size(); ++at) {
    if (indentation(file.code[at]) == indent && file.code[at][indent] == '}') {
      return at;
    }
  }
  return open;
}

} // namespace

std::vector<finding> check_lengths(const source_file& file) {
  std::vector<finding> findings;
  if (file.lines.size() > lines_max(file)) {
    findings.push_back({file.path, file.lines.size(),
                        std::to_string(file.lines.size()) + " lines are banned, use at most "
                          + std::to_string(lines_max(file)) + ": split the file by noun"});
  }
  if (lines_max(file) > usual_lines_max(file) && file.lines.size() <= usual_lines_max(file)) {
    findings.push_back({file.path, 1,
                        "an allowance nobody needs is banned, use the usual bound: "
                        "delete it from tests/tidy/lengths.cpp"});
  }
  for (std::size_t at = 0; at < file.code.size(); ++at) {
    const auto& line = file.code[at];
    if (line.empty() || line.back() != '{' || is_container(line) || is_table(line)) {
      continue;
    }
    const auto end = end_of_block(file, at);
    const auto length = end - at + 1;
    if (length > function_lines_max) {
      findings.push_back({file.path, at + 1,
                          "a function of " + std::to_string(length)
                            + " lines is banned, use at most " + std::to_string(function_lines_max)
                            + ": split it by step"});
    }
    at = end;
  }
  return findings;
}

} // namespace nats_mcp::tidy
