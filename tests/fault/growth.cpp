// SPDX-License-Identifier: MIT
#include "tests/fault/growth.hpp"

#include <algorithm>
#include <array>

namespace nats_mcp::testing {

namespace {

std::int64_t median_of(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace

std::optional<growth_verdict> judge_growth(const std::vector<figure>& figures,
                                           const growth_bounds& bounds) {
  if (figures.empty()) {
    return std::nullopt;
  }
  const auto begin = figures.front().at;
  const auto span = figures.back().at - begin;
  std::array<std::vector<std::int64_t>, 3> thirds;
  for (const auto& one : figures) {
    const auto passed = one.at - begin;
    thirds[passed * 3 < span ? 0U : passed * 3 < span * 2 ? 1U : 2U].push_back(one.value);
  }
  if (std::any_of(thirds.begin(), thirds.end(),
                  [](const auto& third) { return third.size() < figures_min; })) {
    return std::nullopt;
  }
  growth_verdict out;
  out.at_first = median_of(std::move(thirds[0]));
  out.before = median_of(std::move(thirds[1]));
  out.after = median_of(std::move(thirds[2]));
  const auto more = out.after - out.before;
  out.grew = more > bounds.amount
             && static_cast<double>(more) > static_cast<double>(out.before) * bounds.part;
  return out;
}

} // namespace nats_mcp::testing
