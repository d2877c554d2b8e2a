// SPDX-License-Identifier: MIT
#include "tests/fault/work_crew.hpp"

#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto answer_max = 20s;
constexpr auto claim_wait = 500ms;
/// Longer than a lease: whoever sleeps so long comes back late.
constexpr auto sleep_max = 2500ms;
/// Between two offers of one member, so that the queue neither runs dry nor over.
constexpr auto offer_pause = 20ms;

std::string behind(const std::string& text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == std::string::npos
           ? std::string{}
           : text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
}

} // namespace

// -- one member --------------------------------------------------------------------------------

crew_member::crew_member(options choice)
  : options_{std::move(choice)}
  , chance_{options_.seed} {
  // nop
}

void crew_member::start() {
  thread_ = std::thread{[this] { run(); }};
}

void crew_member::stop() {
  stopping_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
}

void crew_member::signal(int number) {
  const std::lock_guard lock{process_mutex_};
  if (process_) {
    process_->process().signal(number);
  }
}

std::string crew_member::kill_life() {
  const std::lock_guard lock{process_mutex_};
  if (!process_) {
    return {};
  }
  process_->process().signal(SIGKILL);
  return who();
}

std::optional<pid_t> crew_member::pid() {
  const std::lock_guard lock{process_mutex_};
  return process_ ? std::optional{process_->process().pid()} : std::nullopt;
}

void crew_member::run() {
  while (!stopping_) {
    try {
      ensure_process();
      while (!stopping_) {
        act();
      }
    } catch (const std::runtime_error& e) {
      // It was killed: the next one takes over.
      lost(e.what());
      {
        const std::lock_guard lock{process_mutex_};
        process_.reset();
      }
      history().rest(options_.pause);
    }
  }
}

void crew_member::ensure_process() {
  auto environment = options_.environment;
  environment["USER"] = options_.name;
  auto started = std::make_unique<agent>(agent::options{
    options_.nats_url, "crew", std::move(environment), {}, options_.channel_members});
  {
    const std::lock_guard lock{process_mutex_};
    process_ = std::move(started);
    ++life_;
  }
  begin();
}

void crew_member::begin() {
  process_->register_as({{"agentType", options_.name},
                         {"visibility", "public"},
                         {"capabilities", {"typescript", "C++"}}});
}

std::optional<tool_outcome> crew_member::carry_out(const order& what) {
  work_event event{what.what, verdict::unknown, who(), what.task, what.item, what.token,
                   0,         history().now(),  {}};
  std::optional<tool_outcome> out;
  try {
    out = process_->answer(process_->post(what.tool, what.arguments), answer_max);
    event.how = verdict_of(*out);
  } catch (const std::runtime_error&) {
    event.ended = history().now();
    history().add(std::move(event));
    throw;
  }
  event.ended = history().now();
  if (what.what == deed::offer || what.what == deed::claim) {
    event.item = behind(out->text, "- Work Item ID: ");
  }
  if (what.what == deed::claim) {
    if (event.item.empty()) {
      return out; // there was none, or NATS was away
    }
    event.task = behind(out->text, "- Task ID: ");
    event.attempt = static_cast<std::uint32_t>(std::stoul(behind(out->text, "- Attempt: ")));
  }
  history().add(std::move(event));
  return out;
}

verdict crew_member::verdict_of(const tool_outcome& outcome) {
  if (!outcome.is_error) {
    return verdict::done;
  }
  return outcome.text.find("Nothing was changed") != std::string::npos ? verdict::refused
                                                                       : verdict::unknown;
}

unsigned crew_member::number_below(unsigned bound) {
  return std::uniform_int_distribution<unsigned>{0, bound - 1}(chance_);
}

std::string crew_member::who() const { return options_.name + "#" + std::to_string(life_); }

// -- offerers ----------------------------------------------------------------------------------

