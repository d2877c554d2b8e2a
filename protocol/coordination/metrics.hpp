// SPDX-License-Identifier: MIT
// Numbers in Prometheus's text format, version 0.0.4, which its scrapers and everybody's agents
// read: families with help and type, samples with labels. Only the writing; what the numbers are is
// metric_families.hpp's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::coordination {

/// Of the answer to a scrape.
inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

enum class metric_kind : std::uint8_t {
  /// Only grows, from the start of the process on.
  counter,
  gauge,
};

struct metric_sample {
  /// Names as `is_label_name` allows; any text as value.
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};

struct metric_family {
  /// As `is_metric_name` allows; base units (`_seconds`, `_bytes`), counters end in `_total`.
  std::string name;
  metric_kind kind = metric_kind::gauge;
  /// One sentence.
  std::string help;
  std::vector<metric_sample> samples;
};

[[nodiscard]] bool is_metric_name(std::string_view text) noexcept;
[[nodiscard]] bool is_label_name(std::string_view text) noexcept;

/// Families in their order, each with help and type, without samples too. A family or a sample with
/// a name that is none is left out: one wrong line would make a scraper drop all of them.
[[nodiscard]] std::string write_metrics(const std::vector<metric_family>& families);

} // namespace nats_mcp::coordination
