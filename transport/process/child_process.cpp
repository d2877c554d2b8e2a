// SPDX-License-Identifier: MIT
// Between fork and exec only async-signal-safe calls are made: other threads may have held any lock
// at the moment of the fork. Whatever needs memory is prepared before.
#include "transport/process/child_process.hpp"

#include "transport/process/process_handle.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

/// Where descriptors are parked while they are put into place; above every target in use.
constexpr int parking_first = 64;
constexpr int signal_last = 64;

/// What the child tells the parent through the pipe that closes at a successful exec.
struct child_report {
  pid_t pid = 0;
  int error_number = 0;
};

/// Everything the child needs, as plain pointers.
class prepared_child {
public:
  explicit prepared_child(const child_options& options)
    : options_(options) {
    executable_ = options.executable.string();
    directory_ = options.working_directory.string();
    arguments_.push_back(executable_.data());
    for (const auto& argument : options.arguments) {
      arguments_.push_back(const_cast<char*>(argument.c_str())); // NOLINT: exec's old signature
    }
    arguments_.push_back(nullptr);
    if (options.environment) {
      for (const auto& variable : *options.environment) {
        environment_.push_back(const_cast<char*>(variable.c_str())); // NOLINT
      }
      environment_.push_back(nullptr);
    }
    descriptors_ = options.descriptors;
    for (int standard = 0; standard <= 2; ++standard) {
      const auto listed = std::any_of(descriptors_.begin(), descriptors_.end(),
                                      [&](const auto& entry) { return entry.target == standard; });
      if (!listed) {
        descriptors_.push_back({-1, standard});
      }
    }
  }

  /// In the child: becomes the program, or reports why not. Async-signal-safe.
  [[noreturn]] void execute(pid_t parent, int report) noexcept {
    if (options_.parent_death_signal != 0) {
      ::prctl(PR_SET_PDEATHSIG, options_.parent_death_signal);
      if (::getppid() != parent) {
        ::_exit(127); // the parent died before the line above: nobody will send the signal
      }
    }
    if (options_.session == child_session::own) {
      ::setsid();
    }
    restore_signals();
    if (!directory_.empty() && ::chdir(directory_.c_str()) != 0) {
      give_up(report);
    }
    report = place_descriptors(report);
    if (environment_.empty()) {
      ::execv(executable_.c_str(), arguments_.data());
    } else {
      ::execve(executable_.c_str(), arguments_.data(), environment_.data());
    }
    give_up(report);
  }

  [[noreturn]] static void give_up(int report) noexcept {
    const child_report failure{0, errno};
    [[maybe_unused]] const auto written = ::write(report, &failure, sizeof failure);
    ::_exit(127);
  }

private:
  static void restore_signals() noexcept {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number <= signal_last; ++number) {
      ::sigaction(number, &standard, nullptr);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
  }

  /// First all sources move out of the way, then each takes its place: targets may be sources.
  int place_descriptors(int report) noexcept {
    report = ::fcntl(report, F_DUPFD_CLOEXEC, parking_first);
    for (auto& entry : descriptors_) {
      if (entry.source < 0) {
        entry.source = ::open("/dev/null", O_RDWR | O_CLOEXEC);
      }
      entry.source = ::fcntl(entry.source, F_DUPFD_CLOEXEC, parking_first);
      if (entry.source < 0) {
        give_up(report);
      }
    }
    if (::close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC) != 0) {
      // A kernel before 5.11: one by one.
      for (int number = 3; number < 65536; ++number) {
        ::fcntl(number, F_SETFD, FD_CLOEXEC);
      }
    }
    for (const auto& entry : descriptors_) {
      if (::dup2(entry.source, entry.target) < 0) {
        give_up(report);
      }
    }
    return report;
  }

  const child_options& options_;
  std::string executable_;
  std::string directory_;
  std::vector<char*> arguments_;
  std::vector<char*> environment_;
  std::vector<inherited_descriptor> descriptors_;
};

/// Keeps every signal away while a fork is under way, so that no handler of ours runs in the child.
class signals_blocked {
public:
  signals_blocked() noexcept {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

private:
  sigset_t before_{};
};

/// Reads reports until the pipe closes: by exec (the last report holds) or by death.
child_report read_report(int pipe) noexcept {
  child_report last;
  child_report next;
  for (;;) {
    const auto count = ::read(pipe, &next, sizeof next);
    if (count == sizeof next) {
      last.pid = next.pid != 0 ? next.pid : last.pid;
      last.error_number = next.error_number != 0 ? next.error_number : last.error_number;
    } else if (count >= 0 || errno != EINTR) {
      return last;
    }
  }
}

void reap(pid_t pid) noexcept {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    // nop
  }
}

