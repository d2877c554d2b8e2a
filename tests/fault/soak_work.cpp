// SPDX-License-Identifier: MIT
#include "tests/fault/soak_work.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/fault/stored_work.hpp"
#include "tests/integration/raw_nats.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

/// Of a record's time: what looking takes is left out.
constexpr auto sure_for = soak_work::records_kept_for - std::chrono::minutes{1};

bool is_over(const item_content& content) {
  return content.state && *content.state != "pending" && *content.state != "claimed";
}

/// A letter is kept for a shorter time than its record: what was seen of an end first counts,
/// unless the item was taken up again since.
bool is_another_end(const item_content& seen, const item_content& now) {
  return now.state && (now.state != seen.state || now.attempts_begun != seen.attempts_begun);
}

/// Items whose record has to be there, since it was changed not long ago: nothing is written before
/// its call is made, so the record is no older than that.
std::set<std::string> surely_stored(const std::vector<work_event>& events,
                                    std::chrono::milliseconds now) {
  std::set<std::string> out;
  for (const auto& event : events) {
    if (event.how == verdict::done && event.begun + sure_for > now) {
      out.insert(event.item);
    }
  }
  return out;
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
  const auto sure = surely_stored(events, now);
  std::set<std::string> items =
    items_of({events.begin() + static_cast<std::ptrdiff_t>(looked_at_), events.end()});
  looked_at_ = events.size();
  for (const auto& [item, content] : content_) {
    if (!is_over(content) || sure.count(item) > 0) {
      items.insert(item);
    }
  }
  for (auto& [item, content] : read_stored_work(port_, items)) {
    const auto known = content_.find(item);
    if (known == content_.end() || !is_over(known->second)
        || is_another_end(known->second, content)) {
      content_[item] = std::move(content);
    } else if (!content.state && sure.count(item) > 0) {
      forgotten_.insert(item);
    }
  }
}

void soak_work::before_kill(const std::vector<work_event>& events, std::chrono::milliseconds now) {
  had_before_kill_ = items_with_records(port_, surely_stored(events, now));
}

void soak_work::after_start(const std::vector<work_event>& events, std::chrono::milliseconds now) {
  // Others may have come to the end of their time.
  const auto sure = surely_stored(events, now);
  const auto has_now = items_with_records(port_, had_before_kill_);
  for (const auto& item : std::exchange(had_before_kill_, {})) {
    if (sure.count(item) > 0 && has_now.count(item) == 0) {
      lost_by_server_.insert(item);
    }
  }
}

std::size_t soak_work::forgotten() const {
  return static_cast<std::size_t>(
    std::count_if(forgotten_.begin(), forgotten_.end(),
                  [this](const auto& item) { return lost_by_server_.count(item) == 0; }));
}

std::vector<std::string> soak_work::judge(const std::vector<work_event>& events,
                                          const work_rules& rules) const {
  std::vector<work_event> judged;
  std::copy_if(events.begin(), events.end(), std::back_inserter(judged),
               [this](const auto& event) { return lost_by_server_.count(event.item) == 0; });
  auto out = check_work(judged, content_, rules);
  for (const auto& item : forgotten_) {
    if (lost_by_server_.count(item) == 0) {
      out.push_back("item " + item + " was over, and its record is gone before its time");
    }
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
