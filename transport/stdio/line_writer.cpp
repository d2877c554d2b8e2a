// SPDX-License-Identifier: MIT
#include "transport/stdio/line_writer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

/// Lines queued together are written together, in pieces of about this size.
constexpr std::size_t piece_bytes = 64 * 1024;
/// A rare large answer does not keep its memory for ever.
constexpr std::size_t gathered_capacity_kept = 256 * 1024;

mode_t kind_of(int descriptor_number) {
  struct stat status {};
  return ::fstat(descriptor_number, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

/// The same pipe by a description of our own, which may be non-blocking; none where there is no
/// /proc.
int reopen_pipe(int descriptor_number) {
  if (kind_of(descriptor_number) != S_IFIFO) {
    return -1;
  }
  const auto name = "/proc/self/fd/" + std::to_string(descriptor_number);
  return ::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

bool is_writable(int descriptor_number) {
  pollfd waiting{descriptor_number, POLLOUT, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

} // namespace

line_writer::line_writer(options choice)
  : options_{std::move(choice)}
  , is_socket_{kind_of(options_.descriptor_number) == S_IFSOCK}
  , is_file_{kind_of(options_.descriptor_number) == S_IFREG}
  , own_pipe_{reopen_pipe(options_.descriptor_number)} {
  // nop
}

line_writer::~line_writer() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  wake_up_.ring();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void line_writer::write(std::string_view line) {
  std::lock_guard lock{mutex_};
  if (!closed_) {
    gathered_ += line;
    gathered_ += '\n';
    taken_ += line.size() + 1;
    note_congestion();
  }
}

void line_writer::push() {
  bool found_closed = false;
  bool drained = false;
  {
    std::lock_guard lock{mutex_};
    std::string_view rest = gathered_;
    if (rest.empty()) {
      return;
    }
    if (queue_.empty() && write_now(rest) == attempt::closed) {
      close_output();
      found_closed = true;
    } else {
      if (!rest.empty()) {
        enqueue(rest);
      }
      gathered_.clear();
      if (gathered_.capacity() > gathered_capacity_kept) {
        gathered_.shrink_to_fit();
      }
      drained = take_drained();
    }
  }
  if (found_closed) {
    options_.on_closed();
  } else if (drained) {
    options_.on_drained();
  }
}

bool line_writer::congested() const {
  std::lock_guard lock{mutex_};
  return congested_;
}

std::uint64_t line_writer::taken() const {
  std::lock_guard lock{mutex_};
  return taken_;
}

std::uint64_t line_writer::sent() const {
  std::lock_guard lock{mutex_};
  return sent_so_far();
}

std::uint64_t line_writer::sent_so_far() const {
  return closed_ ? sent_when_closed_ : taken_ - gathered_.size() - queued_bytes_;
}

bool line_writer::closed() const {
  std::lock_guard lock{mutex_};
  return closed_;
}

bool line_writer::flush(monotonic_time deadline) {
  push();
  std::unique_lock lock{mutex_};
  return changed_.wait_until(lock, deadline, [this] { return queue_.empty(); });
}

line_writer::attempt line_writer::write_some(std::string_view bytes, std::size_t& written) const {
  ssize_t count = -1;
  do {
    if (is_socket_) {
      count =
        ::send(options_.descriptor_number, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } else if (own_pipe_.number() >= 0) {
      count = ::write(own_pipe_.number(), bytes.data(), bytes.size());
    } else if (is_file_) {
      count = ::write(options_.descriptor_number, bytes.data(), bytes.size());
    } else if (is_writable(options_.descriptor_number)) {
      count = ::write(options_.descriptor_number, bytes.data(),
                      std::min<std::size_t>(bytes.size(), PIPE_BUF));
    } else {
      return attempt::would_block;
    }
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    // Whatever else is wrong with the client's end, it will not get better.
    return errno == EAGAIN || errno == EWOULDBLOCK ? attempt::would_block : attempt::closed;
  }
  written = static_cast<std::size_t>(count);
  return attempt::wrote;
}

line_writer::attempt line_writer::write_now(std::string_view& bytes) const {
  while (!bytes.empty()) {
    std::size_t written = 0;
    if (const auto outcome = write_some(bytes, written); outcome != attempt::wrote) {
      return outcome;
    }
    bytes.remove_prefix(written);
  }
  return attempt::wrote;
}

void line_writer::enqueue(std::string_view bytes) {
  queued_bytes_ += bytes.size();
  queued_ = true;
  if (queue_.size() > 1 && queue_.back().size() + bytes.size() <= piece_bytes) {
    queue_.back() += bytes;
  } else {
    queue_.emplace_back(bytes);
  }
  if (!thread_.joinable()) {
    thread_ = std::thread{[this] { write_queued(); }};
  }
  changed_.notify_all();
}

void line_writer::note_congestion() {
  congested_ = congested_ || queued_bytes_ + gathered_.size() > options_.congested_bytes;
}

bool line_writer::take_drained() {
  const bool relieved = congested_ && queued_bytes_ + gathered_.size() <= options_.drained_bytes;
  const bool emptied = queued_ && queue_.empty();
  congested_ = congested_ && !relieved;
  queued_ = queued_ && !emptied;
  return relieved || emptied;
}

void line_writer::write_queued() {
  while (true) {
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return stopping_ || closed_ || !queue_.empty(); });
      if (stopping_ || closed_) {
        return;
      }
    }
    if (!wait_until_writable()) {
      return;
    }
    bool drained = false;
    bool found_closed = false;
    {
      std::lock_guard lock{mutex_};
      found_closed = write_front() == attempt::closed;
      if (found_closed) {
        close_output();
      } else {
        drained = take_drained();
      }
    }
    if (found_closed) {
      options_.on_closed();
    } else if (drained) {
      options_.on_drained();
    }
  }
}

line_writer::attempt line_writer::write_front() {
  if (queue_.empty()) {
    return attempt::wrote;
  }
  std::size_t written = 0;
  const auto outcome = write_some(std::string_view{queue_.front()}.substr(front_written_), written);
  front_written_ += written;
  queued_bytes_ -= written;
  if (front_written_ == queue_.front().size()) {
    queue_.pop_front();
    front_written_ = 0;
  }
  if (queue_.empty()) {
    changed_.notify_all(); // a flush may be waiting
  }
  return outcome;
}

void line_writer::close_output() {
  sent_when_closed_ = sent_so_far();
  closed_ = true;
  congested_ = false;
  gathered_.clear();
  queue_.clear();
  front_written_ = 0;
  queued_bytes_ = 0;
  changed_.notify_all();
}

bool line_writer::wait_until_writable() const {
  std::array<pollfd, 2> waiting{
    {{options_.descriptor_number, POLLOUT, 0}, {wake_up_.number(), POLLIN, 0}}};
  while (true) {
    const auto ready = ::poll(waiting.data(), waiting.size(), -1);
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    return waiting[1].revents == 0;
  }
}

} // namespace nats_mcp::transport
