// SPDX-License-Identifier: MIT
#include "tests/page/made_up_team.hpp"

#include "protocol/work/delivery_decision.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

namespace nats_mcp::page {

namespace {

using namespace std::chrono_literals;
using coordination::work_view;

constexpr std::array<std::string_view, 16> names{
  "ada",  "grace", "linus",     "margaret", "dennis", "barbara", "edsger", "frances",
  "alan", "radia", "katherine", "ken",      "evelyn", "donald",  "adele",  "tony"};
constexpr std::array<std::string_view, 5> types{"developer", "reviewer", "tester", "architect",
                                                "researcher"};
constexpr std::array<std::string_view, 7> capabilities{
  "typescript", "rust", "code-review", "testing", "documentation", "security", "go"};
constexpr std::array<std::string_view, 12> tasks{
  "Implement the login form with keyboard navigation",
  "Review the retry policy of the payment client",
  "Write the migration for the audit table",
  "Find out why the nightly build is four minutes slower",
  "Document the release checklist",
  "Port the date picker to the new design tokens",
  "Add a test for clock skew in the leader lease",
  "Reduce the memory of the search index",
  "Translate the onboarding mails",
  "Check the licences of the new dependencies",
  "Make the import resumable after a lost connection",
  "Replace the hand-written parser of the price list"};
constexpr std::array<std::string_view, 6> notes{"Tests are green, writing the documentation",
                                                "Reading the code that is there",
                                                "Half of the cases work",
                                                "Waiting for the build",
                                                "",
                                                "Measuring before and after"};
constexpr std::array<std::string_view, 8> said{
  "The migration is merged; the audit table has 14 columns now.",
  "Thanks! I rebase the date picker on it.",
  "Build 4812 is red on arm64 only. Looking.",
  "Who can review the retry policy? It is 80 lines and a test.",
  "On it.",
  "It was the leap second again. Fix is up, with the seed that found it.",
  "I take everything below priority 3 today.",
  "The search index is down to 310 MB from 1.2 GB."};

constexpr std::array<std::string_view, 3> channel_names{"parallel-work", "roadmap", "errors"};
constexpr auto lease = 60s;
constexpr auto beat_every = 10;

template <std::size_t Count>
std::string pick(const std::array<std::string_view, Count>& from, std::uint64_t number) {
  return std::string{from[number % Count]};
}

} // namespace

made_up_team::made_up_team(const options& choice)
  : options_{choice}
  , dice_{choice.seed}
  , now_{choice.now - (choice.how == liveliness::moving ? wall_time::duration{61min} : 0ms)}
  , view_{choice.in_view} {
  for (std::size_t number = 0; number < options_.agents; ++number) {
    add_member(number);
  }
  for (const auto name : channel_names) {
    channels_.push_back({std::string{name}, {}});
  }
  pass(choice.now);
}

std::string made_up_team::new_id() {
  std::array<char, 37> text{};
  const auto first = dice_();
  const auto second = dice_();
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-8%03x-%012llx",
                static_cast<unsigned>(first), static_cast<unsigned>(first >> 32) & 0xffffU,
                static_cast<unsigned>(first >> 48) & 0xfffU,
                static_cast<unsigned>(second >> 48) & 0xfffU,
                static_cast<unsigned long long>(second & 0xffffffffffffU));
  return text.data();
}

void made_up_team::add_member(std::size_t number) {
  member one;
  one.summary.guid = new_id();
  one.summary.handle = pick(names, number);
  if (number >= names.size()) {
    one.summary.handle += "-" + std::to_string(number / names.size() + 1);
  }
  one.summary.agent_type = pick(types, number);
  one.summary.capabilities = {pick(capabilities, number), pick(capabilities, number + 3)};
  one.summary.hostname = "build-" + std::to_string(number % 6 + 1);
  one.is_away = number % 17 == 11 || number % 23 == 19;
  one.summary.status =
    number % 23 == 19 ? tools::effective_status::offline : tools::effective_status::stale;
  const auto silence = number % 23 == 19 ? std::chrono::minutes{34} : std::chrono::minutes{2};
  one.seen = one.is_away ? options_.now - silence : now_;
  members_.push_back(std::move(one));
}

void made_up_team::join(const std::string& handle) {
  add_member(0);
  auto& one = members_.back();
  one.summary.handle = handle;
  one.seen = now_;
}

void made_up_team::pass(wall_time now) {
  while (now_ + 1s <= now) {
    now_ += 1s;
    second();
  }
}

