// SPDX-License-Identifier: MIT
#include "tests/unit/protocol/work/work_server.hpp"

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/overloaded.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

namespace nats_mcp::work {

namespace {

/// `$JS.ACK.WORK.<delivery count>.<sequence>`: all of the real one that matters here.
constexpr std::string_view ack_prefix = "$JS.ACK.WORK.";

struct acknowledged {
  std::uint64_t delivery = 0;
  std::uint64_t sequence = 0;
};

acknowledged parse_ack_subject(const std::string& subject) {
  acknowledged out;
  const auto dot = subject.find('.', ack_prefix.size());
  const auto* const text = subject.data();
  std::from_chars(text + ack_prefix.size(), text + dot, out.delivery);
  std::from_chars(text + dot + 1, text + subject.size(), out.sequence);
  return out;
}

std::string described(const jetstream::settle& what) {
  switch (what.kind) {
    case jetstream::ack_kind::ack:
      return "ack";
    case jetstream::ack_kind::nak:
      return "nak " + std::to_string(what.delay.count());
    case jetstream::ack_kind::in_progress:
      return "in progress";
    case jetstream::ack_kind::term:
      return "term";
  }
  return {};
}

/// Whether a message of the queue may go, given its item's record.
bool is_done_with(const std::optional<found_record>& found, std::uint64_t generation,
                  std::uint64_t sequence) {
  if (!found || found->record.generation < generation) {
    return false;
  }
  const auto& record = found->record;
  return record.generation > generation || is_over(record.state)
         || (record.queue_sequence != 0 && record.queue_sequence != sequence);
}

} // namespace

work_server::work_server()
  : store_{items_bucket, tasks_bucket} {
  store_.on_write = [this](const std::string& bucket, const jetstream::kv_entry& entry) {
    if (bucket == items_bucket) {
      on_record(entry);
    }
  };
}

result<work_answer> work_server::carry_out(const work_command& what) {
  const auto as_answer = [](auto answer) { return work_answer{std::move(answer)}; };
  return std::visit(overloaded{
                      [&](const jetstream::kv_get& it) { return store_.get(it).map(as_answer); },
                      [&](const jetstream::kv_put& it) { return store_.put(it).map(as_answer); },
                      [&](const jetstream::publish& it) { return publish(it); },
                      [&](const jetstream::settle& it) { return settle(it); },
                      [&](const jetstream::api_request& it) { return answer_api(it); },
                      [&](const jetstream::get_last& it) { return get_last(it); },
                    },
                    what);
}

monotonic_time work_server::clock() const {
  return monotonic_time{} + std::chrono::hours{24} + (now() - wall_time{std::chrono::days{20'000}});
}

// -- the queue ---------------------------------------------------------------------------------

std::optional<jetstream::delivery> work_server::deliver(const lane& from) {
  const auto subject = lane_subject(from);
  for (auto& [sequence, message] : queue_) {
    if (message.subject == subject && message.free_at <= now()) {
      ++message.deliveries;
      message.free_at = now() + ack_wait;
      jetstream::delivery out;
      out.ack_subject = std::string{ack_prefix} + std::to_string(message.deliveries) + "."
                        + std::to_string(sequence);
      out.subject = message.subject;
      out.payload = message.payload;
      out.stream_sequence = sequence;
      out.delivery_count = message.deliveries;
      out.stored_at = message.stored_at;
      return out;
    }
  }
  return std::nullopt;
}

std::uint64_t work_server::put_into_queue(std::string subject, std::string payload) {
  queue_[++last_queued_] = {std::move(subject), std::move(payload), now(), 0, {}};
  return last_queued_;
}

result<work_answer> work_server::settle(const jetstream::settle& what) {
  using jetstream::ack_kind;
  if (what.deadline != monotonic_time{} && what.deadline <= deadline_clock()) {
    return fail(ec::timeout, "Too late: it was never sent.");
  }
  settlements_.push_back(described(what));
  const auto of = parse_ack_subject(what.ack_subject);
  const auto at = queue_.find(of.sequence);
  if (what.kind != ack_kind::ack && at != queue_.end()) {
    if (at->second.deliveries != of.delivery || at->second.free_at <= now()) {
      complain("a late " + described(what) + " hit another's delivery");
    }
    if (what.deadline - deadline_clock() >= at->second.free_at - now()) {
      complain("a " + described(what) + " may still be sent when the ack wait is over");
    }
  }
  if (at == queue_.end()) {
    return work_answer{jetstream::settled{}}; // answered all the same
  }
  switch (what.kind) {
    case ack_kind::ack:
    case ack_kind::term:
      remove_from_queue(of.sequence);
      break;
    case ack_kind::nak:
      at->second.free_at = now() + what.delay;
      break;
    case ack_kind::in_progress:
      at->second.free_at = now() + ack_wait;
      break;
  }
  return work_answer{jetstream::settled{}};
}

void work_server::remove_from_queue(std::uint64_t sequence) {
  const auto node = queue_.extract(sequence);
  const auto& message = node.mapped();
  const auto queued = read_queued_item(*parse_lane_subject(message.subject), message.payload);
  const auto id = queued ? queued->item.id : unreadable_item_id(sequence);
  const auto generation = queued ? queued->generation : 1;
  const auto found = record(id);
  if (!is_done_with(found, generation, sequence)) {
    return complain("message " + std::to_string(sequence) + " was removed from the queue");
  }
  if (found->record.state == item_state::dead && found->record.generation == generation
      && letter(found->record.item) == nullptr) {
    complain("item " + id + " is dead and in nobody's list");
  }
}

// -- everything else that is stored --------------------------------------------------------------

result<work_answer> work_server::publish(const jetstream::publish& what) {
  const bool is_work = what.subject.starts_with("work.");
  const bool is_letter = what.subject.starts_with("dead.");
  // Each stream has ids of its own.
  const auto message_id = what.subject.substr(0, what.subject.find('.')) + " " + what.message_id;
  if (const auto known = published_.find(message_id); known != published_.end()) {
    return work_answer{jetstream::publish_receipt{"", known->second, true}};
  }
  std::uint64_t sequence = 1;
  if (is_work) {
    sequence = put_into_queue(what.subject, what.payload);
  } else if (is_letter) {
    sequence = ++last_letter_;
    letters_[what.subject] = {what.subject, what.payload, sequence, now(), {}};
  } else {
    notices_[what.message_id] = what.payload;
    if (what.deadline > deadline_clock() + limits::work_notice_max) {
      complain("a notice may hold up what comes after it");
    }
  }
  published_[message_id] = sequence;
  return work_answer{jetstream::publish_receipt{"", sequence, false}};
}

result<work_answer> work_server::answer_api(const jetstream::api_request& what) {
  if (what.verb == "STREAM.INFO.WORK") {
    return describe_queue();
  }
  if (constexpr std::string_view info = "CONSUMER.INFO.WORK."; what.verb.starts_with(info)) {
    return describe_consumer(std::string_view{what.verb}.substr(info.size()));
  }
  const auto body = json::parse(what.body).value_or(json::value{});
  const auto sequence = json::unsigned_member(body, "seq").value_or(0);
  const auto gone = tl::make_unexpected(
    error{ec::not_found, "no message found", jetstream::error_number::no_message_found});
  if (what.verb == "STREAM.MSG.DELETE.WORK") {
    if (!queue_.contains(sequence)) {
      return gone;
    }
    remove_from_queue(sequence);
    return work_answer{jetstream::api_reply{R"({"success":true})"}};
  }
  const auto at = std::find_if(letters_.begin(), letters_.end(),
                               [&](const auto& one) { return one.second.sequence == sequence; });
  if (at == letters_.end()) {
    return gone;
  }
  remove_letter(at);
  return work_answer{jetstream::api_reply{R"({"success":true})"}};
}

work_answer work_server::describe_queue() const {
  auto subjects = json::value::object();
  for (const auto& [sequence, message] : queue_) {
    subjects[message.subject] = subjects.value(message.subject, 0) + 1;
  }
  const auto first = queue_.empty() ? last_queued_ + 1 : queue_.begin()->first;
  return jetstream::api_reply{json::write(
    {{"state", {{"first_seq", first}, {"last_seq", last_queued_}, {"subjects", subjects}}}})};
}

work_answer work_server::describe_consumer(std::string_view name) const {
  const auto first = std::find_if(queue_.begin(), queue_.end(), [&](const auto& one) {
    return lane_consumer(*parse_lane_subject(one.second.subject), {}, {}).name == name;
  });
  const auto settled = first == queue_.end() ? last_queued_ : first->first - 1;
  return jetstream::api_reply{json::write({{"num_pending", 0},
                                           {"num_ack_pending", 0},
                                           {"delivered", {{"consumer_seq", 0}}},
                                           {"ack_floor", {{"stream_seq", settled}}},
                                           {"config", json::value::object()}})};
}

result<work_answer> work_server::get_last(const jetstream::get_last& what) const {
  const auto at = letters_.find(what.subject);
  if (at == letters_.end()) {
    return fail(ec::not_found, "There is no message on " + what.subject + ".");
  }
  return work_answer{at->second};
}

void work_server::remove_letter(std::map<std::string, jetstream::stored_message>::iterator at) {
  const auto& stored = at->second;
  const auto content = read_dead_letter(stored.subject, stored.payload, stored.stored_at);
  const auto found = record(content.item.id);
  if (found && found->record.state == item_state::dead
      && found->record.generation <= content.generation) {
    complain("the dead letter of " + content.item.id + " was deleted while it is dead");
  }
  if (found && found->record.state == item_state::pending && found->record.queue_sequence == 0) {
    const bool waits = std::any_of(queue_.begin(), queue_.end(), [&](const auto& one) {
      return one.second.payload.find(content.item.id) != std::string::npos;
    });
    if (!waits) {
      complain("the dead letter of " + content.item.id + " was deleted before it was queued again");
    }
  }
  letters_.erase(at);
}

// -- the records -------------------------------------------------------------------------------

void work_server::on_record(const jetstream::kv_entry& entry) {
  auto read = read_item_record(entry.value);
  if (!read) {
    return;
  }
  const auto& now_it_is = *read;
  if (now_it_is.attempts_begun > now_it_is.attempts_max) {
    complain("item " + entry.key + " is in an attempt that is one too many");
  }
  if (const auto known = checked_.find(entry.key); known != checked_.end()) {
    const auto& was = known->second.record;
    const bool again = was.state == item_state::dead && now_it_is.state == item_state::pending
                       && now_it_is.generation == was.generation + 1;
    const bool lost = !is_over(was.state) && now_it_is.state == item_state::pending
                      && now_it_is.generation == was.generation + 1
                      && !queue_.contains(was.queue_sequence);
    const bool away = was.state == item_state::dead && now_it_is.state == item_state::discarded;
    if (is_over(was.state) && !again && !away) {
      complain("item " + entry.key + " was " + std::string{to_text(was.state)} + " and is "
               + std::string{to_text(now_it_is.state)});
    }
    const bool moved = was.assigned && !is_over(was.state) && now_it_is.assigned
                       && now_it_is.state == item_state::pending
                       && now_it_is.generation == was.generation + 1;
    if (moved && was.held && entry.stored_at < lease_over_at(known->second)) {
      complain("item " + entry.key + " was taken from its holder");
    }
    if (!again && !lost && !moved && now_it_is.generation != was.generation) {
      complain("item " + entry.key + " is in another generation");
    }
    const bool changes_hands = was.held && now_it_is.held && now_it_is.held->id != was.held->id;
    if (changes_hands && entry.stored_at < lease_over_at(known->second)) {
      complain("item " + entry.key + " has two holders");
    }
  }
  checked_[entry.key] = {std::move(*read), entry.revision, entry.stored_at};
}

std::optional<found_record> work_server::record(const std::string& item_id) const {
  const auto entry = store_.entry(items_bucket, item_id);
  auto read = entry ? read_item_record(entry->value) : fail(ec::not_found, {});
  return read ? std::optional{found_record{std::move(*read), entry->revision, entry->stored_at}}
              : std::nullopt;
}

std::vector<item_record> work_server::records() const {
  std::vector<item_record> out;
  for (const auto& entry : store_.entries(items_bucket)) {
    if (auto read = read_item_record(entry.value)) {
      out.push_back(std::move(*read));
    }
  }
  return out;
}

std::vector<std::uint64_t> work_server::queued() const {
  std::vector<std::uint64_t> out;
  for (const auto& one : queue_) {
    out.push_back(one.first);
  }
  return out;
}

const jetstream::stored_message* work_server::letter(const work_item& item) const {
  const auto at = letters_.find(letter_subject(item));
  return at == letters_.end() ? nullptr : &at->second;
}

bool work_server::knows_task(const work_item& item) const {
  return store_.entry(tasks_bucket, *task_key(item.task_id, item.id)).has_value();
}

void work_server::write_record(const std::string& item_id, std::string value) {
  (void)store_.put({std::string{items_bucket}, item_id, std::move(value), {}, "w", {}});
}

void work_server::forget_ids() { published_.clear(); }

void work_server::lose_queue() { queue_.clear(); }

void work_server::drop_letter(const work_item& item) { letters_.erase(letter_subject(item)); }

std::string work_server::digest() const {
  std::string out = to_rfc3339(now());
  const auto add = [&out](const std::string& what) { out.append(1, ' ').append(what); };
  for (const auto& [sequence, message] : queue_) {
    add(std::to_string(sequence));
    add(std::to_string(message.deliveries));
    add(to_rfc3339(message.free_at));
  }
  for (const auto& one : letters_) {
    add(std::to_string(one.second.sequence));
  }
  add(std::to_string(last_queued_));
  add(std::to_string(last_letter_));
  for (const auto& entry : store_.history(items_bucket)) {
    add(std::to_string(entry.revision) + entry.value);
  }
  return out;
}

void work_server::complain(std::string what) {
  if (complaint_.empty()) {
    complaint_ = std::move(what);
  }
}

} // namespace nats_mcp::work
