// SPDX-License-Identifier: MIT
#include "tests/bench/report.hpp"

#include <algorithm>
#include <cstdio>

namespace nats_mcp::bench {

namespace {

std::string number(std::optional<double> value) {
  if (!value) {
    return "-";
  }
  char text[32];
  const int digits = *value >= 1000 ? 0 : *value >= 100 ? 1 : *value >= 1 ? 2 : 3;
  std::snprintf(text, sizeof text, "%.*f", digits, *value);
  return text;
}

std::string ratio(const row& line) {
  if (!line.floor || !line.measured || *line.floor == 0) {
    return "-";
  }
  return number(*line.measured / *line.floor);
}

std::string verdict(const row& line) {
  if (!line.limit || !line.measured) {
    return "";
  }
  const bool met = line.better == row::direction::at_most ? *line.measured <= *line.limit
                                                          : *line.measured >= *line.limit;
  return met ? "met" : "MISSED";
}

/// Columns count characters, not bytes: "≤" is one.
std::string padded(const std::string& text, std::size_t width) {
  const auto characters =
    static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
  return text + std::string(width > characters ? width - characters : 0, ' ');
}

void print_line(const std::vector<std::string>& cells) {
  static const std::vector<std::size_t> widths{46, 6, 22, 11, 11, 8, 6};
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += padded(cells[i], widths[i]) + ' ';
  }
  line.erase(line.find_last_not_of(' ') + 1);
  std::puts(line.c_str());
}

} // namespace

void print_table(const std::string& title, const std::vector<row>& rows) {
  std::printf("\n%s\n\n", title.c_str());
  print_line({"what", "unit", "budget", "floor", "measured", "ratio", ""});
  for (const auto& line : rows) {
    print_line({line.what, line.unit, line.budget, number(line.floor), number(line.measured),
                ratio(line), verdict(line)});
  }
  std::fflush(stdout);
}

double percentile(std::vector<double> samples, double share) {
  const auto last = static_cast<double>(samples.size() - 1);
  const auto at = static_cast<std::ptrdiff_t>(share * last + 0.5);
  std::nth_element(samples.begin(), samples.begin() + at, samples.end());
  return samples[static_cast<std::size_t>(at)];
}

} // namespace nats_mcp::bench
