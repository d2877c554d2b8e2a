// SPDX-License-Identifier: MIT
// The text a scraper reads, read by a parser that follows the description of the format and accepts
// nothing else.
#include "protocol/coordination/metrics.hpp"

#include "protocol/json/utf8.hpp"

#include "tests/unit/protocol/coordination/scraping.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::coordination::metrics_test {
namespace {

/// With what is no UTF-8 replaced.
std::string valid(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = json::sequence_length(text);
    out += length == 0 ? "\xef\xbf\xbd" : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

metric_family claims() {
  return {"nats_mcp_claims_total", metric_kind::counter, "Items claimed.", {{{}, 3}}};
}

TEST(metrics, are_written_with_help_and_type) {
  EXPECT_EQ(write_metrics({claims(),
                           {"nats_mcp_agents",
                            metric_kind::gauge,
                            "Agents.",
                            {{{{"status", "online"}, {"host", "b"}}, 2}, {{}, 0.25}}}}),
            "# HELP nats_mcp_claims_total Items claimed.\n"
            "# TYPE nats_mcp_claims_total counter\n"
            "nats_mcp_claims_total 3\n"
            "# HELP nats_mcp_agents Agents.\n"
            "# TYPE nats_mcp_agents gauge\n"
            "nats_mcp_agents{status=\"online\",host=\"b\"} 2\n"
            "nats_mcp_agents 0.25\n");
}

TEST(metrics, without_samples_are_announced) {
  EXPECT_EQ(write_metrics({{"a", metric_kind::gauge, "None.", {}}}),
            "# HELP a None.\n# TYPE a gauge\n");
  EXPECT_EQ(write_metrics({}), "");
}

TEST(metrics, escape_what_would_end_a_value_or_a_line) {
  EXPECT_EQ(
    write_metrics(
      {{"a", metric_kind::gauge, "A \\ and\na \"line\".", {{{{"c", "C:\\ \"x\"\ny"}}, 1}}}}),
    "# HELP a A \\\\ and\\na \"line\".\n# TYPE a gauge\n"
    "a{c=\"C:\\\\ \\\"x\\\"\\ny\"} 1\n");
}

TEST(metrics, are_valid_utf8_whatever_agents_call_themselves) {
  const auto text = write_metrics({{"a", metric_kind::gauge, "A.", {{{{"c", "\xff"}}, 1}}}});
  EXPECT_NE(text.find("c=\"\xef\xbf\xbd\""), std::string::npos);
}

TEST(metrics, have_numbers_any_scraper_reads) {
  const auto written = [](double value) {
    return scrape(write_metrics({{"a", metric_kind::gauge, "A.", {{{}, value}}}}))
      .at("a")
      .samples.begin()
      ->second;
  };
  for (const double value : {0.0, -1.5, 1e-9, 1e300, 9007199254740993.0, 1.0 / 3}) {
    EXPECT_EQ(written(value), value);
  }
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(written(infinite), infinite);
  EXPECT_EQ(written(-infinite), -infinite);
  EXPECT_TRUE(std::isnan(written(std::nan(""))));
}

TEST(metrics, with_names_that_are_none_are_left_out) {
  auto wrong = claims();
  wrong.name = "nats-mcp";
  EXPECT_EQ(write_metrics({wrong}), "");
  wrong = claims();
  wrong.samples.front().labels = {{"le-ft", "x"}};
  EXPECT_EQ(scrape(write_metrics({wrong})).at(wrong.name).samples.size(), 0U);
  for (const auto* const name : {"", "1a", "a b", "a-b", "ä"}) {
    EXPECT_FALSE(is_metric_name(name)) << name;
    EXPECT_FALSE(is_label_name(name)) << name;
  }
  EXPECT_TRUE(is_metric_name("a:b_1"));
  EXPECT_FALSE(is_label_name("a:b"));
  EXPECT_FALSE(is_label_name("__name__"));
}

RC_GTEST_PROP(metrics, are_read_as_they_were_written,
              (const std::vector<std::pair<std::string, double>>& values)) {
  metric_family family{"some_metric", metric_kind::gauge, "Some.", {}};
  std::map<label_set, double> wanted;
  for (std::size_t at = 0; at < values.size(); ++at) {
    const auto& [text, value] = values[at];
    const label_set labels{{"number", std::to_string(at)}, {"text", valid(text)}};
    family.samples.push_back({labels, value});
    wanted[labels] = value;
  }
  const auto read = scrape(write_metrics({claims(), family}));
  RC_ASSERT(read.at("nats_mcp_claims_total").type == "counter");
  RC_ASSERT(read.at("some_metric").samples == wanted);
}

} // namespace
} // namespace nats_mcp::coordination::metrics_test
