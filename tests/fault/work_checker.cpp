// SPDX-License-Identifier: MIT
#include "tests/fault/work_checker.hpp"

#include <algorithm>

namespace nats_mcp::testing {

namespace {

/// What the history says of one item.
struct item_story {
  bool accepted = false;
  bool cancelled = false;
  bool failed_for_good = false;
  bool retried = false;
  std::set<std::string> completions;
  /// Those that may have happened as well.
  std::set<std::string> tried_completions;
  std::vector<const work_event*> events;
};

bool may_have_happened(const work_event& event) { return event.how != verdict::refused; }

std::map<std::string, item_story> stories_of(const std::vector<work_event>& events) {
  std::map<std::string, item_story> out;
  for (const auto& event : events) {
    if (event.item.empty()) {
      continue;
    }
    auto& story = out[event.item];
    const bool done = event.how == verdict::done;
    story.events.push_back(&event);
    story.accepted |= done && (event.what == deed::offer || event.what == deed::claim);
    story.cancelled |= done && event.what == deed::cancel;
    story.failed_for_good |= done && event.what == deed::fail_for_good;
    story.retried |= may_have_happened(event) && event.what == deed::retry;
    if (event.what == deed::complete && done) {
      story.completions.insert(event.token);
    }
    if (event.what == deed::complete && may_have_happened(event)) {
      story.tried_completions.insert(event.token);
    }
  }
  return out;
}

class judge {
public:
  judge(const std::string& item, const item_story& story, const item_content& content,
        std::vector<std::string>& violations)
    : item_{item}
    , story_{story}
    , content_{content}
    , state_{content.state.value_or("")}
    , violations_{violations} {
    // nop
  }

  void run() {
    existence();
    completion();
    death();
    if (story_.cancelled && state_ != "cancelled") {
      say("was cancelled and is " + state_);
    }
    if (content_.attempts_begun > content_.attempts_max) {
      say("had " + std::to_string(content_.attempts_begun) + " attempts of "
          + std::to_string(content_.attempts_max));
    }
  }

private:
  void say(const std::string& what) { violations_.push_back("item " + item_ + " " + what); }

  void existence() {
    if (!content_.state) {
      if (!content_.in_queue) {
        say("is lost: it has no record and is not in the queue");
      }
    } else if ((state_ == "pending" || state_ == "claimed") && !content_.in_queue) {
      say("is lost: its record is " + state_ + " and it is not in the queue");
    }
  }

  void completion() {
    if (story_.completions.size() > 1) {
      say("was completed twice");
    }
    if (!story_.completions.empty() && state_ != "completed") {
      say("was completed and is " + (state_.empty() ? "unknown" : state_));
    }
    if (state_ == "completed" && story_.tried_completions.count(content_.summary) == 0) {
      say("is completed with a summary nobody wrote: " + content_.summary);
    }
    if (story_.completions.size() == 1 && state_ == "completed"
        && story_.completions.count(content_.summary) == 0) {
      say("was completed by one and bears the summary of another");
    }
  }

  void death() {
    if (story_.failed_for_good && !story_.retried && state_ != "dead") {
      say("failed for good and is " + state_);
    }
    if (state_ != "dead") {
      return;
    }
    if (!content_.in_dead_letters) {
      say("is dead and not with the dead letters");
    }
    if (!story_.retried && content_.attempts_listed != content_.attempts_begun) {
      say("is dead after " + std::to_string(content_.attempts_begun) + " attempts and lists "
          + std::to_string(content_.attempts_listed));
    }
  }

  const std::string& item_;
  const item_story& story_;
  const item_content& content_;
  std::string state_;
  std::vector<std::string>& violations_;
};

/// Whether the holder may have let go of its item before `until`.
bool let_go(const item_story& story, const work_event& holder, std::chrono::milliseconds until) {
  return std::any_of(story.events.begin(), story.events.end(), [&](const work_event* event) {
    const bool by_holder = event->who == holder.who && event->what != deed::claim;
    const bool ends_it = by_holder || event->what == deed::cancel || event->what == deed::retry;
    return ends_it && may_have_happened(*event) && event->ended >= holder.begun
           && event->begun <= until;
  });
}

/// Whether `later` may have got the item after `first` had it: the lease of `first` was over, or it
/// let go. A claim takes place between its call and its answer, so the lease ends no sooner than
/// `lease` after the call.
bool in_order(const item_story& story, const work_event& first, const work_event& later,
              std::chrono::milliseconds lease) {
  return first.begun <= later.ended
         && (later.ended >= first.begun + lease || let_go(story, first, later.ended));
}

/// Of two claims under way at once either may have been the first.
void check_leases(const std::string& item, const item_story& story, std::chrono::milliseconds lease,
                  std::vector<std::string>& violations) {
  std::vector<const work_event*> claims;
  for (const auto* event : story.events) {
    if (event->what == deed::claim && event->how == verdict::done) {
      claims.push_back(event);
    }
  }
  for (auto one = claims.begin(); one != claims.end(); ++one) {
    for (auto other = claims.begin(); other != one; ++other) {
      if (!in_order(story, **one, **other, lease) && !in_order(story, **other, **one, lease)) {
        violations.push_back("item " + item + " was taken from its holder: " + to_text(**other)
                             + "; " + to_text(**one));
      }
    }
  }
}

void check_tasks(const std::vector<work_event>& events, const work_rules& rules,
                 std::vector<std::string>& violations) {
  std::map<std::string, std::set<std::string>> items;
  std::map<std::string, std::size_t> offers;
  for (const auto& event : events) {
    if (event.what == deed::offer && may_have_happened(event)) {
      ++offers[event.task];
    }
    if (!event.item.empty() && !event.task.empty() && event.how == verdict::done) {
      items[event.task].insert(event.item);
    }
  }
  for (const auto& [task, ids] : items) {
    const auto most = rules.keyed_tasks.count(task) > 0 ? 1 : offers[task];
    if (ids.size() > most) {
      violations.push_back("task " + task + " has " + std::to_string(ids.size()) + " items, "
                           + std::to_string(most) + " at most were offered");
    }
  }
}

} // namespace

std::set<std::string> items_of(const std::vector<work_event>& events) {
  std::set<std::string> out;
  for (const auto& event : events) {
    if (!event.item.empty()) {
      out.insert(event.item);
    }
  }
  return out;
}

std::vector<std::string> check_work(const std::vector<work_event>& events,
                                    const work_content& content, const work_rules& rules) {
  std::vector<std::string> out;
  for (const auto& [item, story] : stories_of(events)) {
    const auto found = content.find(item);
    if (story.accepted) {
      judge{item, story, found == content.end() ? item_content{} : found->second, out}.run();
    }
    check_leases(item, story, rules.lease, out);
  }
  check_tasks(events, rules, out);
  return out;
}

} // namespace nats_mcp::testing