tl::unexpected<error> not_started(const child_options& options, int error_number) {
  return tl::make_unexpected(
    system_failure("Cannot start the program " + options.executable.string(), error_number));
}

} // namespace

std::string to_string(const exit_status& status) {
  if (status.code) {
    return "exited with code " + std::to_string(*status.code);
  }
  const auto number = status.signal.value_or(0);
  return "was ended by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
}

// -- constructors, destructors, and assignment operators -----------------------------------------

child_process::child_process(pid_t pid, descriptor exit) noexcept
  : pid_(pid)
  , exit_(std::move(exit)) {
  // nop
}

child_process::child_process(child_process&& other) noexcept
  : pid_(std::exchange(other.pid_, -1))
  , exit_(std::move(other.exit_))
  , status_(std::move(other.status_)) {
  // nop
}

child_process& child_process::operator=(child_process&& other) noexcept {
  if (this != &other) {
    abandon();
    pid_ = std::exchange(other.pid_, -1);
    exit_ = std::move(other.exit_);
    status_ = std::move(other.status_);
  }
  return *this;
}

child_process::~child_process() { abandon(); }

result<child_process> child_process::start(const child_options& options) {
  auto pipe = make_pipe();
  if (!pipe) {
    return tl::make_unexpected(pipe.error());
  }
  prepared_child prepared{options};
  const auto parent = ::getpid();
  pid_t pid = -1;
  {
    signals_blocked guard;
    pid = ::fork();
    if (pid == 0) {
      prepared.execute(parent, pipe->write.number());
    }
  }
  if (pid < 0) {
    return not_started(options, errno);
  }
  pipe->write.reset();
  const auto report = read_report(pipe->read.number());
  if (report.error_number != 0) {
    reap(pid);
    return not_started(options, report.error_number);
  }
  auto exit = open_process(pid);
  if (!exit) {
    const auto reason = errno;
    ::kill(pid, SIGKILL);
    reap(pid);
    return not_started(options, reason);
  }
  return child_process{pid, std::move(exit)};
}

// -- waiting and ending -------------------------------------------------------------------------

std::optional<exit_status> child_process::wait_until(monotonic_time deadline) {
  while (!status_) {
    const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const auto wait = std::clamp<std::int64_t>(left.count(), 0, INT_MAX);
    pollfd entry{exit_.number(), POLLIN, 0};
    const auto ready = ::poll(&entry, 1, static_cast<int>(wait));
    if (ready == 0) {
      return std::nullopt;
    }
    int raw = 0;
    if (ready < 0 || ::waitpid(pid_, &raw, 0) != pid_) {
      if (errno == EINTR) {
        continue;
      }
      return std::nullopt;
    }
    status_ = WIFSIGNALED(raw) ? exit_status{std::nullopt, WTERMSIG(raw)}
                               : exit_status{WEXITSTATUS(raw), std::nullopt};
  }
  return status_;
}

void child_process::signal(int number) const noexcept {
  if (pid_ > 0 && !status_) {
    ::kill(pid_, number);
  }
}

exit_status child_process::end(int number, std::chrono::milliseconds grace) {
  signal(number);
  signal(SIGCONT);
  if (const auto ended = wait_until(std::chrono::steady_clock::now() + grace)) {
    return *ended;
  }
  signal(SIGKILL);
  return wait_until(monotonic_time::max()).value_or(exit_status{std::nullopt, SIGKILL});
}

void child_process::abandon() noexcept {
  if (pid_ > 0 && !status_) {
    signal(SIGKILL);
    reap(pid_);
  }
  pid_ = -1;
}

// -- detached -----------------------------------------------------------------------------------

result<pid_t> start_detached(const child_options& options) {
  auto pipe = make_pipe();
  if (!pipe) {
    return tl::make_unexpected(pipe.error());
  }
  prepared_child prepared{options};
  pid_t pid = -1;
  {
    signals_blocked guard;
    pid = ::fork();
    if (pid == 0) {
      ::setsid();
      const auto middle = ::getpid();
      const auto program = ::fork();
      if (program == 0) {
        prepared.execute(middle, pipe->write.number());
      }
      const child_report report{program, program < 0 ? errno : 0};
      [[maybe_unused]] const auto written = ::write(pipe->write.number(), &report, sizeof report);
      ::_exit(0);
    }
  }
  if (pid < 0) {
    return not_started(options, errno);
  }
  pipe->write.reset();
  const auto report = read_report(pipe->read.number());
  reap(pid);
  if (report.error_number != 0 || report.pid <= 0) {
    return not_started(options, report.error_number);
  }
  return report.pid;
}

} // namespace nats_mcp::transport
