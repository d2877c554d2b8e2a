// SPDX-License-Identifier: MIT
#include "actors/work/letter_retries.hpp"

#include "protocol/limits.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace nats_mcp {

namespace {

/// Of this item alone; with any other error the next item would fare no better.
bool concerns_one(const error& why) {
  switch (why.code) {
    case ec::not_found:
    case ec::conflict:
    case ec::malformed:
    case ec::invalid_argument:
    case ec::jetstream_error:
    case ec::busy:
      return true;
    default:
      return false;
  }
}

tools::retry_dead_letter_item_result told(const std::string& item_id,
                                          const work::dead_letter_retry::outcome& outcome) {
  tools::retry_dead_letter_item_result out;
  out.item_id = item_id;
  out.capability = outcome.item.capability;
  out.attempts_reset = outcome.attempts == work::attempts_after_retry::reset;
  return out;
}

} // namespace

/// All letters of a capability under way.
struct letter_retries::bulk {
  std::string capability;
  terms how;
  done then;
  tools::retry_dead_letter_item_result outcome;
  /// Read and not begun.
  std::deque<std::string> ids;
  /// Where more of them begin.
  std::optional<std::uint64_t> next = 1;
  std::uint64_t looked_at = 0;
  /// Begun and not over.
  std::size_t open = 0;
  /// More are being begun: it is too early to ask what comes next.
  bool beginning = false;
  std::optional<error> stopped;

  /// How many more it may look at. Those that could not be retried are in nobody's way.
  [[nodiscard]] std::uint64_t left() const {
    const auto retried = static_cast<std::uint64_t>(outcome.retried);
    return std::min(limits::dead_letters_retried_max
                      - std::min(limits::dead_letters_retried_max, retried),
                    limits::dead_letters_looked_at_max - looked_at);
  }
};

letter_retries::letter_retries(surroundings around)
  : around_{std::move(around)} {
  // nop
}

void letter_retries::retry(const std::string& item_id, terms how, retried then) {
  around_.scripts->run<work::dead_letter_retry>(
    std::make_shared<work::dead_letter_retry>(item_id, how.attempts, around_.visible(),
                                              around_.scripts->world({})),
    how.deadline,
    [](const work::dead_letter_retry&) {
      // Told when the letter is gone as well: whoever lists them next does not find it.
    },
    [then = std::move(then)](const work::dead_letter_retry& script) { then(*script.end()); });
}

// -- one ---------------------------------------------------------------------------------------

void letter_retries::one(const std::string& item_id, terms how, done then) {
  around_.prepare(
    how.deadline, [this, item_id, how, then = std::move(then)](const result<void>& there) {
      if (!there) {
        then(tl::make_unexpected(there.error()));
        return;
      }
      retry(item_id, how, [item_id, then](const result<work::dead_letter_retry::outcome>& outcome) {
        then(outcome.map([&](const auto& back_in_queue) { return told(item_id, back_in_queue); }));
      });
    });
}

// -- all of a capability -----------------------------------------------------------------------

void letter_retries::all(const std::string& capability, terms how, done then) {
  const auto under_way = std::make_shared<bulk>();
  under_way->capability = capability;
  under_way->how = how;
  under_way->then = std::move(then);
  under_way->outcome.capability = capability;
  under_way->outcome.attempts_reset = how.attempts == work::attempts_after_retry::reset;
  under_way->outcome.retried = 0;
  around_.prepare(how.deadline, [this, under_way](const result<void>& there) {
    if (!there) {
      under_way->stopped = there.error();
    }
    go_on(under_way);
  });
}

void letter_retries::read(const std::shared_ptr<bulk>& under_way) {
  page_reader::request what;
  what.stream = work::dead_letter_stream_name;
  what.filters = around_.patterns(under_way->capability);
  what.start_sequence = *under_way->next;
  what.bounds = {std::min(limits::dead_letters_retried_max, under_way->left()),
                 limits::read_bytes_max};
  what.deadline = under_way->how.deadline;
  around_.pages->start(std::move(what), [this, under_way](const result<work::stream_page>& page) {
    if (!page) {
      under_way->stopped = page.error();
      go_on(under_way);
      return;
    }
    for (const auto& message : page->messages) {
      under_way->ids.push_back(
        work::read_dead_letter(message.subject, message.payload, message.stored_at).item.id);
    }
    under_way->looked_at += page->messages.size();
    under_way->next = page->next;
    go_on(under_way);
  });
}

void letter_retries::go_on(const std::shared_ptr<bulk>& under_way) {
  auto& here = *under_way;
  here.beginning = true;
  while (!here.stopped && !here.ids.empty() && here.open < limits::dead_letters_retried_at_once) {
    begin_next(under_way);
  }
  here.beginning = false;
  if (here.open > 0) {
    return;
  }
  if (!here.stopped && here.next && here.left() > 0) {
    read(under_way);
  } else {
    finish(here);
  }
}

void letter_retries::begin_next(const std::shared_ptr<bulk>& under_way) {
  const auto item_id = std::move(under_way->ids.front());
  under_way->ids.pop_front();
  ++under_way->open;
  retry(item_id, under_way->how,
        [this, under_way, item_id](const result<work::dead_letter_retry::outcome>& outcome) {
          auto& here = *under_way;
          --here.open;
          if (outcome) {
            ++here.outcome.retried;
          } else {
            ++here.outcome.failed;
            if (here.outcome.failures.size() < limits::dead_letter_failures_named_max) {
              here.outcome.failures.push_back({item_id, outcome.error().message});
            }
            if (!concerns_one(outcome.error())) {
              here.stopped = outcome.error();
            }
          }
          if (!here.beginning) {
            go_on(under_way);
          }
        });
}

void letter_retries::finish(bulk& under_way) {
  const auto then = std::exchange(under_way.then, {});
  if (under_way.stopped && under_way.outcome.retried == 0) {
    then(tl::make_unexpected(*under_way.stopped));
    return;
  }
  under_way.outcome.more = under_way.next.has_value() || !under_way.ids.empty();
  then(under_way.outcome);
}

} // namespace nats_mcp
