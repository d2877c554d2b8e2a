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

/// Of a record's time: what looking takes is left out.
constexpr auto sure_for = soak_work::records_kept_for - std::chrono::minutes{1};

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

void soak_work::look(const std::vector<work_event>& events, std::chrono::milliseconds now) {
  std::set<std::string> items;
  for (auto event = events.begin() + static_cast<std::ptrdiff_t>(looked_at_); event != events.end();
       ++event) {
    if (!event->item.empty()) {
      items.insert(event->item);
      if (event->how == verdict::done) {
        changed_[event->item] = event->begun;
      }
    }
  }
  looked_at_ = events.size();
  // Nothing is written before its call is made, so the record is no older than that.
  std::erase_if(changed_, [&](const auto& one) { return one.second + sure_for < now; });
  for (const auto& [item, content] : content_) {
    if (!is_over(content) || changed_.count(item) > 0) {
      items.insert(item);
    }
  }
  for (auto& [item, content] : read_stored_work(port_, items)) {
    const auto known = content_.find(item);
    if (known == content_.end() || !is_over(known->second) || content.state) {
      content_[item] = std::move(content);
    } else if (changed_.count(item) > 0) {
      forgotten_.insert(item);
    }
  }
}

std::vector<std::string> soak_work::judge(const std::vector<work_event>& events,
                                          const work_rules& rules) const {
  auto out = check_work(events, content_, rules);
  for (const auto& item : forgotten_) {
    out.push_back("item " + item + " was over, and its record is gone before its time");
  }
  return out;
}

std::map<std::string, std::size_t> soak_work::ends() const {
  std::map<std::string, std::size_t> out;
  for (const auto& [item, content] : content_) {
    ++out[content.state.value_or(content.in_queue ? "offered" : "nothing")];
  }
  return out;
}

} // namespace nats_mcp::testing
