// SPDX-License-Identifier: MIT
#include "tests/fault/soak_work.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/fault/stored_work.hpp"
#include "tests/integration/raw_nats.hpp"

#include <set>
#include <stdexcept>

namespace nats_mcp::testing {

namespace {

bool is_over(const item_content& content) {
  return content.state && *content.state != "pending" && *content.state != "claimed";
}

} // namespace

void soak_work::shorten_memory() {
  if (is_short_) {
    return;
  }
  raw_nats nats{port_, ""};
  for (const std::string stream : {"KV_work_items", "KV_work_tasks"}) {
    const auto info = json::parse(nats.request("$JS.API.STREAM.INFO." + stream, "")).value();
    const auto* found = json::find(info, "config");
    if (found == nullptr) {
      throw std::runtime_error{"there is no stream " + stream};
    }
    auto config = *found;
    config["max_age"] = std::chrono::nanoseconds{records_kept_for}.count();
    const auto answer = nats.request("$JS.API.STREAM.UPDATE." + stream, config.dump());
    if (json::find(json::parse(answer).value(), "error") != nullptr) {
      throw std::runtime_error{"records are not kept for minutes only: " + answer};
    }
  }
  is_short_ = true;
}

void soak_work::look(const std::vector<work_event>& events) {
  std::set<std::string> items =
    items_of({events.begin() + static_cast<std::ptrdiff_t>(looked_at_), events.end()});
  looked_at_ = events.size();
  for (const auto& [item, content] : content_) {
    if (!is_over(content)) {
      items.insert(item);
    }
  }
  for (auto& [item, content] : read_stored_work(port_, items)) {
    const auto known = content_.find(item);
    if (known == content_.end() || !is_over(known->second) || content.state) {
      content_[item] = std::move(content);
    }
  }
}

std::vector<std::string> soak_work::judge(const std::vector<work_event>& events,
                                          const work_rules& rules) const {
  return check_work(events, content_, rules);
}

std::map<std::string, std::size_t> soak_work::ends() const {
  std::map<std::string, std::size_t> out;
  for (const auto& [item, content] : content_) {
    ++out[content.state.value_or(content.in_queue ? "offered" : "nothing")];
  }
  return out;
}

} // namespace nats_mcp::testing
