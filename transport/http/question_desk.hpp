// SPDX-License-Identifier: MIT
// Where the threads that serve HTTP meet the actor that answers: a thread leaves a question and
// waits, at most until its deadline; the actor takes what is there and answers when it can. Outside
// the actor, so that a crash of it leaves nobody waiting.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::transport {

enum class question_kind : std::uint8_t { metrics, readiness, retry, discard };

struct question {
  question_kind kind = question_kind::metrics;
  /// Of a retry or discard.
  std::string item_id;
  /// When whatever it starts has to be over.
  monotonic_time deadline{};
};

enum class question_id : std::uint64_t {};

struct taken_question {
  question_id id{};
  question what;
};

/// @threadsafe
class question_desk {
public:
  /// @param on_question is called by any thread when there is another question; must not block.
  explicit question_desk(std::function<void()> on_question);

  // -- the threads -----------------------------------------------------------------------------

  /// Asks and waits, until `give_up_at` at most. Errors: `busy` when too many wait already,
  /// `timeout` and `unknown_outcome` (of a change the actor has taken), `unavailable` after
  /// `close`, and the actor's own.
  [[nodiscard]] result<std::string> ask(question what, monotonic_time give_up_at);

  // -- the actor -------------------------------------------------------------------------------

  /// What has not been taken yet.
  [[nodiscard]] std::vector<taken_question> take();
  /// Answers one; nobody may be waiting for it any more.
  void answer(question_id id, result<std::string> text);
  /// A new incarnation begins: what the former one took is answered with `crashed`.
  void answer_for_predecessor();

  /// Nobody will answer any more: everybody who waits or comes is told so.
  void close();

private:
  struct open_question {
    question what;
    bool is_taken = false;
    std::optional<result<std::string>> text;
  };

  std::function<void()> on_question_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::map<question_id, open_question> open_;
  std::uint64_t last_id_ = 0;
  bool is_closed_ = false;
};

} // namespace nats_mcp::transport
