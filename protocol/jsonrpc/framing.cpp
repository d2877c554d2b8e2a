// SPDX-License-Identifier: MIT
#include "protocol/jsonrpc/framing.hpp"

#include "protocol/limits.hpp"

#include <utility>

namespace nats_mcp::jsonrpc {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// A line may be preceded by a byte order mark and followed by a carriage return; neither counts.
constexpr std::size_t raw_bytes_max = limits::line_bytes_max + byte_order_mark.size() + 1;

bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

std::vector<framed_line> framing::feed(std::string_view chunk) {
  std::vector<framed_line> lines;
  while (!chunk.empty()) {
    const auto end = chunk.find('\n');
    append(chunk.substr(0, end), lines);
    if (end == std::string_view::npos) {
      break;
    }
    chunk.remove_prefix(end + 1);
    if (auto line = complete()) {
      lines.push_back(std::move(*line));
    }
  }
  return lines;
}

std::optional<framed_line> framing::end_of_stream() { return complete(); }

void framing::append(std::string_view part, std::vector<framed_line>& lines) {
  if (skipping_) {
    return;
  }
  if (partial_.size() + part.size() <= raw_bytes_max) {
    partial_ += part;
    return;
  }
  skipping_ = true;
  partial_ = {}; // gives the memory back
  lines.push_back({framed_line::state::overlong, {}});
}

std::optional<framed_line> framing::complete() {
  auto text = std::exchange(partial_, {});
  const auto first = std::exchange(first_line_, false);
  if (std::exchange(skipping_, false)) {
    return std::nullopt; // reported when it grew too long
  }
  if (!text.empty() && text.back() == '\r') {
    text.pop_back();
  }
  if (first && text.compare(0, byte_order_mark.size(), byte_order_mark) == 0) {
    text.erase(0, byte_order_mark.size());
  }
  if (text.size() > limits::line_bytes_max) {
    return framed_line{framed_line::state::overlong, {}};
  }
  if (is_blank(text)) {
    return std::nullopt;
  }
  return framed_line{framed_line::state::complete, std::move(text)};
}

} // namespace nats_mcp::jsonrpc
