// SPDX-License-Identifier: MIT
#include "transport/stdio/line_reader.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nats_mcp::transport {

line_reader::line_reader(int descriptor_number, input_queue& queue,
                         std::function<void(std::size_t)> before_waiting)
  : descriptor_number_{descriptor_number}
  , queue_{queue}
  , before_waiting_{std::move(before_waiting)} {
  // nop
}

line_reader::~line_reader() {
  stop();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void line_reader::start() {
  thread_ = std::thread{[this] { read_all(); }};
}

void line_reader::stop() {
  queue_.close(); // ends a wait for room
  wake_up_.ring();
}

void line_reader::read_all() {
  std::vector<char> buffer(limits::read_chunk_bytes);
  while (wait_for_bytes() == wait_result::readable) {
    const auto count = ::read(descriptor_number_, buffer.data(), buffer.size());
    if (count > 0) {
      if (!deliver({buffer.data(), static_cast<std::size_t>(count)})) {
        break;
      }
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
      if (auto last = framing_.end_of_stream(); !last || deliver(std::move(*last))) {
        queue_.end();
      }
      break;
    }
  }
  announce_wait(); // for the last time: whoever was woken is not left behind
}

line_reader::wait_result line_reader::wait_for_bytes() const {
  std::array<pollfd, 2> waiting{{{descriptor_number_, POLLIN, 0}, {wake_up_.number(), POLLIN, 0}}};
  while (true) {
    const auto ready = ::poll(waiting.data(), waiting.size(), -1);
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    return waiting[1].revents != 0 ? wait_result::stopped : wait_result::readable;
  }
}

bool line_reader::deliver(std::string_view chunk) {
  for (auto& line : framing_.feed(chunk)) {
    if (!deliver(std::move(line))) {
      return false;
    }
  }
  announce_wait();
  return true;
}

void line_reader::announce_wait() {
  if (before_waiting_) {
    before_waiting_(std::exchange(lines_handed_over_, 0));
  }
}

bool line_reader::deliver(jsonrpc::framed_line line) {
  input next{input_kind::overlong_line, nullptr};
  if (line.condition == jsonrpc::framed_line::state::complete) {
    next = {input_kind::line, std::make_shared<const std::string>(std::move(line.text))};
  }
  if (!queue_.takes(next)) {
    announce_wait();
  }
  ++lines_handed_over_;
  return queue_.push(std::move(next));
}

} // namespace nats_mcp::transport
