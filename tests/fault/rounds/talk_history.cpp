// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/talk_history.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::testing {

namespace {

constexpr std::string_view mark_begin = "said:";
constexpr char mark_end = ';';

} // namespace

std::string_view to_text(call_event::end how) noexcept {
  switch (how) {
    case call_event::end::done:
      return "done";
    case call_event::end::failed:
      return "failed";
    case call_event::end::none:
      return "not answered";
  }
  return {};
}

std::string_view to_text(said_event::receipt how) noexcept {
  switch (how) {
    case said_event::receipt::stored:
      return "stored";
    case said_event::receipt::not_sent:
      return "not sent";
    case said_event::receipt::unknown:
      return "unknown";
  }
  return {};
}

said_event::receipt receipt_of(bool is_error, std::string_view text) {
  if (!is_error) {
    return said_event::receipt::stored;
  }
  constexpr std::string_view promises[]{"was not sent", "othing was stored", "othing was sent"};
  const bool promised = std::any_of(std::begin(promises), std::end(promises), [&](auto one) {
    return text.find(one) != std::string_view::npos;
  });
  return promised ? said_event::receipt::not_sent : said_event::receipt::unknown;
}

std::string talk_history::mark(std::string_view life, std::size_t number) {
  return std::string{mark_begin}.append(life).append("/") + std::to_string(number) + mark_end;
}

std::vector<std::string> talk_history::marks_in(std::string_view text) {
  std::vector<std::string> out;
  for (auto at = text.find(mark_begin); at != std::string_view::npos;
       at = text.find(mark_begin, at)) {
    const auto end = text.find(mark_end, at);
    if (end == std::string_view::npos) {
      break;
    }
    out.emplace_back(text.substr(at, end + 1 - at));
    at = end;
  }
  return out;
}

// -- what happens -------------------------------------------------------------------------------

void talk_history::add(call_event event) {
  {
    const std::lock_guard lock{mutex_};
    answers_ += event.how == call_event::end::done ? 1 : 0;
    record_.calls.push_back(std::move(event));
  }
  changed_.notify_all();
}

void talk_history::add(said_event event) {
  const std::lock_guard lock{mutex_};
  record_.said.push_back(std::move(event));
}

void talk_history::add(shown_event event) {
  const std::lock_guard lock{mutex_};
  record_.shown.push_back(std::move(event));
}

void talk_history::killed(const std::string& life) {
  const std::lock_guard lock{mutex_};
  record_.killed.insert(life);
}

void talk_history::wrong(const std::string& what) {
  const std::lock_guard lock{mutex_};
  record_.wrong.push_back(what);
}

talk_record talk_history::record() const {
  const std::lock_guard lock{mutex_};
  return record_;
}

std::chrono::milliseconds talk_history::now() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now()
                                                               - begin_);
}

// -- progress -----------------------------------------------------------------------------------

std::size_t talk_history::wait_for_answers(std::size_t count, std::chrono::milliseconds within) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, within, [&] { return answers_ >= count; });
  return answers_;
}

void talk_history::ask_for_probes() {
  const std::lock_guard lock{mutex_};
  ++probe_;
}

std::size_t talk_history::probe_owed(const std::string& member) const {
  const std::lock_guard lock{mutex_};
  const auto done = probes_done_.find(member);
  return done != probes_done_.end() && done->second == probe_ ? 0 : probe_;
}

void talk_history::probe_done(const std::string& member, std::size_t probe) {
  {
    const std::lock_guard lock{mutex_};
    probes_done_[member] = probe;
  }
  changed_.notify_all();
}

std::set<std::string> talk_history::missing(const std::set<std::string>& members) const {
  std::set<std::string> out;
  for (const auto& member : members) {
    const auto done = probes_done_.find(member);
    if (done == probes_done_.end() || done->second != probe_) {
      out.insert(member);
    }
  }
  return out;
}

std::set<std::string> talk_history::wait_for_probes(const std::set<std::string>& members,
                                                    std::chrono::milliseconds within) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, within, [&] { return missing(members).empty(); });
  return missing(members);
}

} // namespace nats_mcp::testing
