// SPDX-License-Identifier: MIT
#include "transport/http/event_board.hpp"

#include "protocol/limits/http.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

event_board::page::page(event_board& board)
  : board_{board}
  , bell_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (!bell_) {
    throw std::system_error{errno, std::generic_category(), "eventfd"};
  }
}

event_board::page::~page() { board_.take_out(this); }

void event_board::page::ring() const noexcept {
  const std::uint64_t one = 1;
  // Fails only when it rings already.
  [[maybe_unused]] const auto written = ::write(bell_.number(), &one, sizeof one);
}

std::vector<event_board::numbered_event> event_board::page::news(std::uint64_t after) {
  const std::lock_guard lock{board_.mutex_};
  std::uint64_t rung = 0;
  [[maybe_unused]] const auto count = ::read(bell_.number(), &rung, sizeof rung);
  std::vector<numbered_event> out;
  std::copy_if(board_.parts_.begin(), board_.parts_.end(), std::back_inserter(out),
               [after](const auto& part) { return part.number > after; });
  return out;
}

event_board::event_board(std::function<void()> on_pages, std::string incarnation)
  : on_pages_{std::move(on_pages)}
  , incarnation_{std::move(incarnation)} {
  // nop
}

std::unique_ptr<event_board::page> event_board::open_page() {
  auto out = std::make_unique<page>(*this);
  bool is_first = false;
  {
    const std::lock_guard lock{mutex_};
    if (is_closed_ || pages_.size() >= limits::http_pages_max) {
      return nullptr;
    }
    is_first = pages_.empty();
    if (is_first) {
      parts_.clear(); // nobody has looked since the last page was closed
      ++audiences_;
    }
    pages_.push_back(out.get());
    out->ring();
  }
  if (is_first) {
    on_pages_();
  }
  return out;
}

void event_board::take_out(const page* gone) {
  bool was_last = false;
  {
    const std::lock_guard lock{mutex_};
    was_last = std::erase(pages_, gone) > 0 && pages_.empty();
  }
  if (was_last) {
    on_pages_();
  }
}

std::uint64_t event_board::audience() const {
  const std::lock_guard lock{mutex_};
  return pages_.empty() ? 0 : audiences_;
}

void event_board::publish(std::vector<coordination::overview_event> changed) {
  const std::lock_guard lock{mutex_};
  for (auto& event : changed) {
    std::erase_if(parts_, [&](const auto& part) { return part.event.name == event.name; });
    parts_.push_back({++last_number_, std::move(event)});
  }
  for (const auto* one : pages_) {
    one->ring();
  }
}

void event_board::close() {
  const std::lock_guard lock{mutex_};
  is_closed_ = true;
  for (const auto* one : pages_) {
    one->ring();
  }
}

bool event_board::is_closed() const {
  const std::lock_guard lock{mutex_};
  return is_closed_;
}

} // namespace nats_mcp::transport
