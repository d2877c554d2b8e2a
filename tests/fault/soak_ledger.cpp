// SPDX-License-Identifier: MIT
#include "tests/fault/soak_ledger.hpp"

#include <algorithm>

namespace nats_mcp::testing {

namespace {

constexpr std::string_view mark_begin = "said:";
constexpr char mark_end = ';';

std::vector<std::string> marks_in(const std::string& text) {
  std::vector<std::string> out;
  for (auto at = text.find(mark_begin); at != std::string::npos; at = text.find(mark_begin, at)) {
    const auto end = text.find(mark_end, at);
    if (end == std::string::npos) {
      break;
    }
    out.push_back(text.substr(at, end + 1 - at));
    at = end;
  }
  return out;
}

template <class Values>
auto& entry(Values& values, std::string_view key) {
  const auto found = values.find(key);
  return found != values.end() ? found->second : values[std::string{key}];
}

} // namespace

void soak_ledger::answered(std::string_view call, bool is_error, std::chrono::milliseconds took) {
  const std::lock_guard lock{mutex_};
  auto& so_far = entry(calls_, call);
  ++so_far.answered;
  so_far.failed += is_error ? 1 : 0;
  so_far.slowest = std::max(so_far.slowest, took);
}

void soak_ledger::wrong(const std::string& what) {
  const std::lock_guard lock{mutex_};
  wrong_.push_back(what);
}

std::string soak_ledger::mark(std::string_view speaker, std::size_t number) {
  return std::string{mark_begin}.append(speaker).append("/") + std::to_string(number) + mark_end;
}

void soak_ledger::said_in_channel(std::string_view channel, std::string_view speaker,
                                  const std::string& mark) {
  const std::lock_guard lock{mutex_};
  entry(channels_, channel).said[mark] = speaker;
}

void soak_ledger::said_to(std::string_view listener, const std::string& mark) {
  const std::lock_guard lock{mutex_};
  entry(mail_, listener).said.insert(mark);
}

void soak_ledger::heard_in_channel(std::string_view channel, std::string_view listener,
                                   const std::string& text) {
  const std::lock_guard lock{mutex_};
  auto& heard = entry(entry(channels_, channel).heard, listener);
  for (auto& mark : marks_in(text)) {
    if (!heard.insert(mark).second) {
      wrong_.push_back(std::string{listener} + " was shown " + mark + " twice in the channel "
                       + std::string{channel});
    }
  }
}

void soak_ledger::heard_directly(std::string_view listener, const std::string& text) {
  const std::lock_guard lock{mutex_};
  auto& heard = entry(mail_, listener).heard;
  for (auto& mark : marks_in(text)) {
    shown_again_ += heard.insert(std::move(mark)).second ? 0 : 1;
  }
}

std::vector<std::string> soak_ledger::judge(const std::vector<std::string>& listeners,
                                            const std::vector<std::string>& channels) const {
  const std::lock_guard lock{mutex_};
  auto out = wrong_;
  for (const auto& listener : listeners) {
    for (const auto& channel : channels) {
      const auto talk = channels_.find(channel);
      if (talk == channels_.end()) {
        continue;
      }
      const auto found = talk->second.heard.find(listener);
      const std::set<std::string> nothing;
      const auto& heard = found == talk->second.heard.end() ? nothing : found->second;
      for (const auto& [mark, speaker] : talk->second.said) {
        if (speaker != listener && heard.count(mark) == 0) {
          out.push_back(listener + " was never shown " + mark + " in the channel " + channel);
        }
      }
    }
    const auto letters = mail_.find(listener);
    if (letters == mail_.end()) {
      continue;
    }
    for (const auto& mark : letters->second.said) {
      if (letters->second.heard.count(mark) == 0) {
        out.push_back(listener + " was never shown the direct message " + mark);
      }
    }
  }
  return out;
}

std::map<std::string, soak_ledger::tally, std::less<>> soak_ledger::calls() const {
  const std::lock_guard lock{mutex_};
  return calls_;
}

std::size_t soak_ledger::said() const {
  const std::lock_guard lock{mutex_};
  std::size_t out = 0;
  for (const auto& [channel, talk] : channels_) {
    out += talk.said.size();
  }
  for (const auto& [listener, letters] : mail_) {
    out += letters.said.size();
  }
  return out;
}

std::size_t soak_ledger::shown_again() const {
  const std::lock_guard lock{mutex_};
  return shown_again_;
}

} // namespace nats_mcp::testing
