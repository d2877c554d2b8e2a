// SPDX-License-Identifier: MIT
// nats-mcp-reference write|check <directory>: writes the generated pages, or says which of those
// that are committed are out of date.
#include "tests/reference/pages.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace {

using pages = std::map<std::string, std::string>;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

int write(const pages& all, const std::filesystem::path& directory) {
  for (const auto& [name, text] : all) {
    std::ofstream stream{directory / name, std::ios::binary};
    stream << text;
    if (!stream.flush()) {
      std::cerr << "Cannot write " << (directory / name).string() << ".\n";
      return 1;
    }
  }
  return 0;
}

int check(const pages& all, const std::filesystem::path& directory) {
  int stale = 0;
  for (const auto& [name, text] : all) {
    if (text_of(directory / name) != text) {
      std::cerr << (directory / name).string() << " is not what the declarations say.\n";
      stale = 1;
    }
  }
  if (stale != 0) {
    std::cerr << "Refresh with: nats-mcp-reference write " << directory.string()
              << " (in the bin/ of the build directory), then look at the difference.\n";
  }
  return stale;
}

} // namespace

int main(int count, char** values) {
  const std::span<char*> arguments(values, static_cast<std::size_t>(count));
  const pages all{
    {"config.schema.json", nats_mcp::reference::configuration_schema_file()},
    {"configuration.md", nats_mcp::reference::configuration_page()},
    {"tools.md", nats_mcp::reference::tools_page()},
  };
  if (arguments.size() == 3 && std::string_view{arguments[1]} == "write") {
    return write(all, arguments[2]);
  }
  if (arguments.size() == 3 && std::string_view{arguments[1]} == "check") {
    return check(all, arguments[2]);
  }
  std::cerr << "Usage: nats-mcp-reference write|check <directory>\n";
  return 2;
}
