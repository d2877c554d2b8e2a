// SPDX-License-Identifier: MIT
// What open pages show now: the last event of each part, numbered. A page that reads slowly skips
// what is out of date by the time it gets there, so that nothing queues up for it.
#pragma once

#include "protocol/coordination/overview.hpp"
#include "protocol/http/event_stream.hpp"

#include "transport/process/descriptor.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nats_mcp::transport {

/// @threadsafe
class event_board {
public:
  struct numbered_event {
    std::uint64_t number = 0;
    coordination::overview_event event;
  };

  /// One open page, as long as it lives. Of one thread, but for what the board does with it.
  class page {
  public:
    explicit page(event_board& board);
    ~page();
    page(const page&) = delete;
    page& operator=(const page&) = delete;

    /// Readable when there is news, or when the board was closed.
    [[nodiscard]] int number() const noexcept { return bell_.number(); }
    /// Everything newer than `after`, in order. Silences the bell.
    [[nodiscard]] std::vector<numbered_event> news(std::uint64_t after);

  private:
    friend class event_board;
    void ring() const noexcept;

    event_board& board_;
    descriptor bell_;
  };

  /// @param on_pages is called by any thread when the first page was opened or the last one closed;
  /// must not block.
  /// @param incarnation stands in the ids of events, and tells this board's from another's.
  event_board(std::function<void()> on_pages, std::string incarnation);

  // -- the threads -----------------------------------------------------------------------------

  /// Null: as many are open as may be, or nobody publishes any more.
  [[nodiscard]] std::unique_ptr<page> open_page();
  [[nodiscard]] const std::string& incarnation() const noexcept { return incarnation_; }

  // -- the actor -------------------------------------------------------------------------------

  /// 0 while no page is open; otherwise the number of the present time in which some are, without a
  /// gap. A new one begins with an empty board.
  [[nodiscard]] std::uint64_t audience() const;
  /// Replaces the parts of these names; pages are told.
  void publish(std::vector<coordination::overview_event> changed);

  /// Every page is to end.
  void close();
  [[nodiscard]] bool is_closed() const;

private:
  void take_out(const page* gone);

  const std::function<void()> on_pages_;
  const std::string incarnation_;
  mutable std::mutex mutex_;
  /// One for each name, in the order of their numbers.
  std::vector<numbered_event> parts_;
  std::vector<page*> pages_;
  std::uint64_t last_number_ = 0;
  std::uint64_t audiences_ = 0;
  bool is_closed_ = false;
};

} // namespace nats_mcp::transport
