// SPDX-License-Identifier: MIT
#include "protocol/coordination/next_worker.hpp"

#include <utility>

namespace nats_mcp::coordination {

std::optional<chosen_worker> next_worker(const worker_rule& choose,
                                         const assignment_request& request,
                                         const work::item_record* record) {
  std::vector<std::string> passed_over;
  if (record != nullptr && record->assigned && !record->item.assigned_to.empty()) {
    passed_over = record->assigned->passed_over;
    passed_over.push_back(record->item.assigned_to);
  }
  auto guid = choose(request, passed_over);
  if (!guid && passed_over.size() > 1) {
    guid = choose(request, {passed_over.back()});
    passed_over.clear();
  }
  return guid ? std::optional{chosen_worker{std::move(*guid), std::move(passed_over)}}
              : std::nullopt;
}

} // namespace nats_mcp::coordination
