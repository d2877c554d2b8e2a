// SPDX-License-Identifier: MIT
#include "protocol/work/notices.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/text.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace nats_mcp::work {

namespace {

/// What an offerer is told, before it is addressed.
struct news {
  tools::message_type type = tools::message_type::text;
  /// In which attempt it happened; 0: between two of them.
  std::uint32_t attempt = 0;
  /// What tells apart two notices of one type in one attempt.
  std::string distinction;
  std::string content;
  /// What the type needs besides the item.
  json::value metadata = json::value::object();
};

/// A description can be long: enough of it to know the item again.
constexpr std::size_t description_characters_shown = 80;

/// A result up to this size travels with the notice; the rest of its metadata is far smaller.
constexpr std::size_t result_bytes_max = limits::metadata_bytes_max / 2;

std::string item_in_words(const work_item& item) {
  return "Work item " + item.id + " (task " + one_line(item.task_id) + ", \""
         + one_line(first_characters(item.description, description_characters_shown)) + "\")";
}

std::string attempt_in_words(const item_record& record) {
  return "attempt " + std::to_string(record.attempts_begun) + " of "
         + std::to_string(record.attempts_max);
}

std::string with_text(std::string sentence, std::string_view text) {
  return text.empty() ? std::move(sentence) : std::move(sentence) + "\n\n" + std::string{text};
}

std::string error_text(std::string_view text) {
  return std::string{text.empty() ? std::string_view{"No reason was given."} : text};
}

const attempt* newest_attempt(const item_record& record) {
  return record.attempts.empty() ? nullptr : &record.attempts.back();
}

news claim_news(const item_record& record) {
  news out;
  out.type = tools::message_type::work_claim;
  out.attempt = record.attempts_begun;
  out.distinction =
    record.held ? record.held->id : std::string{}; // what was given back did not count
  out.content = item_in_words(record.item) + " was claimed: " + attempt_in_words(record) + ".";
  return out;
}

news progress_news(const item_record& record, const attempt& under_way) {
  news out;
  out.type = tools::message_type::progress_update;
  out.attempt = record.attempts_begun;
  out.distinction = std::to_string(static_cast<int>(*under_way.progress));
  out.content = with_text(item_in_words(record.item) + " is at " + out.distinction + " %, in "
                            + attempt_in_words(record) + ".",
                          under_way.note);
  out.metadata["progress"] = *under_way.progress;
  return out;
}

news completion_news(const item_record& record) {
  news out;
  out.type = tools::message_type::work_complete;
  out.attempt = record.attempts_begun;
  auto sentence = item_in_words(record.item) + " was completed.";
  if (json::write(record.outcome).size() > result_bytes_max) {
    sentence += " Its result is too long for a message: get_work_status shows it.";
  } else if (!record.outcome.empty()) {
    out.metadata["result"] = record.outcome;
  }
  out.content = with_text(std::move(sentence), record.summary);
  return out;
}

news failure_news(const item_record& record, const attempt& last) {
  news out;
  out.type = tools::message_type::work_error;
  out.attempt = record.attempts_begun;
  out.content = with_text(item_in_words(record.item) + " failed in " + attempt_in_words(record)
                            + " and will be tried again.",
                          last.error);
  out.metadata["error"] = error_text(last.error);
  out.metadata["retryable"] = true;
  return out;
}

/// Whether it died with its last attempt. What died while it waited had no part in one: its
/// notice must not be taken for that of the failure before.
bool died_in_attempt(const item_record& record) {
  const auto* last = newest_attempt(record);
  return last != nullptr && last->end != attempt_end::released
         && last->ended_at == record.updated_at;
}

news death_news(const item_record& record) {
  news out;
  out.type = tools::message_type::work_error;
  out.attempt = died_in_attempt(record) ? record.attempts_begun : 0;
  out.content = with_text(item_in_words(record.item)
                            + " is dead: it will not be tried again unless somebody retries it"
                              " with retry_dead_letter_item.",
                          record.reason);
  out.metadata["error"] = error_text(record.reason);
  out.metadata["retryable"] = false;
  return out;
}

std::optional<news> news_of(const item_record& record) {
  const auto* last = newest_attempt(record);
  switch (record.state) {
    case item_state::pending:
      // One that rests has failed; one that was given back, offered or retried does not rest.
      return record.not_before && last != nullptr && last->end == attempt_end::failed
               ? std::optional{failure_news(record, *last)}
               : std::nullopt;
    case item_state::claimed:
      if (last != nullptr && last->progress) {
        return progress_news(record, *last);
      }
      return record.item.notify_claim ? std::optional{claim_news(record)} : std::nullopt;
    case item_state::completed:
      return completion_news(record);
    case item_state::dead:
      return death_news(record);
    case item_state::cancelled:
    case item_state::discarded:
      return std::nullopt;
  }
  return std::nullopt;
}

/// A sweep or a claim of the offerer's own process may bury its item; of what it failed itself it
/// knows.
bool is_news_to_its_finder(const item_record& record) {
  return record.state == item_state::dead
         && !(died_in_attempt(record) && newest_attempt(record)->end == attempt_end::failed);
}

/// `<item id>-g<generation>-<attempt>-<type>`, and for a report its whole percents.
std::string notice_id(const item_record& record, const news& what) {
  auto out = queue_message_id(record.item.id, record.generation) + '-'
             + std::to_string(what.attempt) + '-' + std::string{tools::to_text(what.type)};
  return what.distinction.empty() ? out : out + '-' + what.distinction;
}

} // namespace

std::optional<jetstream::publish> notice_of(const item_record& record, const party& sender,
                                            wall_time now) {
  const auto& offerer = record.item.offered_by.guid;
  if (offerer.empty() || sender.guid.empty()
      || (offerer == sender.guid && !is_news_to_its_finder(record))) {
    return std::nullopt;
  }
  auto what = news_of(record);
  if (!what) {
    return std::nullopt;
  }
  messaging::direct_message_payload message;
  message.id = notice_id(record, *what);
  message.sender_guid = sender.guid;
  message.sender_handle = sender.handle;
  message.recipient_guid = offerer;
  message.type = what->type;
  message.content = std::move(what->content);
  message.metadata["workItemId"] = record.item.id;
  message.metadata["taskId"] = record.item.task_id;
  message.metadata["attempt"] = record.attempts_begun;
  message.metadata.update(what->metadata);
  message.timestamp = now;
  return jetstream::publish{messaging::inbox_subject(offerer, sender.guid),
                            messaging::write_direct_message(message), message.id, std::nullopt,
                            monotonic_time{}};
}

std::optional<jetstream::publish> notice_of_change(const item_record* before,
                                                   const item_record& after, const party& sender,
                                                   wall_time now) {
  auto notice = notice_of(after, sender, now);
  if (!notice || before == nullptr) {
    return notice;
  }
  const auto earlier = notice_of(*before, sender, now);
  return earlier && earlier->message_id == notice->message_id ? std::nullopt : notice;
}

} // namespace nats_mcp::work
