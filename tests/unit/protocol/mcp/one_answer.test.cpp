// SPDX-License-Identifier: MIT
// The promise behind everything: whatever the order of calls, answers and withdrawals, every
// request is answered exactly once, a withdrawn one never, and nothing owed is forgotten.
#include "tests/unit/protocol/mcp/session_fixture.hpp"

#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace nats_mcp::mcp::one_answer_test {
namespace {

struct step {
  enum class kind {
    legacy_call,
    modern_call,
    read,
    batch,
    ping,
    answer,
    report,
    cancel,
    duplicate
  };
  kind what = kind::ping;
  /// Which of the things at hand it is about.
  unsigned choice = 0;
};

rc::Gen<step> any_step() {
  return rc::gen::build<step>(
    rc::gen::set(&step::what, rc::gen::element(
                                step::kind::legacy_call, step::kind::modern_call, step::kind::read,
                                step::kind::batch, step::kind::ping, step::kind::answer,
                                step::kind::report, step::kind::cancel, step::kind::duplicate)),
    rc::gen::set(&step::choice, rc::gen::inRange(0U, 1000U)));
}

/// Plays a client and the tools, and keeps the books.
class world {
public:
  world() { take(subject_.on_line(hello, now_)); }

  void play(const step& next) {
    now_ += std::chrono::milliseconds{37};
    switch (next.what) {
      case step::kind::legacy_call:
        return request(call_line(fresh(), ""));
      case step::kind::modern_call:
        return request(call_line(fresh(), "," + modern_meta));
      case step::kind::read:
        return request(read_line(fresh(), next.choice % 2 == 0 ? "" : "," + modern_meta));
      case step::kind::batch:
        return request('[' + call_line(fresh(), "") + ',' + ping_line(fresh()) + ','
                       + read_line(fresh(), "") + ',' + call_line(fresh(), "") + ']');
      case step::kind::ping:
        return request(ping_line(fresh()));
      case step::kind::answer:
        return with_call(next.choice, [&](call_id call) {
          if (reads_.count(call) == 0) {
            take(subject_.on_answer(call, says("done"), now_));
          } else if (next.choice % 2 == 0) {
            take(subject_.on_resource(call, "text", now_));
          } else {
            take(subject_.on_resource(call, fail(ec::timeout, "No."), now_));
          }
          calls_.erase(call);
        });
      case step::kind::report:
        return with_call(next.choice, [&](call_id call) {
          take(
            subject_.on_progress(call, {static_cast<double>(next.choice), std::nullopt, ""}, now_));
        });
      case step::kind::cancel:
        return cancel(next.choice % (last_ + 1));
      case step::kind::duplicate:
        return duplicate(next.choice);
    }
  }

  void finish() { take(subject_.finish("The end.")); }

  void check() const {
    for (unsigned id = 1; id <= last_; ++id) {
      const auto found = answers_.find(id);
      const auto answers = found == answers_.end() ? 0 : found->second;
      RC_ASSERT(answers == (withdrawn_.count(id) != 0 ? 0 : 1));
    }
    RC_ASSERT(owed_.empty());
    RC_ASSERT(subject_.calls_in_flight() == 0U);
  }

private:
  static constexpr std::string_view hello =
    R"({"jsonrpc":"2.0","id":"h","method":"initialize","params":{"protocolVersion":"2025-03-26"}})";

  static std::string call_line(unsigned id, const std::string& more) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id)
           + R"(,"method":"tools/call","params":{"name":"echo")" + more + "}}";
  }

  static std::string read_line(unsigned id, const std::string& more) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id)
           + R"(,"method":"resources/read","params":{"uri":"x://inbox")" + more + "}}";
  }

  static std::string ping_line(unsigned id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"ping"})";
  }

  unsigned fresh() { return ++last_; }

  void request(const std::string& line) { take(subject_.on_line(line, now_)); }

  template <class Action>
  void with_call(unsigned choice, Action action) {
    if (!calls_.empty()) {
      action(*std::next(calls_.begin(), choice % calls_.size()));
    }
  }

  void cancel(unsigned id) {
    const auto before = subject_.calls_in_flight();
    take(subject_.on_line(
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)"
        + std::to_string(id) + "}}",
      now_));
    if (subject_.calls_in_flight() < before) {
      RC_ASSERT(withdrawn_.insert(id).second);
    }
  }

  /// Sends the id of a running call again: one refusal, and the call is not touched.
  void duplicate(unsigned choice) {
    if (owed_.empty()) {
      return;
    }
    const auto id =
      std::next(owed_.begin(), static_cast<std::ptrdiff_t>(choice % owed_.size()))->text;
    const auto running = subject_.calls_in_flight();
    const auto effects = subject_.on_line(R"({"jsonrpc":"2.0","id":)" + id
                                            + R"(,"method":"tools/call","params":{"name":"echo"}})",
                                          now_);
    if (only<start_call>(effects).empty()) {
      RC_ASSERT(lines_of(effects).size() == 1U);
      RC_ASSERT(subject_.calls_in_flight() == running);
    } else {
      // A member of a batch that was answered inside it: its id is free again.
      for (const auto& started : only<start_call>(effects)) {
        (void)subject_.on_line(
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id
            + "}}",
          now_);
        RC_ASSERT(subject_.on_answer(started.call, says("late"), now_).empty());
      }
    }
  }

  void take(const std::vector<effect>& effects) {
    for (const auto& any : effects) {
      if (const auto* promise = std::get_if<owe>(&any)) {
        RC_ASSERT(owed_.insert(promise->answer.id).second);
      } else if (const auto* started = std::get_if<start_call>(&any)) {
        calls_.insert(started->call);
      } else if (const auto* read = std::get_if<read_resource>(&any)) {
        calls_.insert(read->call);
        reads_.insert(read->call);
      } else if (const auto* sent = std::get_if<send_line>(&any)) {
        for (const auto& id : sent->settles) {
          RC_ASSERT(owed_.erase(id) == 1U);
        }
        count(sent->line);
      }
    }
  }

  void count(const std::string& line) {
    if (line.empty()) {
      return;
    }
    const auto document = json::parse(line).value();
    if (!document.is_array()) {
      return count(document);
    }
    for (const auto& member : document) {
      count(member);
    }
  }

  void count(const json::value& answer) {
    const auto* id = json::find(answer, "id");
    if (id != nullptr && id->is_number_unsigned()) {
      ++answers_[id->get<unsigned>()];
    }
  }

  session subject_{with_resources(), {}};
  monotonic_time now_{std::chrono::hours{1}};
  unsigned last_ = 0;
  std::set<call_id> calls_;
  /// Those that read a resource.
  std::set<call_id> reads_;
  std::set<jsonrpc::request_id> owed_;
  std::map<unsigned, int> answers_;
  std::set<unsigned> withdrawn_;
};

RC_GTEST_PROP(session_property, answers_every_request_exactly_once, ()) {
  world everything;
  for (const auto& next : *rc::gen::container<std::vector<step>>(any_step())) {
    everything.play(next);
  }
  everything.finish();
  everything.check();
}

} // namespace
} // namespace nats_mcp::mcp::one_answer_test
