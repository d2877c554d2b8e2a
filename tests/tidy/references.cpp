// SPDX-License-Identifier: MIT
// Files that nobody reaches, and links that reach nothing.
#include "tests/tidy/rules.hpp"

#include <filesystem>
#include <regex>
#include <set>

namespace nats_mcp::tidy {

namespace {

namespace fs = std::filesystem;

/// Paths from the root that the CMakeLists.txt files name.
std::set<std::string> listed_sources(const std::vector<source_file>& files) {
  static const std::regex source(R"([A-Za-z0-9_./-]+\.cpp)");
  std::set<std::string> listed;
  for (const auto& file : files) {
    if (!file.path.ends_with("CMakeLists.txt")) {
      continue;
    }
    const auto folder = fs::path(file.path).parent_path();
    for (const auto& line : file.lines) {
      for (auto match = std::sregex_iterator(line.begin(), line.end(), source);
           match != std::sregex_iterator(); ++match) {
        listed.insert((folder / match->str()).lexically_normal().generic_string());
      }
    }
  }
  return listed;
}

std::set<std::string> included_headers(const std::vector<source_file>& files) {
  static const std::regex include(R"regex(^\s*#\s*include\s*"([^"]+)")regex");
  std::set<std::string> included;
  for (const auto& file : files) {
    for (const auto& line : file.lines) {
      std::smatch match;
      if (std::regex_search(line, match, include)) {
        included.insert(match[1].str());
      }
    }
  }
  return included;
}

} // namespace

std::vector<finding> check_dead_files(const std::vector<source_file>& files) {
  const auto listed = listed_sources(files);
  const auto included = included_headers(files);
  std::vector<finding> findings;
  for (const auto& file : files) {
    if (file.path.ends_with(".cpp") && !listed.contains(file.path)) {
      findings.push_back(
        {file.path, 1, "a source no CMakeLists.txt names is banned, use it or delete it"});
    }
    if (file.path.ends_with(".hpp") && !included.contains(file.path)) {
      findings.push_back({file.path, 1, "a header nobody includes is banned, use it or delete it"});
    }
  }
  return findings;
}

std::vector<finding> check_links(const source_file& file, const std::string& root) {
  static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
  const auto folder = fs::path(root) / fs::path(file.path).parent_path();
  std::vector<finding> findings;
  for (std::size_t at = 0; at < file.lines.size(); ++at) {
    const auto& line = file.lines[at];
    for (auto match = std::sregex_iterator(line.begin(), line.end(), link);
         match != std::sregex_iterator(); ++match) {
      const auto target = (*match)[1].str();
      if (target.find("://") == std::string::npos && !target.starts_with("mailto:")
          && !fs::exists(folder / target)) {
        findings.push_back(
          {file.path, at + 1, "a link to " + target + " is banned, use one to a file that exists"});
      }
    }
  }
  return findings;
}

} // namespace nats_mcp::tidy
