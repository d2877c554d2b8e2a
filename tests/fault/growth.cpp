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

using parts = std::array<std::vector<std::int64_t>, 3>;

std::optional<parts> thirds_of(const std::vector<figure>& figures) {
  if (figures.empty()) {
    return std::nullopt;
  }
  const auto begin = figures.front().at;
  const auto span = figures.back().at - begin;
  parts out;
  for (const auto& one : figures) {
    const auto passed = one.at - begin;
    out[passed * 3 < span ? 0U : passed * 3 < span * 2 ? 1U : 2U].push_back(one.value);
  }
  if (std::any_of(out.begin(), out.end(),
                  [](const auto& third) { return third.size() < figures_min; })) {
    return std::nullopt;
  }
  return out;
}

} // namespace

std::optional<growth_verdict> judge_growth(const std::vector<figure>& figures,
                                           const growth_bounds& bounds) {
  const auto thirds = thirds_of(figures);
  if (!thirds) {
    return std::nullopt;
  }
  growth_verdict out{median_of((*thirds)[0]), median_of((*thirds)[1]), median_of((*thirds)[2])};
  const auto more = out.after - out.before;
  out.grew = more > bounds.amount
             && static_cast<double>(more) > static_cast<double>(out.before) * bounds.part;
  return out;
}

std::optional<growth_verdict> judge_count(const std::vector<figure>& figures) {
  const auto thirds = thirds_of(figures);
  if (!thirds) {
    return std::nullopt;
  }
  const auto most = [](const auto& third) { return *std::max_element(third.begin(), third.end()); };
  growth_verdict out{median_of((*thirds)[0]), std::max(most((*thirds)[0]), most((*thirds)[1])),
                     median_of((*thirds)[2])};
  out.grew = out.after > out.before;
  return out;
}

} // namespace nats_mcp::testing
