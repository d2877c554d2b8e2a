// SPDX-License-Identifier: MIT
#include "transport/log/logger.hpp"

#include "protocol/limits.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <mutex>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

spdlog::level::level_enum to_spdlog(logging::level value) noexcept {
  switch (value) {
    case logging::level::debug:
      return spdlog::level::debug;
    case logging::level::info:
      return spdlog::level::info;
    case logging::level::warning:
      return spdlog::level::warn;
    case logging::level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

} // namespace

/// Writes whole lines to a descriptor that may be a pipe nobody reads. It cannot be made
/// non-blocking, since its description is shared with the process that started this one.
class logger::sink : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit sink(int descriptor_number)
    : descriptor_number_{descriptor_number} {
    set_formatter_(std::make_unique<spdlog::pattern_formatter>("%v"));
  }

  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

  /// Whether a line would get through now.
  [[nodiscard]] bool writable() const noexcept {
    pollfd waiting{descriptor_number_, POLLOUT, 0};
    return ::poll(&waiting, 1, 0) > 0;
  }

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    if (!write_all({formatted.data(), formatted.size()})) {
      ++dropped_;
    }
  }

  void flush_() override {
    // nop: every line has been handed over
  }

private:
  /// In steps of what a writable pipe takes without blocking. After a stall it does not wait again
  /// until something was read, so that a dead reader costs its wait once and not for every line.
  bool write_all(std::string_view bytes) {
    // The reader must not take the rest of one line and the beginning of another for one.
    std::string whole = cut_short_ ? "\n" : "";
    whole += bytes;
    std::string_view rest = whole;
    const auto wait =
      stalled_ ? std::chrono::milliseconds{0} : std::chrono::milliseconds{limits::log_wait_max};
    while (!rest.empty()) {
      pollfd waiting{descriptor_number_, POLLOUT, 0};
      const auto ready = ::poll(&waiting, 1, static_cast<int>(wait.count()));
      if (ready < 0 && errno == EINTR) {
        continue;
      }
      const auto count = ready > 0 ? ::write(descriptor_number_, rest.data(),
                                             std::min<std::size_t>(rest.size(), PIPE_BUF))
                                   : -1;
      if (count < 0 && ready > 0 && errno == EINTR) {
        continue;
      }
      if (count < 0) {
        stalled_ = true;
        cut_short_ = cut_short_ || rest.size() < whole.size();
        return false;
      }
      stalled_ = false;
      cut_short_ = false;
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  const int descriptor_number_;
  std::atomic<std::uint64_t> dropped_{0};
  bool stalled_ = false;
  bool cut_short_ = false;
};

class logger::implementation {
public:
  explicit implementation(options choice)
    : sink_{std::make_shared<sink>(choice.descriptor_number)}
    , backend_{"nats-mcp-server", sink_}
    , now_{std::move(choice.now)}
    , form_{choice.form} {
    set_least(choice.least);
  }

  void write(const logging::event& happened) {
    if (!enabled(happened.severity)) {
      return;
    }
    report_dropped();
    emit(happened);
  }

  [[nodiscard]] bool enabled(logging::level severity) const noexcept {
    return backend_.should_log(to_spdlog(severity));
  }

  void set_least(logging::level least) noexcept { backend_.set_level(to_spdlog(least)); }
  void set_form(logging::format form) noexcept { form_ = form; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return sink_->dropped(); }

private:
  void emit(const logging::event& happened) {
    const auto time = now_();
    const auto line = form_ == logging::format::json ? logging::to_json_line(happened, time)
                                                     : logging::to_text_line(happened, time);
    backend_.log(to_spdlog(happened.severity), spdlog::string_view_t{line.data(), line.size()});
  }

  void report_dropped() {
    const auto all = sink_->dropped();
    if (all == reported_ || !sink_->writable()) {
      return;
    }
    if (const auto reported = reported_.exchange(all); reported < all) {
      emit({logging::level::warning,
            "log",
            "log.dropped",
            "Nobody read standard error for a while, so log lines are missing here.",
            {{"lines", static_cast<std::int64_t>(all - reported)}}});
    }
  }

  std::shared_ptr<sink> sink_;
  spdlog::logger backend_;
  std::function<wall_time()> now_;
  std::atomic<logging::format> form_;
  std::atomic<std::uint64_t> reported_{0};
};

logger::logger(options choice)
  : implementation_{std::make_unique<implementation>(std::move(choice))} {
  // nop
}

logger::~logger() = default;

void logger::write(const logging::event& happened) { implementation_->write(happened); }

bool logger::enabled(logging::level severity) const noexcept {
  return implementation_->enabled(severity);
}

void logger::set_least(logging::level least) noexcept { implementation_->set_least(least); }

void logger::set_form(logging::format form) noexcept { implementation_->set_form(form); }

std::uint64_t logger::dropped() const noexcept { return implementation_->dropped(); }

} // namespace nats_mcp::transport
