// SPDX-License-Identifier: MIT
// What the HTTP server and the actor behind it share, and both outlive a crash of: questions, and
// what open pages show.
#pragma once

#include "transport/http/event_board.hpp"
#include "transport/http/question_desk.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace nats_mcp::transport {

/// @threadsafe
class http_door {
public:
  /// @param incarnation see `event_board`.
  explicit http_door(std::string incarnation)
    : desk{[this] { wake(); }}
    , board{[this] { wake(); }, std::move(incarnation)} {
    // nop
  }

  /// From now on `on_news` is called, by any thread, when there is a question or the first page was
  /// opened or the last one closed; it must not block. @returns the number to `detach` with.
  [[nodiscard]] std::uint64_t attach(std::function<void()> on_news) {
    const std::lock_guard lock{mutex_};
    on_news_ = std::move(on_news);
    return ++attached_;
  }

  /// Nobody is told any more, unless somebody else has attached meanwhile.
  void detach(std::uint64_t number) {
    const std::lock_guard lock{mutex_};
    if (number == attached_) {
      on_news_ = nullptr;
    }
  }

  /// Nobody is served any more.
  void close() {
    desk.close();
    board.close();
  }

private:
  void wake() {
    const std::lock_guard lock{mutex_};
    if (on_news_) {
      on_news_();
    }
  }

  std::mutex mutex_;
  std::function<void()> on_news_;
  std::uint64_t attached_ = 0;

public:
  question_desk desk;
  event_board board;
};

} // namespace nats_mcp::transport
