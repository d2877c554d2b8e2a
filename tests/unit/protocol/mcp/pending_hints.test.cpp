// SPDX-License-Identifier: MIT
// Hints wait for their turn: the newest about each thing, none twice, none forgotten.
#include "protocol/mcp/pending_hints.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::mcp::pending_hints_test {
namespace {

using namespace std::chrono_literals;

class hinted {
public:
  void step() {
    const auto about = std::string(1, static_cast<char>('a' + below(3)));
    switch (below(7)) {
      case 0:
      case 1:
        return put(about);
      case 2:
        return correct(about);
      case 3:
        for (const auto& hint : subject_.take_all(now_)) {
          tell(hint);
        }
        for (const auto& [one, hint] : kept_) {
          held_back_.insert(one);
        }
        break;
      case 4:
        return pass_time(below(1500));
      default:
        take(about);
    }
    check();
  }
  /// A moment later everything that was asked for has been told.
  void finish() {
    for (const auto* about : {"a", "b", "c"}) {
      take(about);
    }
    pass_time(1000);
    RC_ASSERT(kept_.empty());
    RC_ASSERT(!subject_.next_due());
  }

private:
  /// Each as likely, in the first runs too.
  static int below(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)); }

  void put(const std::string& about) {
    kept_[about] = {about, "hint " + std::to_string(++made_), {}};
    subject_.put(kept_[about]);
  }
  void correct(const std::string& about) {
    if (below(2) == 0) {
      subject_.correct(about, std::nullopt);
      kept_.erase(about);
      held_back_.erase(about);
      return;
    }
    const client_hint other{about, "hint " + std::to_string(++made_), {}};
    subject_.correct(about, other);
    if (kept_.contains(about)) {
      kept_[about] = other;
    }
  }
  void take(const std::string& about) {
    const bool is_kept = kept_.contains(about);
    const bool may_be_told =
      !told_.contains(about) || now_ - told_.at(about) >= limits::update_interval_min;
    const auto hint = subject_.take(about, now_);
    RC_ASSERT(hint.has_value() == (is_kept && may_be_told));
    if (hint) {
      tell(*hint);
    } else if (is_kept) {
      held_back_.insert(about);
    }
  }
  void pass_time(int ms) {
    const auto until = now_ + std::chrono::milliseconds{ms};
    while (subject_.next_due() && *subject_.next_due() <= until) {
      now_ = std::max(now_, *subject_.next_due());
      const auto due = subject_.take_due(now_);
      RC_ASSERT(!due.empty());
      for (const auto& hint : due) {
        RC_ASSERT(held_back_.contains(hint.about));
        tell(hint);
      }
    }
    now_ = until;
    check();
  }
  /// It is the newest, and not too soon.
  void tell(const client_hint& hint) {
    RC_ASSERT(kept_.contains(hint.about));
    RC_ASSERT(kept_.at(hint.about) == hint);
    RC_ASSERT(
      (!told_.contains(hint.about) || now_ - told_.at(hint.about) >= limits::update_interval_min));
    told_[hint.about] = now_;
    kept_.erase(hint.about);
    held_back_.erase(hint.about);
  }
  void check() const {
    std::optional<monotonic_time> due;
    for (const auto& about : held_back_) {
      const auto at = told_.at(about) + limits::update_interval_min;
      due = due ? std::min(*due, at) : at;
    }
    RC_ASSERT(subject_.next_due() == due);
  }

  pending_hints subject_;
  monotonic_time now_{1h};
  int made_ = 0;
  std::map<std::string, client_hint> kept_;
  std::map<std::string, monotonic_time> told_;
  /// Asked for when it was too soon.
  std::set<std::string> held_back_;
};

RC_GTEST_PROP(pending_hints, are_told_once_each_the_newest_and_not_too_often, ()) {
  hinted all;
  const auto length = *rc::gen::inRange(0, 80);
  for (int done = 0; done < length; ++done) {
    all.step();
  }
  all.finish();
}

RC_GTEST_PROP(a_hint_line, says_what_the_hint_says, (const std::string& letters)) {
  client_hint hint;
  hint.content = *rc::gen::container<std::string>(rc::gen::element('a', '{', '"', '\\', '\n'));
  for (std::size_t i = 0; i < letters.size() % 4; ++i) {
    hint.meta.emplace_back("key_" + std::to_string(i), hint.content.substr(0, i));
  }
  const auto line = hint_line(hint);
  RC_ASSERT(line.find('\n') == std::string::npos);
  const auto message = json::parse(line).value();
  const auto& params = *json::find(message, "params");
  RC_ASSERT(*json::find(params, "content") == json::value(hint.content));
  const auto& meta = *json::find(params, "meta");
  RC_ASSERT(meta.size() == hint.meta.size());
  for (const auto& [key, value] : hint.meta) {
    RC_ASSERT(*json::find(meta, key) == json::value(value));
  }
}

} // namespace
} // namespace nats_mcp::mcp::pending_hints_test
