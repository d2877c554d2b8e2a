// SPDX-License-Identifier: MIT
// Loaded before everything else (LD_PRELOAD) by deploy/valgrind.sh, for two things valgrind makes
// necessary. A watchdog would end a program that needs fifty times its time there, and what it had
// not given back yet would look like a leak: so whoever wants to end the process without tidying up
// ends only its own thread; a program that really hangs is ended by the script. And valgrind 3.19
// does not know handles of processes: an eventfd and a thread that waits for the process stand for
// them.
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

struct handles {
  std::mutex mutex;
  std::map<int, pid_t> pids;
  std::vector<std::jthread> waits;
};
handles& known() {
  static handles all;
  return all;
}

/// A child of ours, or one whose end was seen by whoever waited for it, or a stranger.
bool has_ended(pid_t pid) {
  siginfo_t found{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &found, WEXITED | WNOWAIT | WNOHANG) == 0) {
    return found.si_pid == pid;
  }
  return ::kill(pid, 0) != 0;
}

void tell_when_it_has_ended(const std::stop_token& stop, pid_t pid, int told) {
  while (!stop.stop_requested() && !has_ended(pid)) {
    ::poll(nullptr, 0, 5);
  }
  const std::uint64_t one = 1;
  (void)!::write(told, &one, sizeof one);
  ::close(told);
}

} // namespace

extern "C" {

void _exit(int /*status*/) { ::pthread_exit(nullptr); }

int pidfd_open(pid_t pid, unsigned int /*flags*/) {
  if (::kill(pid, 0) != 0) {
    return -1;
  }
  const int handle = ::eventfd(0, EFD_CLOEXEC);
  const std::lock_guard lock{known().mutex};
  known().pids[handle] = pid;
  known().waits.emplace_back(tell_when_it_has_ended, pid, ::fcntl(handle, F_DUPFD_CLOEXEC, 0));
  return handle;
}

int pidfd_send_signal(int handle, int number, siginfo_t* /*info*/, unsigned int /*flags*/) {
  const std::lock_guard lock{known().mutex};
  const auto found = known().pids.find(handle);
  if (found == known().pids.end()) {
    errno = EBADF;
    return -1;
  }
  return ::kill(found->second, number);
}
}
