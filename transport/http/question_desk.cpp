// SPDX-License-Identifier: MIT
#include "transport/http/question_desk.hpp"

#include "protocol/limits/http.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::transport {

namespace {

bool is_change(const question& what) {
  return what.kind == question_kind::retry || what.kind == question_kind::discard;
}

tl::unexpected<error> no_answer(const question& what, bool is_taken) {
  if (is_change(what) && is_taken) {
    return fail(ec::unknown_outcome,
                "The coordinator has not answered in time; whether the item was touched is not"
                " known.");
  }
  return fail(ec::timeout, "The coordinator has not answered in time. Nothing was changed.");
}

} // namespace

question_desk::question_desk(std::function<void()> on_question)
  : on_question_{std::move(on_question)} {
  // nop
}

result<std::string> question_desk::ask(question what, monotonic_time give_up_at) {
  question_id id{};
  {
    const std::lock_guard lock{mutex_};
    if (is_closed_) {
      return fail(ec::unavailable, "This coordinator is ending.");
    }
    if (open_.size() >= limits::http_questions_max) {
      return fail(ec::busy, "Too many requests wait for the coordinator already.");
    }
    id = question_id{++last_id_};
    open_[id].what = std::move(what);
  }
  on_question_();
  std::unique_lock lock{mutex_};
  const auto known = open_.find(id);
  auto& mine = known->second;
  answered_.wait_until(lock, give_up_at, [&] { return mine.text.has_value(); });
  result<std::string> out = mine.text ? std::move(*mine.text) : no_answer(mine.what, mine.is_taken);
  open_.erase(known);
  return out;
}

std::vector<taken_question> question_desk::take() {
  const std::lock_guard lock{mutex_};
  std::vector<taken_question> out;
  for (auto& [id, one] : open_) {
    if (!std::exchange(one.is_taken, true)) {
      out.push_back({id, one.what});
    }
  }
  return out;
}

void question_desk::answer(question_id id, result<std::string> text) {
  {
    const std::lock_guard lock{mutex_};
    const auto known = open_.find(id);
    if (known == open_.end() || known->second.text) {
      return;
    }
    known->second.text = std::move(text);
  }
  answered_.notify_all();
}

void question_desk::answer_for_predecessor() {
  {
    const std::lock_guard lock{mutex_};
    for (auto& [id, one] : open_) {
      if (one.is_taken && !one.text) {
        one.text = fail(ec::crashed, "The part \"http\" of this coordinator failed while it held"
                                     " this request. Whether it took effect is not known.");
      }
    }
  }
  answered_.notify_all();
}

void question_desk::close() {
  {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
    for (auto& [id, one] : open_) {
      if (!one.text) {
        one.text = one.is_taken && is_change(one.what)
                     ? no_answer(one.what, true)
                     : fail(ec::unavailable, "This coordinator is ending.");
      }
    }
  }
  answered_.notify_all();
}

} // namespace nats_mcp::transport