void crew_offerer::act() {
  if (doubtful_retry_ || one_in(20)) {
    retry();
  } else if (!accepted_.empty() && one_in(20)) {
    cancel();
  } else {
    offer();
  }
  history().rest(offer_pause);
}

void crew_offerer::offer() {
  const bool again = doubtful_task_.has_value();
  const auto task = again ? *doubtful_task_ : name() + "-" + std::to_string(++tasks_);
  const bool keyed = again || one_in(2);
  json::value arguments{{"taskId", task},
                        {"capability", one_in(2) ? "typescript" : "C++"},
                        {"description", "Work for " + task},
                        {"priority", 1 + number_below(10)}};
  if (keyed) {
    arguments["idempotencyKey"] = task;
    keyed_.insert(task);
    doubtful_task_ = task;
  }
  const auto offered = carry_out({deed::offer, "broadcast_work_offer", arguments, task});
  if (offered && !offered->is_error) {
    accepted_.push_back(behind(offered->text, "- Work Item ID: "));
    doubtful_task_.reset();
  }
}

void crew_offerer::cancel() {
  const auto item = accepted_[number_below(static_cast<unsigned>(accepted_.size()))];
  carry_out({deed::cancel, "cancel_work", {{"workItemId", item}}, {}, item});
}

void crew_offerer::retry() {
  if (!doubtful_retry_) {
    const auto letters = process().call("list_dead_letter_items", {{"limit", 5}}).text;
    const auto item = behind(letters, "**ID:** ");
    if (item.empty()) {
      return;
    }
    doubtful_retry_ = item;
  }
  const auto item = *doubtful_retry_;
  const auto retried = carry_out({deed::retry,
                                  "retry_dead_letter_item",
                                  {{"itemId", item}, {"resetAttempts", one_in(2)}},
                                  {},
                                  item});
  if (retried && verdict_of(*retried) != verdict::unknown) {
    doubtful_retry_.reset();
  }
}

// -- workers -----------------------------------------------------------------------------------

void crew_worker::act() {
  const auto claimed = carry_out({deed::claim, "claim_work", {{"timeout", claim_wait.count()}}});
  const auto item = claimed ? behind(claimed->text, "- Work Item ID: ") : std::string{};
  if (!item.empty()) {
    deal_with(item, behind(claimed->text, "- Task ID: "));
  }
}

void crew_worker::deal_with(const std::string& item, const std::string& task) {
  const json::value of{{"workItemId", item}};
  const auto chance = diligent_ ? 0 : number_below(100);
  if (chance < 70) {
    complete(item, task);
  } else if (chance < 78) {
    carry_out({deed::fail,
               "fail_work",
               {{"workItemId", item}, {"error", "broken"}, {"retryAfter", number_below(300)}},
               task,
               item});
  } else if (chance < 82) {
    carry_out({deed::fail_for_good,
               "fail_work",
               {{"workItemId", item}, {"error", "hopeless"}, {"retryable", false}},
               task,
               item});
  } else if (chance < 88) {
    carry_out({deed::release, "release_work", of, task, item});
  } else if (chance < 94) {
    process().call("report_progress", {{"workItemId", item}, {"note", "half of it"}});
    complete(item, task);
  } else if (chance < 97) {
    sleep_over(sleep_max);
    complete(item, task);
  }
  // Else it is forgotten.
}

void crew_worker::complete(const std::string& item, const std::string& task) {
  const auto token = who() + "/" + std::to_string(++completions_);
  constexpr int patience = 3;
  for (int i = 0; i < patience; ++i) {
    const auto outcome = carry_out({deed::complete,
                                    "complete_work",
                                    {{"workItemId", item}, {"summary", token}},
                                    task,
                                    item,
                                    token});
    if (outcome && verdict_of(*outcome) != verdict::unknown) {
      return;
    }
  }
}

void crew_worker::sleep_over(std::chrono::milliseconds span) {
  process().process().signal(SIGSTOP);
  history().rest(span);
  process().process().signal(SIGCONT);
}

} // namespace nats_mcp::testing
