// SPDX-License-Identifier: MIT
// Batches leave when their last answer is there, whole, and once.
#include "protocol/mcp/open_batches.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::mcp::open_batches_test {
namespace {

using ids = std::vector<jsonrpc::request_id>;

jsonrpc::request_id any_id() {
  return {*rc::gen::element(jsonrpc::request_id::kind::integer, jsonrpc::request_id::kind::string),
          std::to_string(*rc::gen::inRange(0, 3))};
}

/// A batch as its client knows it.
struct sent_batch {
  ids awaited;
  ids requests;
  std::vector<std::string> answers;
  std::vector<call_id> calls;
  bool is_read = false;
};

class batches {
public:
  void step() {
    if (sent_.empty() || below(6) == 0) {
      const auto number = subject_.open();
      RC_ASSERT(number > last_);
      last_ = number;
      sent_[number];
      return;
    }
    auto one = sent_.begin();
    std::advance(one, below(static_cast<int>(sent_.size())));
    happen(one->first, one->second);
    check(one->first);
  }
  /// All is read, and every answer comes.
  void finish() {
    while (!sent_.empty()) {
      const auto number = sent_.begin()->first;
      seal(number, sent_.begin()->second);
      check(number);
      if (const auto one = sent_.find(number); one != sent_.end()) {
        answer(number, one->second);
        check(number);
      }
    }
  }

private:
  /// Each as likely, in the first runs too.
  static int below(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)); }
  std::string next_line() { return std::string(static_cast<std::size_t>(below(9)), 'x') + "!"; }

  void happen(std::uint64_t number, sent_batch& one) {
    switch (below(6)) {
      case 0:
      case 1:
        return expect(number, one);
      case 2:
        return answer(number, one);
      case 3:
        return withdraw(number, one);
      case 4:
        one.answers.push_back(next_line());
        return subject_.refuse(number, one.answers.back());
      default:
        return below(3) == 0 ? seal(number, one) : expect(number, one);
    }
  }
  void expect(std::uint64_t number, sent_batch& one) {
    const auto id = any_id();
    const bool is_awaited =
      std::find(one.awaited.begin(), one.awaited.end(), id) != one.awaited.end();
    if (one.is_read || is_awaited) {
      return; // refused by whoever reads it
    }
    subject_.expect(number, id);
    one.awaited.push_back(id);
    if (std::find(one.requests.begin(), one.requests.end(), id) == one.requests.end()) {
      one.requests.push_back(id);
    }
  }
  void answer(std::uint64_t number, sent_batch& one) {
    if (one.awaited.empty()) {
      return;
    }
    one.awaited.erase(one.awaited.begin() + below(static_cast<int>(one.awaited.size())));
    if (below(2) == 0) {
      one.calls.push_back(call_id{++calls_});
      subject_.carry(number, one.calls.back());
    }
    one.answers.push_back(next_line());
    subject_.answer(number, one.answers.back());
  }
  void withdraw(std::uint64_t number, sent_batch& one) {
    if (one.awaited.empty()) {
      return;
    }
    const auto id = one.awaited.back();
    one.awaited.pop_back();
    one.requests.erase(std::find(one.requests.begin(), one.requests.end(), id));
    subject_.withdraw(number, id);
  }
  void seal(std::uint64_t number, sent_batch& one) {
    one.is_read = true;
    subject_.seal(number);
  }

  void check(std::uint64_t number) {
    const auto& one = sent_.at(number);
    std::size_t bytes = 0;
    for (const auto& line : one.answers) {
      bytes += line.size() + 1;
    }
    RC_ASSERT(subject_.bytes(number) == bytes);
    RC_ASSERT(subject_.requests(number) == one.requests);
    const auto complete = subject_.take_if_complete(number);
    RC_ASSERT(complete.has_value() == (one.is_read && one.awaited.empty()));
    if (complete) {
      RC_ASSERT(complete->answers == one.answers);
      RC_ASSERT(complete->requests == one.requests);
      RC_ASSERT(complete->calls == one.calls);
      sent_.erase(number);
    }
  }

  open_batches subject_;
  std::map<std::uint64_t, sent_batch> sent_;
  std::uint64_t last_ = 0;
  std::uint64_t calls_ = 0;
};

RC_GTEST_PROP(open_batches, leave_whole_and_once_when_nothing_is_awaited_any_more, ()) {
  batches all;
  const auto length = *rc::gen::inRange(0, 100);
  for (int done = 0; done < length; ++done) {
    all.step();
  }
  all.finish();
}

} // namespace
} // namespace nats_mcp::mcp::open_batches_test
