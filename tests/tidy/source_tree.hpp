// SPDX-License-Identifier: MIT
// The repository as the tidy rules see it: our own files, by path from the root, as lines. Rules
// are plain functions from such files to findings, so that each can be shown to fire on a made-up
// file.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::tidy {

/// One file of ours.
struct source_file {
  /// From the root, with forward slashes.
  std::string path;
  /// As they stand, without their ends.
  std::vector<std::string> lines;
  /// The same lines with comments and the insides of literals blanked: what rules on code look at.
  std::vector<std::string> code;
};

/// Something that must be changed, in the form compilers use.
struct finding {
  std::string path;
  std::size_t line = 0;
  std::string text;
};

/// `path:line: error: text`.
std::ostream& operator<<(std::ostream& out, const finding& value);

/// All findings as one text, a line each; what a failed test prints.
std::string to_text(const std::vector<finding>& findings);

/// A file with `text` as its content.
source_file make_source(std::string path, std::string_view text);

/// Every file under the given top-level folders and the root's own files whose name ends in one of
/// `endings`. Build trees, fetched packages and hidden folders are left out.
std::vector<source_file> load_tree(const std::string& root,
                                   const std::vector<std::string_view>& endings);

/// True if `path` starts with one of `folders`.
bool is_under(std::string_view path, const std::vector<std::string_view>& folders);

} // namespace nats_mcp::tidy
