// SPDX-License-Identifier: MIT
// Runs one target over files without libFuzzer, so that every build repeats what the fuzzer found
// once.
//
//   fuzz_replay <target> <file or directory…>
//   fuzz_replay --executions N <target> <file or directory…>   N random changes of them as well
//
// Nothing to run is a failure: green means it ran. An input that breaks a promise is left in the
// file `fuzz-finding`.
#include "tests/fuzz/mutation.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <unistd.h>
#include <vector>

namespace nats_mcp::fuzz {
namespace {

/// What runs, for the handler below.
std::string current;

extern "C" void keep_finding(int /*signal*/) {
  const int file = ::open("fuzz-finding", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0 && ::write(file, current.data(), current.size()) >= 0) {
    ::close(file);
  }
}

void run(const named_target& target, std::string bytes) {
  current = std::move(bytes);
  target.run(current);
}

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

void mutate(const named_target& target, const std::vector<std::string>& inputs, std::size_t count) {
  constexpr std::uint64_t seed = 20'261'130;
  mutation change{seed};
  for (std::size_t made = 0; made < count; ++made) {
    run(target,
        change.changed(inputs[change.below(inputs.size())], inputs[change.below(inputs.size())]));
  }
}

int usage() {
  std::fprintf(stderr,
               "usage: fuzz_replay [--executions N] <target> <file or directory>...; targets are:");
  for (const auto& each : targets) {
    std::fprintf(stderr, " %s", std::string{each.name}.c_str());
  }
  std::fprintf(stderr, "\n");
  return 2;
}

int replay(std::span<char* const> arguments, std::size_t executions) {
  const auto target =
    std::find_if(targets.begin(), targets.end(), [&arguments](const named_target& each) {
      return !arguments.empty() && each.name == arguments[0];
    });
  if (target == targets.end()) {
    return usage();
  }
  std::vector<std::string> inputs;
  for (const auto& path : files_of(arguments.subspan(1))) {
    std::ifstream file{path, std::ios::binary};
    inputs.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
    if (!file) {
      std::fprintf(stderr, "%s cannot be read\n", path.c_str());
      return 1;
    }
    if (executions == 0) {
      std::fprintf(stderr, "%s\n", path.c_str());
    }
    run(*target, inputs.back());
  }
  if (!inputs.empty()) {
    mutate(*target, inputs, executions);
  }
  std::fprintf(stderr, "%s: %zu inputs kept every promise\n", std::string{target->name}.c_str(),
               inputs.size() + (inputs.empty() ? 0 : executions));
  return inputs.empty() ? 1 : 0;
}

} // namespace
} // namespace nats_mcp::fuzz

int main(int count, char** values) {
  std::signal(SIGABRT, nats_mcp::fuzz::keep_finding);
  std::span<char* const> arguments{values, static_cast<std::size_t>(count)};
  arguments = arguments.subspan(1);
  std::size_t executions = 0;
  if (arguments.size() > 1 && std::string_view{arguments[0]} == "--executions") {
    executions = std::strtoull(arguments[1], nullptr, 10);
    arguments = arguments.subspan(2);
  }
  return nats_mcp::fuzz::replay(arguments, executions);
}
