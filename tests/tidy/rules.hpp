// SPDX-License-Identifier: MIT
// The rules of the house that a program can check. Each takes files and returns what is wrong with
// them; tidy.test.cpp runs them over the repository.
#pragma once

#include "tests/tidy/source_tree.hpp"

#include <string>
#include <vector>

namespace nats_mcp::tidy {

/// protocol ← transport ← actors: what an include of one file may not reach.
std::vector<finding> check_layers(const source_file& file);

/// Calls that do not belong where they stand: hidden clocks, stray output, raw ownership …
std::vector<finding> check_banned(const source_file& file);

/// Longest allowed file (header 150, source 350, test 400 lines) and function (70 lines).
std::vector<finding> check_lengths(const source_file& file);

/// Every `.cpp` is named by a CMakeLists.txt beside or above it, every `.hpp` included by somebody.
std::vector<finding> check_dead_files(const std::vector<source_file>& files);

/// Every relative link of a Markdown file leads to something that exists under `root`.
std::vector<finding> check_links(const source_file& file, const std::string& root);

} // namespace nats_mcp::tidy
