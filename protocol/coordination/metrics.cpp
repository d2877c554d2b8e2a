// SPDX-License-Identifier: MIT
#include "protocol/coordination/metrics.hpp"

#include "protocol/json/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace nats_mcp::coordination {

namespace {

bool is_letter(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || one == '_';
}

bool is_digit(char one) noexcept { return one >= '0' && one <= '9'; }

/// Valid UTF-8 in which nothing ends a line, or a value in quotes.
std::string escaped(std::string_view text, bool is_quoted) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = json::sequence_length(text);
    if (text.front() == '\\') {
      out += "\\\\";
    } else if (text.front() == '\n') {
      out += "\\n";
    } else if (text.front() == '"' && is_quoted) {
      out += "\\\"";
    } else if (length == 0) {
      out += "\xef\xbf\xbd";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "+Inf" : "-Inf";
  }
  std::array<char, 64> digits{};
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return failure == std::errc{} ? std::string{digits.data(), end} : "NaN";
}

bool has_only_label_names(const metric_sample& sample) {
  return std::all_of(sample.labels.begin(), sample.labels.end(),
                     [](const auto& label) { return is_label_name(label.first); });
}

void write_sample(const std::string& name, const metric_sample& sample, std::string& out) {
  out += name;
  char before = '{';
  for (const auto& [label, value] : sample.labels) {
    out.append(1, before).append(label).append("=\"");
    out.append(escaped(value, true)).append(1, '"');
    before = ',';
  }
  if (before == ',') {
    out += '}';
  }
  out.append(1, ' ').append(number(sample.value)).append(1, '\n');
}

} // namespace

bool is_metric_name(std::string_view text) noexcept {
  return !text.empty() && !is_digit(text.front())
         && std::all_of(text.begin(), text.end(),
                        [](char one) { return is_letter(one) || is_digit(one) || one == ':'; });
}

bool is_label_name(std::string_view text) noexcept {
  // Those with two lines in front are Prometheus's own.
  return is_metric_name(text) && text.find(':') == std::string_view::npos
         && !text.starts_with("__");
}

std::string write_metrics(const std::vector<metric_family>& families) {
  std::string out;
  for (const auto& family : families) {
    if (!is_metric_name(family.name)) {
      continue;
    }
    out.append("# HELP ").append(family.name).append(1, ' ');
    out.append(escaped(family.help, false)).append("\n# TYPE ").append(family.name);
    out.append(family.kind == metric_kind::counter ? " counter\n" : " gauge\n");
    for (const auto& sample : family.samples) {
      if (has_only_label_names(sample)) {
        write_sample(family.name, sample, out);
      }
    }
  }
  return out;
}

} // namespace nats_mcp::coordination
