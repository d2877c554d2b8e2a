// SPDX-License-Identifier: MIT
#include "protocol/jsonrpc/framing.hpp"

#include "protocol/limits.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>
#include <vector>

namespace nats_mcp::fuzz {

namespace {

using jsonrpc::framed_line;

std::vector<framed_line> lines_in_chunks(std::string_view bytes, std::size_t chunk) {
  jsonrpc::framing reader;
  std::vector<framed_line> out;
  while (!bytes.empty()) {
    for (auto& line : reader.feed(bytes.substr(0, chunk))) {
      out.push_back(std::move(line));
    }
    bytes.remove_prefix(std::min(chunk, bytes.size()));
  }
  if (auto last = reader.end_of_stream()) {
    out.push_back(std::move(*last));
  }
  return out;
}

/// The same by cutting the whole at once.
std::vector<framed_line> lines_at_once(std::string_view bytes) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  std::vector<framed_line> out;
  bool first = true;
  while (!bytes.empty() || first) {
    const auto end = bytes.find('\n');
    std::string line{bytes.substr(0, end)};
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    if (first && line.starts_with(mark)) {
      line.erase(0, mark.size());
    }
    first = false;
    if (line.find_first_not_of(" \t\r") != std::string::npos) {
      out.push_back({framed_line::state::complete, std::move(line)});
    }
  }
  return out;
}

} // namespace

void framing(std::string_view bytes) {
  input given{bytes};
  const auto chunk = given.choice(64) + 1;
  const auto lines = lines_in_chunks(given.rest(), chunk);
  require(lines == lines_in_chunks(given.rest(), given.rest().size() + 1),
          "lines are the same however they are cut", given.rest());
  require(lines == lines_at_once(given.rest()), "a line is what stands before a line feed",
          given.rest());
  for (const auto& line : lines) {
    require(line.text.find('\n') == std::string::npos, "no line holds a line feed", line.text);
    require(line.text.size() <= limits::line_bytes_max, "no line is too long", line.text);
  }
}

} // namespace nats_mcp::fuzz
