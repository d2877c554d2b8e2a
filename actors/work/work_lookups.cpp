// SPDX-License-Identifier: MIT
#include "actors/work/work_lookups.hpp"

#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/work/facts.hpp"
#include "protocol/work/may_see.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <deque>
#include <tuple>
#include <utility>

namespace nats_mcp {

namespace {

error no_such_task(const std::string& task_id) {
  return {ec::not_found,
          "There is no work item of task \"" + task_id
            + "\", or none that you may see. list_work shows what there is.",
          0};
}

/// The item a key of the tasks' bucket leads to.
std::string item_of_task_key(std::string_view key) {
  return std::string{key.substr(key.rfind('.') + 1)};
}

} // namespace

struct work_lookups::status_operation {
  guarded_promise<tools::get_work_status_result> promise;
  monotonic_time deadline;
  error nothing_found;
  std::vector<work::found_record> found;
  /// To be read, and how much was read.
  std::deque<std::string> ids;
  std::size_t bytes = 0;
  bool more = false;
  std::size_t open = 0;
  std::optional<error> failure;
};

struct work_lookups::list_operation {
  guarded_promise<tools::list_work_result> promise;
  tools::list_work_arguments arguments;
  monotonic_time deadline;
  std::uint64_t next = 1;
  std::uint64_t scanned = 0;
  tools::list_work_result outcome;

  [[nodiscard]] bool wants(const work::item_record& record) const {
    const auto state = work::state_fact(record.state);
    const bool in_state =
      arguments.state ? state == *arguments.state : !work::is_over(record.state);
    return in_state
           && (!arguments.capability
               || equal_but_for_case(record.item.capability, *arguments.capability));
  }
};

work_lookups::work_lookups(surroundings around)
  : around_{std::move(around)} {
  // nop
}

bool work_lookups::visible(const work::item_record& record) const {
  return work::may_see(record, around_.who->guid, around_.project_id);
}

// -- status ------------------------------------------------------------------------------------

caf::result<tools::get_work_status_result> work_lookups::look_up(look_up_work request) {
  auto promise = around_.owner->make_response_promise<tools::get_work_status_result>();
  const auto looking = std::make_shared<status_operation>();
  looking->promise = {promise, around_.part};
  looking->deadline = request.deadline;
  if (const auto& task = request.arguments.task_id) {
    looking->nothing_found = no_such_task(*task);
    find_task(looking, *task);
    return promise;
  }
  const auto id = request.arguments.work_item_id.value_or(std::string{});
  looking->nothing_found = work::no_such_item(id);
  if (work::is_item_id(id)) {
    looking->ids = {id};
    read_items(looking);
  } else {
    finish(*looking);
  }
  return promise;
}

void work_lookups::find_task(const status_ptr& looking, const std::string& task_id) {
  const auto keys = work::task_keys_pattern(task_id);
  if (!keys) {
    looking->promise.fail(keys.error());
    return;
  }
  page_reader::request what;
  what.stream = jetstream::stream_of_bucket(work::tasks_bucket);
  what.filters = {jetstream::subject_of_key(work::tasks_bucket, *keys)};
  what.bounds = {limits::task_items_max, limits::read_bytes_max};
  what.deadline = looking->deadline;
  around_.pages->start(std::move(what), [this, looking](const result<work::stream_page>& page) {
    if (!page) {
      looking->promise.fail(page.error());
      return;
    }
    for (const auto& message : page->messages) {
      looking->ids.push_back(item_of_task_key(message.subject));
    }
    looking->more = page->next.has_value();
    read_items(looking);
  });
}

void work_lookups::read_items(const status_ptr& looking) {
  if (looking->bytes >= limits::read_bytes_max && !looking->ids.empty()) {
    looking->more = true;
    looking->ids.clear();
  }
  if (looking->ids.empty()) {
    finish(*looking);
    return;
  }
  looking->open = std::min(looking->ids.size(), limits::task_items_read_at_once);
  for (auto left = looking->open; left > 0; --left) {
    auto question = jetstream::look_up(work::items_bucket, looking->ids.front());
    looking->ids.pop_front();
    question.deadline = looking->deadline;
    around_.commands(std::move(question), [this, looking](const result<work::work_answer>& answer) {
      auto record = work::record_in(answer);
      if (const auto* entry = jetstream::entry_in(answer)) {
        looking->bytes += entry->value.size();
      }
      if (!record) {
        looking->failure = record.error();
      } else if (*record && visible((*record)->record)) {
        looking->found.push_back(std::move(**record));
      }
      if (--looking->open == 0) {
        read_items(looking);
      }
    });
  }
}

void work_lookups::finish(status_operation& looking) {
  auto& found = looking.found;
  // One that cannot be read says nothing of the others.
  if (looking.failure && (found.empty() || looking.failure->code != ec::malformed)) {
    looking.promise.fail(*looking.failure);
    return;
  }
  if (found.empty()) {
    looking.promise.fail(looking.nothing_found);
    return;
  }
  std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
    const auto& first = left.record.item;
    const auto& second = right.record.item;
    return std::tie(first.offered_at, first.id) < std::tie(second.offered_at, second.id);
  });
  tools::get_work_status_result out;
  for (const auto& one : found) {
    out.items.push_back(work::status_of(one));
  }
  out.more = looking.more;
  looking.promise.deliver(std::move(out));
}

// -- lists -------------------------------------------------------------------------------------

caf::result<tools::list_work_result> work_lookups::list(list_known_work request) {
  const auto start = work::page_start(request.arguments.cursor, "list_work");
  if (!start) {
    return to_caf(start.error());
  }
  auto promise = around_.owner->make_response_promise<tools::list_work_result>();
  const auto listing = std::make_shared<list_operation>();
  listing->promise = {promise, around_.part};
  listing->arguments = std::move(request.arguments);
  listing->deadline = request.deadline;
  listing->next = *start;
  read_page(listing);
  return promise;
}

void work_lookups::read_page(const list_ptr& listing) {
  page_reader::request what;
  what.stream = jetstream::stream_of_bucket(work::items_bucket);
  what.filters = {jetstream::subject_of_key(work::items_bucket, ">")};
  what.start_sequence = listing->next;
  what.bounds = {
    std::min(limits::page_batch_max, limits::work_records_scanned_max - listing->scanned),
    limits::read_bytes_max};
  what.deadline = listing->deadline;
  around_.pages->start(std::move(what), [this, listing](const result<work::stream_page>& page) {
    page_read(listing, page);
  });
}

void work_lookups::page_read(const list_ptr& listing, const result<work::stream_page>& page) {
  if (!page) {
    listing->promise.fail(page.error());
    return;
  }
  auto& outcome = listing->outcome;
  const auto limit = static_cast<std::size_t>(listing->arguments.limit);
  for (const auto& message : page->messages) {
    if (outcome.items.size() == limit) {
      outcome.next_cursor = work::page_cursor(message.stream_sequence);
      listing->promise.deliver(std::move(outcome));
      return;
    }
    const auto record = work::record_of(message);
    if (record && visible(record->record) && listing->wants(record->record)) {
      outcome.items.push_back(work::summary_of(*record));
    }
  }
  listing->scanned += page->messages.size();
  if (!page->next) {
    listing->promise.deliver(std::move(outcome));
    return;
  }
  listing->next = *page->next;
  if (outcome.items.size() == limit || listing->scanned >= limits::work_records_scanned_max) {
    outcome.next_cursor = work::page_cursor(listing->next);
    listing->promise.deliver(std::move(outcome));
  } else {
    read_page(listing);
  }
}

} // namespace nats_mcp
