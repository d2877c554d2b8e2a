// SPDX-License-Identifier: MIT
#include "tests/fault/work_history.hpp"

#include <utility>

namespace nats_mcp::testing {

std::string_view to_text(deed what) noexcept {
  switch (what) {
    case deed::offer:
      return "offer";
    case deed::claim:
      return "claim";
    case deed::complete:
      return "complete";
    case deed::fail:
      return "fail";
    case deed::fail_for_good:
      return "fail for good";
    case deed::release:
      return "release";
    case deed::cancel:
      return "cancel";
    case deed::retry:
      return "retry";
  }
  return {};
}

std::string_view to_text(verdict how) noexcept {
  switch (how) {
    case verdict::done:
      return "done";
    case verdict::refused:
      return "refused";
    case verdict::unknown:
      return "unknown";
  }
  return {};
}

std::string to_text(const work_event& event) {
  std::string out = std::to_string(event.begun.count()) + "-" + std::to_string(event.ended.count())
                    + " ms " + event.who + ": ";
  out.append(to_text(event.what)).append(" ").append(to_text(event.how));
  for (const auto& [name, value] :
       {std::pair{" task ", event.task}, std::pair{" item ", event.item},
        std::pair{" token ", event.token}}) {
    out += value.empty() ? std::string{} : name + value;
  }
  return event.attempt == 0 ? out : out + " attempt " + std::to_string(event.attempt);
}

void work_history::add(work_event event) {
  {
    const std::lock_guard lock{mutex_};
    completions_ += event.what == deed::complete && event.how == verdict::done ? 1 : 0;
    events_.push_back(std::move(event));
  }
  changed_.notify_all();
}

std::vector<work_event> work_history::events() const {
  const std::lock_guard lock{mutex_};
  return events_;
}

std::chrono::milliseconds work_history::now() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now()
                                                               - begin_);
}

std::size_t work_history::wait_for_completions(std::size_t count,
                                               std::chrono::milliseconds within) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, within, [&] { return completions_ >= count; });
  return completions_;
}

bool work_history::rest(std::chrono::milliseconds span) {
  std::unique_lock lock{mutex_};
  return !changed_.wait_for(lock, span, [&] { return waits_ended_; });
}

void work_history::end_waits() {
  {
    const std::lock_guard lock{mutex_};
    waits_ended_ = true;
  }
  changed_.notify_all();
}

} // namespace nats_mcp::testing