void made_up_team::second() {
  const auto at = std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count();
  for (std::size_t number = 0; number < members_.size(); ++number) {
    auto& one = members_[number];
    if (!one.is_away && (at + static_cast<std::int64_t>(number)) % beat_every == 0) {
      one.seen = now_;
    }
  }
  if (options_.how == liveliness::still) {
    return;
  }
  // Some minutes are busier than others; about one item for each agent in two minutes.
  const auto wave = 1 + 0.5 * std::sin(static_cast<double>(at) / 420.0);
  const auto expected = wave * static_cast<double>(members_.size()) / 140;
  if (dice_.chance(static_cast<std::uint64_t>(std::min(1.0, expected) * 10'000))) {
    offer();
  }
  for (auto& one : members_) {
    if (!one.is_away) {
      let_work(one);
    }
  }
  if (dice_.chance(700)) {
    chat();
  }
}

work::item_record& made_up_team::keep(work::item_record record) {
  view_.apply({record.item.id, work::write_item_record(record, std::to_string(revision_)),
               ++revision_, jetstream::kv_operation::put, now_},
              work_view::origin::change);
  const auto id = record.item.id;
  return records_.insert_or_assign(id, std::move(record)).first->second;
}

work::delivered_item made_up_team::delivery(const work::item_record& record) const {
  return {{record.item, record.generation}, revision_};
}

void made_up_team::offer() {
  work::work_item item;
  item.id = new_id();
  item.task_id = "feature-" + std::to_string(100 + revision_ % 900);
  item.capability = pick(capabilities, dice_());
  item.description = pick(tasks, dice_());
  item.priority = static_cast<int>(dice_.between(1, 9));
  item.deadline = now_ + 24h;
  item.offered_by = {members_.front().summary.guid, members_.front().summary.handle};
  item.offered_at = now_;
  waiting_.push_back(keep(work::offered({item, 1}, revision_, now_)).item.id);
}

void made_up_team::let_work(member& one) {
  if (!one.item_id.empty()) {
    if (now_ >= one.done_at) {
      finish(one);
    } else if (dice_.chance(600)) {
      const auto left = std::chrono::duration<double>(one.done_at - now_).count();
      const work::progress_report report{std::round(std::clamp(100 - left, 1.0, 99.0)),
                                         pick(notes, dice_())};
      keep(work::renewed(records_.at(one.item_id), one.claim_id, lease, report, now_).value());
    }
    return;
  }
  if (!waiting_.empty() && dice_.chance(400)) {
    const auto record = records_.at(waiting_.front());
    waiting_.erase(waiting_.begin());
    one.item_id = record.item.id;
    one.claim_id = new_id();
    one.done_at = now_ + std::chrono::seconds{dice_.between(15, 140)};
    const work::party who{one.summary.guid, one.summary.handle};
    keep(
      work::taken(delivery(record), &record, {one.claim_id, who, one.summary.handle, lease}, now_));
  }
}

void made_up_team::finish(member& one) {
  const auto record = records_.at(std::exchange(one.item_id, {}));
  const auto roll = dice_.below(1000);
  if (roll < 915) {
    keep(work::completed(record, one.claim_id, "Done.", json::value::object(), now_).value());
    return;
  }
  const work::failure what{roll < 990 ? "The tests need a newer toolchain than there is here."
                                      : "The repository this is about does not exist.",
                           roll < 990,
                           {}};
  const auto& after = keep(work::failed(record, one.claim_id, what, now_, now_).value());
  if (after.state == work::item_state::pending) {
    waiting_.push_back(after.item.id);
  }
}

void made_up_team::chat() {
  const auto& who = members_[dice_.below(members_.size())];
  const auto where = dice_.below(10);
  say(pick(channel_names, where < 5 ? 0 : 1), who.summary.handle, pick(said, said_));
}

void made_up_team::say(const std::string& channel, const std::string& handle,
                       const std::string& text) {
  auto found = std::find_if(channels_.begin(), channels_.end(),
                            [&](const auto& one) { return one.name == channel; });
  if (found == channels_.end()) {
    found = channels_.insert(channels_.end(), {channel, {}});
  }
  ++said_;
  found->newest.push_back({said_, to_rfc3339(now_), handle, text, ""});
  if (found->newest.size() > 5) {
    found->newest.erase(found->newest.begin());
  }
}

std::string made_up_team::lose(const std::string& description, const std::string& reason) {
  offer();
  auto record = records_.at(waiting_.back());
  waiting_.pop_back();
  record.item.description = description;
  return keep(work::died(record, reason, now_)).item.id;
}

result<work::item_record> made_up_team::retry(const std::string& item_id) {
  const auto found = records_.find(item_id);
  if (found == records_.end()) {
    return fail(ec::not_found, "There is no such dead letter any more.");
  }
  auto after = work::retried(found->second, work::attempts_after_retry::reset, now_);
  if (after) {
    keep(*after);
    waiting_.push_back(item_id);
  }
  return after;
}

result<work::item_record> made_up_team::discard(const std::string& item_id) {
  const auto found = records_.find(item_id);
  if (found == records_.end()) {
    return fail(ec::not_found, "There is no such dead letter any more.");
  }
  auto after = work::discarded(found->second, now_);
  if (after) {
    keep(*after);
  }
  return after;
}

coordination::overview_facts made_up_team::facts() const {
  coordination::overview_facts out;
  out.server_now = now_;
  out.is_leader = true;
  out.term = 7;
  out.leader = "0f8fad5b-d9cb-469f-a165-70867728950e";
  out.channels = channels_;
  for (const auto& one : members_) {
    auto summary = one.summary;
    summary.last_seen = to_rfc3339(one.seen);
    if (!one.is_away) {
      summary.status =
        one.item_id.empty() ? tools::effective_status::online : tools::effective_status::busy;
    }
    out.agents.push_back(std::move(summary));
  }
  return out;
}

} // namespace nats_mcp::page
