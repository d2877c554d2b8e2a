// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/workload.hpp"

#include "tests/simulation/workloads/channels_workload.hpp"
#include "tests/simulation/workloads/coordination_workload.hpp"
#include "tests/simulation/workloads/mail_workload.hpp"
#include "tests/simulation/workloads/registry_workload.hpp"
#include "tests/simulation/workloads/work_workload.hpp"

#include <map>

namespace nats_mcp::simulation {

namespace {

using maker = std::unique_ptr<workload> (*)();

const std::map<std::string_view, maker>& makers() {
  static const std::map<std::string_view, maker> table{
    {"channels",
     []() -> std::unique_ptr<workload> { return std::make_unique<channels_workload>(); }},
    {"coordination",
     []() -> std::unique_ptr<workload> { return std::make_unique<coordination_workload>(); }},
    {"mail", []() -> std::unique_ptr<workload> { return std::make_unique<mail_workload>(); }},
    {"registry",
     []() -> std::unique_ptr<workload> { return std::make_unique<registry_workload>(); }},
    {"work", []() -> std::unique_ptr<workload> { return std::make_unique<work_workload>(); }},
  };
  return table;
}

} // namespace

void workload::settle(config::configuration&, std::size_t) const {
  // nop
}

process_identity workload::process_of(std::size_t agent) const {
  return {{}, "host-" + std::to_string(agent), "user-" + std::to_string(agent % 2), {}};
}

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
