// SPDX-License-Identifier: MIT
#include "transport/signals/signal_thread.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <poll.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

sigset_t termination_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGINT);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGHUP);
  return set;
}

std::optional<termination_signal> from_number(std::uint32_t number) {
  switch (number) {
    case SIGINT:
      return termination_signal::interrupt;
    case SIGTERM:
      return termination_signal::terminate;
    case SIGHUP:
      return termination_signal::hang_up;
    default:
      return std::nullopt;
  }
}

} // namespace

std::string_view to_string(termination_signal value) noexcept {
  switch (value) {
    case termination_signal::interrupt:
      return "SIGINT";
    case termination_signal::terminate:
      return "SIGTERM";
    case termination_signal::hang_up:
      return "SIGHUP";
  }
  return "SIGTERM";
}

void prepare_signals() {
  const auto set = termination_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

signal_thread::signal_thread(std::function<void(termination_signal)> on_signal)
  : on_signal_{std::move(on_signal)} {
  const auto set = termination_signals();
  signals_ = descriptor{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (!signals_) {
    throw std::system_error{errno, std::generic_category(), "signalfd"};
  }
  thread_ = std::thread{[this] { wait_for_signals(); }};
}

signal_thread::~signal_thread() {
  stop_.ring();
  thread_.join();
}

void signal_thread::wait_for_signals() {
  std::array<pollfd, 2> waiting{{{signals_.number(), POLLIN, 0}, {stop_.number(), POLLIN, 0}}};
  while (true) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0) {
      continue; // interrupted: nothing else can fail here
    }
    if (waiting[1].revents != 0) {
      return;
    }
    signalfd_siginfo arrived{};
    if (::read(signals_.number(), &arrived, sizeof arrived) != sizeof arrived) {
      continue;
    }
    if (const auto known = from_number(arrived.ssi_signo)) {
      on_signal_(*known);
    }
  }
}

} // namespace nats_mcp::transport
