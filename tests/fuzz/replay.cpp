// SPDX-License-Identifier: MIT
// Runs one target over files without libFuzzer, so that every build repeats what the fuzzer found
// once.
//
//   fuzz_replay <target> <file or directory…>
//
// Nothing to run is a failure: green means it ran.
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace nats_mcp::fuzz {
namespace {

std::vector<std::filesystem::path> files_of(std::span<char* const> arguments) {
  std::vector<std::filesystem::path> out;
  for (const auto* argument : arguments) {
    if (std::filesystem::is_directory(argument)) {
      for (const auto& entry : std::filesystem::directory_iterator{argument}) {
        out.push_back(entry.path());
      }
    } else {
      out.emplace_back(argument);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

int replay(std::span<char* const> arguments) {
  const auto target =
    std::find_if(targets.begin(), targets.end(), [&arguments](const named_target& each) {
      return arguments.size() > 1 && each.name == arguments[1];
    });
  if (target == targets.end()) {
    std::fprintf(stderr, "usage: fuzz_replay <target> <file or directory>...; targets are:");
    for (const auto& each : targets) {
      std::fprintf(stderr, " %s", std::string{each.name}.c_str());
    }
    std::fprintf(stderr, "\n");
    return 2;
  }
  std::size_t count = 0;
  for (const auto& path : files_of(arguments.subspan(2))) {
    std::ifstream file{path, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    if (!file) {
      std::fprintf(stderr, "%s cannot be read\n", path.c_str());
      return 1;
    }
    std::fprintf(stderr, "%s\n", path.c_str());
    target->run(bytes);
    ++count;
  }
  std::fprintf(stderr, "%s: %zu inputs kept every promise\n", std::string{target->name}.c_str(),
               count);
  return count == 0 ? 1 : 0;
}

} // namespace
} // namespace nats_mcp::fuzz

int main(int count, char** values) {
  return nats_mcp::fuzz::replay({values, static_cast<std::size_t>(count)});
}
