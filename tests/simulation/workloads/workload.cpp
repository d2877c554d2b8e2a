// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/workload.hpp"

#include "tests/simulation/workloads/channels_workload.hpp"

#include <map>

namespace nats_mcp::simulation {

namespace {

using maker = std::unique_ptr<workload> (*)();

const std::map<std::string_view, maker>& makers() {
  static const std::map<std::string_view, maker> table{
    {"channels",
     []() -> std::unique_ptr<workload> { return std::make_unique<channels_workload>(); }},
  };
  return table;
}

} // namespace

std::vector<std::string_view> workload_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : makers()) {
    names.push_back(name);
  }
  return names;
}

std::unique_ptr<workload> make_workload(std::string_view name) {
  const auto found = makers().find(name);
  return found == makers().end() ? nullptr : found->second();
}

} // namespace nats_mcp::simulation
